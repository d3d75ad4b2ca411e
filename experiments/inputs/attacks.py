"""Attacks of a scenario: each of a known kind, of a size within its bounds, by agents that there are."""

from __future__ import annotations

from functools import partial
from typing import Any

from experiments.errors import UnfitError, show
from experiments.inputs import validate
from experiments.inputs.reader import Reader
from model.attacks import KINDS, Attack
from model.economy import PAYMENT, Economy
from model.parameters import REGISTRY

REQUIRED = ("kind", "size")
OPTIONAL = ("day", "days", "first", "count", "outlay_usd", "stake_quiv", "value")
MOST_AGENTS = 100_000
MOST_USD = 1e12


def read_attacks(at: Reader, economy: Economy) -> tuple[Attack, ...]:
    """The attacks of a scenario whose horizon is that of `economy`; notes what is wrong."""
    items = at.items("attacks, each with " + ", ".join(REQUIRED)) if at.found is not None else []
    read = [item.item("attack", REQUIRED, OPTIONAL, partial(_field, item.found, economy)) for item in items]
    return tuple(Attack(**attack) for attack in read if attack is not None)


def _field(item: dict[str, Any], economy: Economy, name: str) -> Any:
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
        return validate.real(found, 0.0, MOST_USD, "USD")
    if name == "stake_quiv":
        return validate.real(found, 0.0, 1e8, "QUIV")
    if not isinstance(kind, str) or kind not in KINDS:
        return found
    if name == "value":
        return _value(found, kind)
    read = validate.whole if KINDS[kind].whole else validate.real
    return read(found, KINDS[kind].low, KINDS[kind].high, KINDS[kind].unit)


def _value(found: Any, kind: str) -> Any:
    """The payment that an attack on governance asks for, QUIV."""
    if not KINDS[kind].asks:
        asking = ", ".join(name for name, known in KINDS.items() if known.asks)
        raise UnfitError(show(found), f"none for {kind}, which asks for no payment; {asking} do")
    return validate.parameter_value(REGISTRY[PAYMENT], found)
