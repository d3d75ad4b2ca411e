"""Shocks of a scenario: each of a known kind, of a size within that kind's bounds, on a day within the horizon."""

from __future__ import annotations

from typing import Any

from experiments import values
from experiments.errors import Problems, UnfitError, show
from experiments.items import read_item
from model.economy import Economy
from model.shocks import KINDS, Shock

REQUIRED = ("day", "kind", "size")
MOST_DAYS = 36_500


def read_shocks(found: Any, economy: Economy, where: str, problems: Problems) -> tuple[Shock, ...]:
    """The shocks of a scenario whose horizon is that of `economy`; notes what is wrong."""
    try:
        items = values.listed(found if found is not None else [], "shocks, each with " + ", ".join(REQUIRED))
    except UnfitError as error:
        problems.add(where, "shocks", error)
        return ()
    read = [_read(item, f"shocks[{index}]", economy, where, problems) for index, item in enumerate(items)]
    return tuple(shock for shock in read if shock is not None)


def _read(item: Any, key: str, economy: Economy, where: str, problems: Problems) -> Shock | None:
    lasts = isinstance(item, dict) and _kind_lasts(item.get("kind"))
    required, optional = ((*REQUIRED, "days"), ()) if lasts else (REQUIRED, ("days",))
    read = read_item(item, key, "shock", required, optional, lambda name: _field(name, item, economy), where, problems)
    return None if read is None else Shock(**read)


def _kind_lasts(kind: Any) -> bool:
    return isinstance(kind, str) and kind in KINDS and KINDS[kind].lasts


def _field(name: str, item: dict[str, Any], economy: Economy) -> Any:
    found, kind = item[name], item.get("kind")
    if name == "day":
        return values.whole(found, 0, economy.days - 1, "day, counted from 0")
    if name == "kind":
        return values.choice(found, tuple(KINDS))
    if not isinstance(kind, str) or kind not in KINDS:
        return found
    if name == "size":
        return values.number(found, KINDS[kind].low, KINDS[kind].high, KINDS[kind].unit)
    if not KINDS[kind].lasts:
        raise UnfitError(show(found), f"no days for a {kind}, which happens on one")
    return values.whole(found, 1, MOST_DAYS, "days")
