"""Attacks of a scenario: each of a known kind, of a size within its bounds, by agents that there are."""

from __future__ import annotations

from typing import Any

from experiments.errors import Problems, UnfitError, show
from experiments.inputs import validate
from experiments.inputs.items import read_item
from model.attacks import KINDS, Attack
from model.economy import PAYMENT, Economy
from model.parameters import REGISTRY

REQUIRED = ("kind", "size")
OPTIONAL = ("day", "days", "first", "count", "outlay_usd", "stake_quiv", "value")
MOST_AGENTS = 100_000
MOST_USD = 1e12


def read_attacks(found: Any, economy: Economy, where: str, problems: Problems) -> tuple[Attack, ...]:
    """The attacks of a scenario whose horizon is that of `economy`; notes what is wrong."""
    try:
        items = validate.listed(found if found is not None else [], "attacks, each with " + ", ".join(REQUIRED))
    except UnfitError as error:
        problems.add(where, "attacks", error)
        return ()
    read = [_read(item, f"attacks[{index}]", economy, where, problems) for index, item in enumerate(items)]
    return tuple(attack for attack in read if attack is not None)


def _read(item: Any, key: str, economy: Economy, where: str, problems: Problems) -> Attack | None:
    read = read_item(item, key, "attack", REQUIRED, OPTIONAL, lambda name: _field(name, item, economy), where, problems)
    return None if read is None else Attack(**read)


def _field(name: str, item: dict[str, Any], economy: Economy) -> Any:
    found, kind = item[name], item.get("kind")
    if name == "kind":
        return validate.choice(found, tuple(KINDS))
    if name == "day":
        return validate.whole(found, 0, economy.days - 1, "day, counted from 0")
    if name == "days":
        return validate.whole(found, 1, economy.days, "days")
    if name == "first":
        return validate.whole(found, 0, MOST_AGENTS, "agent, counted from 0")
    if name == "count":
        return validate.whole(found, 1, MOST_AGENTS, "agents")
    if name == "outlay_usd":
        return validate.number(found, 0.0, MOST_USD, "USD")
    if name == "stake_quiv":
        return validate.number(found, 0.0, 1e8, "QUIV")
    if not isinstance(kind, str) or kind not in KINDS:
        return found
    if name == "value":
        return _value(found, kind)
    read = validate.whole if KINDS[kind].whole else validate.number
    return read(found, KINDS[kind].low, KINDS[kind].high, KINDS[kind].unit)


def _value(found: Any, kind: str) -> Any:
    """The payment that an attack on governance asks for, QUIV."""
    if not KINDS[kind].asks:
        asking = ", ".join(name for name, known in KINDS.items() if known.asks)
        raise UnfitError(show(found), f"none for {kind}, which asks for no payment; {asking} do")
    return validate.fit(REGISTRY[PAYMENT], found)
