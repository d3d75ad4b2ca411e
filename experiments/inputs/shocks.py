"""Shocks of a scenario: each of a known kind, of a size within that kind's bounds, on a day within the horizon.

A shock says how large it is in one way: by its `size`, by its `severity`, or, where its kind's size is a part of a
whole, by a `share` in place of `size`. One that says nothing has the severity of the scenario, if that has one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from experiments.errors import UnfitError, show
from experiments.inputs import validate
from experiments.inputs.reader import Reader
from model.economy import Economy
from model.shocks import KINDS, SEVERITIES, Shock, ShockKind

REQUIRED = ("day", "kind", "size")
MOST_DAYS = 36_500


def read_shocks(at: Reader, economy: Economy, severity: str | None = None) -> tuple[Shock, ...]:
    """The shocks of a scenario whose horizon is that of `economy`; notes what is wrong."""
    items = at.items("shocks, each with " + ", ".join(REQUIRED)) if at.found is not None else []
    read = [_read(item, economy, severity) for item in items]
    return tuple(shock for shock in read if shock is not None)


def read_severity(found: Any) -> str:
    """A severity; `UnfitError` where it is none."""
    return validate.choice(found, SEVERITIES)


def _read(at: Reader, economy: Economy, severity: str | None) -> Shock | None:
    item = at.found
    kind = _kind_of(item)
    ways = _ways(kind)
    given = [way for way in ways if isinstance(item, dict) and any(name in item for name in way)]
    if len(given) > 1:
        allowed = "one of " + ", ".join(" with ".join(way) for way in ways)
        at.note(UnfitError(" and ".join(name for way in given for name in way if name in item), allowed))
        return None
    usual: tuple[str, ...] = () if severity else ways[0]
    required = ("day", "kind", *(given[0] if given else usual))
    lasts = kind is not None and kind.lasts
    required, optional = ((*required, "days"), ()) if lasts else (required, ("days",))
    read = at.item("shock", required, optional, partial(_field, item, economy))
    return None if read is None else _shock(read, severity)


def _shock(read: dict[str, Any], severity: str | None) -> Shock:
    """The shock with its size, and its share where it reaches some of several, whichever way they are said."""
    kind = KINDS[read["kind"]]
    graded = read.pop("severity", severity)
    if not {"size", "share"} & set(read):
        size, share = kind.grades.of(graded)
        return Shock(**read, size=size, share=share)
    if not kind.among and "share" in read:
        read["size"] = read.pop("share")
    return Shock(**read)


def _kind_of(item: Any) -> ShockKind | None:
    name = item.get("kind") if isinstance(item, dict) else None
    return KINDS.get(name) if isinstance(name, str) else None


def _ways(kind: ShockKind | None) -> tuple[tuple[str, ...], ...]:
    """The ways in which a shock says how large it is, each the keys that it takes."""
    if kind is not None and kind.among:
        return (("size", "share"), ("severity",))
    shared = (("share",),) if kind is None or kind.is_share else ()
    return (("size",), *shared, ("severity",))


def _field(item: dict[str, Any], economy: Economy, name: str) -> Any:
    found, kind = item[name], _kind_of(item)
    if name == "day":
        return validate.whole(found, 0, economy.days - 1, "day, counted from 0")
    if name == "kind":
        return validate.choice(found, tuple(KINDS))
    if name == "severity":
        return read_severity(found)
    if kind is None:
        return found
    if name == "share" and kind.among:
        return validate.real(found, 0.0, 1.0, f"share of {kind.among}")
    if name in ("size", "share"):
        return validate.real(found, kind.low, kind.high, kind.unit)
    if not kind.takes_days:
        raise UnfitError(show(found), f"no days for a {item['kind']}, which happens on one")
    return validate.whole(found, 1, MOST_DAYS, "days")
