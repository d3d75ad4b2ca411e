"""Scripted proposals of a scenario: each checked against the rails that governance itself would apply.

The parameter must be one that governance may change, the value within its bounds, the type the one that governs it (or
`emergency`), the proposer one of the holders, the day within the scenario's own horizon.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from experiments.errors import RequestError, UnfitError, nearest, show
from experiments.inputs import validate
from experiments.inputs.reader import Reader
from model.economy import Economy, ScriptedProposal
from model.gone import instead
from model.parameters import GOVERNED, REGISTRY

REQUIRED = ("day", "parameter", "value", "type")
ATTACK = {"buys_quiv": "QUIV", "borrowed_quiv": "QUIV", "bribed_share": "share of providers"}
OPTIONAL = ("support", "proposer", "title", "hostile", "identities", *ATTACK)
EMERGENCY = "emergency"


def read_proposals(at: Reader, economy: Economy) -> tuple[ScriptedProposal, ...]:
    """The proposals of a scenario whose parameters and days are those of `economy`; notes what is wrong."""
    items = at.items("proposals, each with " + ", ".join(REQUIRED)) if at.found is not None else []
    read = [item.item("proposal", REQUIRED, OPTIONAL, partial(_field, item.found, economy)) for item in items]
    return tuple(ScriptedProposal(**proposal) for proposal in read if proposal is not None)


def _field(item: dict[str, Any], economy: Economy, name: str) -> Any:
    found = item[name]
    if name == "day":
        return validate.whole(found, 0, economy.days - 1, "day of submission, counted from 0")
    if name == "support":
        return validate.real(found, 0.0, 1.0, "chance that a voter is for it")
    if name == "hostile":
        return validate.switch(found)
    if name == "identities":
        return validate.whole(found, 1, 1_000_000, "identities")
    if name in ATTACK:
        return validate.real(found, 0.0, 1.0 if name == "bribed_share" else 1e9, ATTACK[name])
    if name == "proposer":
        return validate.whole(found, 0, economy.parameters.population.holders - 1, "holder, counted from 0")
    if name == "title":
        return validate.text(found)
    if name == "parameter":
        return _parameter(found)
    if name == "type":
        return _type(found, item.get("parameter"))
    return _value(found, item.get("parameter"))


def _parameter(found: Any) -> str:
    if found in GOVERNED and isinstance(found, str):
        return found
    if isinstance(found, str) and found in REGISTRY:
        raise UnfitError(f"{found}, which governance may not change", _governed(found))
    if sentence := instead(found):
        raise RequestError(f"{found}: {sentence}")
    raise UnfitError(show(found), _governed(found))


def _governed(found: Any) -> str:
    near = nearest(found, GOVERNED)
    return "a governed parameter (quiver-sim params)" + (f"; nearest: {', '.join(near)}" if near else "")


def _type(found: Any, parameter: Any) -> str:
    if not isinstance(parameter, str) or parameter not in GOVERNED:
        return validate.choice(found, ("technical", "economic", "treasury", EMERGENCY))
    due = str(REGISTRY[parameter].governed)
    try:
        return validate.choice(found, tuple(dict.fromkeys((due, EMERGENCY))))
    except UnfitError as error:
        raise UnfitError(show(found), f"{error.allowed} for {parameter}") from None


def _value(found: Any, parameter: Any) -> Any:
    if not isinstance(parameter, str) or parameter not in GOVERNED:
        return found
    return validate.parameter_value(REGISTRY[parameter], found)
