"""Events of a trajectory, in words: read from the differences of its state from one day to the next.

Days are those of a record: what happens on the first day stands at day 1, as genesis is day 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.words import counted, figure
from model.arrays import to_quiv
from model.codes import CASE_CAUSES, CASE_OUTCOMES, SLASH_CAUSES, ProposalStatus
from model.economy import Economy
from model.launch import PHASES
from model.parameters import GOVERNED, REGISTRY

State = Mapping[str, Any]

WATCHED = (
    *("proposal_id", "proposal_status", "proposal_parameter", "proposal_value", "proposals_submitted"),
    *("slashed_by_cause_nquiv", "provider_banned", "cases_opened", "cases_closed"),
    *("oracle_trips", "claims_unpaid_nquiv", *GOVERNED),
)
"""The variables that are compared from day to day."""

ENDED = {
    ProposalStatus.EXECUTED: "executed",
    ProposalStatus.DEFEATED: "defeated",
    ProposalStatus.REJECTED: "rejected: it breaks a rule or a limit",
    ProposalStatus.CANCELLED: "cancelled by a veto",
}


@dataclass(frozen=True)
class Event:
    """An event of a day; `kind` is its group, to filter by."""

    day: int
    kind: str
    text: str


def planned(economy: Economy) -> list[Event]:
    """Events that the scenario sets: shocks, attacks and launch phases within the horizon."""
    found = [
        Event(shock.day + 1, "shock", f"{_words(shock.kind)}, size {figure(shock.size)}") for shock in economy.shocks
    ]
    for attack in economy.attacks:
        if attack.active:
            found.append(Event(attack.day + 1, "attack", f"{_words(attack.kind)} begins, size {figure(attack.size)}"))
            found.append(Event(attack.day + attack.days + 1, "attack", f"{_words(attack.kind)} ends"))
    for name, phase in PHASES.items():
        first = getattr(economy.parameters.launch, phase.since.partition(".")[2]) if phase.since else 0
        if first:
            found.append(Event(first + 1, "phase", f"{name} begins"))
    return [event for event in found if event.day <= economy.days]


def observed(state: State) -> dict[str, NDArray[Any]]:
    """Copies of the variables that `events_between` compares, from a state of one trajectory, without batch axis."""
    return {name: np.array(state[name])[0] for name in WATCHED if name in state}


def events_between(day: int, before: State, after: State) -> list[Event]:
    """Events of a day, from the observed variables at its start and at its end."""
    return [
        Event(day, kind, text)
        for kind, texts in (
            ("proposal", _proposals(before, after)),
            ("parameter", _parameters(before, after)),
            ("slash", _slashes(before, after)),
            ("ban", _grown(before, after, "provider_banned", "provider banned", "providers banned")),
            ("case", _cases(before, after)),
            ("circuit breaker", _grown(before, after, "oracle_trips", "trip", "trips")),
            ("insurance", _unpaid(before, after)),
        )
        for text in texts
    ]


def _proposals(before: State, after: State) -> list[str]:
    """Proposals that were submitted or came to an end, by number and what they ask for."""
    found = []
    for slot, number in enumerate(after["proposal_id"]):
        old, new = int(before["proposal_status"][slot]), int(after["proposal_status"][slot])
        fresh = number != before["proposal_id"][slot]
        if not number or not (fresh or old != new):
            continue
        what = f"proposal {int(number)}, {_asks(after, slot)}"
        found += [f"{what}: submitted"] * bool(fresh)
        found += [f"{what}: {text}" for status, text in ENDED.items() if status == new]
    return found


def _asks(state: State, slot: int) -> str:
    """The parameter and the value that a proposal asks for."""
    name = GOVERNED[int(state["proposal_parameter"][slot])]
    return f"{name} to {_valued(name, float(state['proposal_value'][slot]))}"


def _parameters(before: State, after: State) -> list[str]:
    """Live parameters that are not what they were."""
    return [
        f"{name} from {_valued(name, float(before[name]))} to {_valued(name, float(after[name]))}"
        for name in GOVERNED
        if name in after and np.ndim(after[name]) == 0 and before[name] != after[name]
    ]


def _slashes(before: State, after: State) -> list[str]:
    grown = to_quiv(after["slashed_by_cause_nquiv"] - before["slashed_by_cause_nquiv"])
    return [f"{figure(float(x))} QUIV, {cause}" for cause, x in zip(SLASH_CAUSES, grown, strict=True) if x > 0]


def _cases(before: State, after: State) -> list[str]:
    opened = _counts(before, after, "cases_opened", CASE_CAUSES, "opened by ")
    return opened + _counts(before, after, "cases_closed", CASE_OUTCOMES, "")


def _counts(before: State, after: State, name: str, words: Sequence[str], verb: str) -> list[str]:
    grown = after[name] - before[name]
    return [f"{counted(int(x), 'case')} {verb}{word}" for word, x in zip(words, grown, strict=True) if x > 0]


def _grown(before: State, after: State, name: str, one: str, many: str) -> list[str]:
    grown = int(np.sum(after[name]) - np.sum(before[name]))
    return [f"{grown} {one if grown == 1 else many}"] if grown > 0 else []


def _unpaid(before: State, after: State) -> list[str]:
    grown = float(to_quiv(after["claims_unpaid_nquiv"] - before["claims_unpaid_nquiv"]))
    return [f"{figure(grown)} QUIV of claims could not be paid"] if grown > 0 else []


def _valued(name: str, value: float) -> str:
    unit = REGISTRY[name].unit
    return f"{figure(value)} {unit}".strip()


def _words(name: str) -> str:
    return name.replace("_", " ")
