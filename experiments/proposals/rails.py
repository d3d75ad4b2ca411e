"""What a proposal must keep to before anybody votes on it: the rails of the model, each a check with its outcome.

The arithmetic is that of `policies/rails.py`, which a vote in the model meets; the delay and the support are those of
the governance parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from experiments.errors import RequestError, show
from experiments.inputs.ranges import own_values
from experiments.proposals.proposal_file import Proposal
from model.codes import PROPOSAL_TYPES
from model.parameters import GOVERNED, REGISTRY, flatten
from policies.rails import TIED, executed_in_turn, within_limit

EMERGENCY = "emergency"


@dataclass(frozen=True)
class Check:
    """One rail and whether the proposal keeps to it; `found` and `allowed` are in words."""

    rail: str
    about: str
    found: str
    allowed: str
    passed: bool

    def __str__(self) -> str:
        return f"{self.about}: {self.rail}: found {self.found}; allowed: {self.allowed}"


def checks(proposal: Proposal, created: str | None = None) -> list[Check]:
    """Every check of a proposal, those that it passes too."""
    return [
        *(check for name in proposal.changes for check in _of_parameter(proposal, name)),
        *_rules(proposal),
        _delay(proposal),
        *_review(proposal, created),
    ]


def refuse_broken(found: list[Check]) -> None:
    """Raise `RequestError` with a sentence for each rail that is broken."""
    broken = [str(check) for check in found if not check.passed]
    if broken:
        raise RequestError(*broken)


def support_needed(proposal: Proposal) -> float:
    """Share of the votes cast that the proposal needs."""
    governance = proposal.base.parameters.governance
    others = [name for name in proposal.changes if REGISTRY[name].governed != EMERGENCY]
    if proposal.type == EMERGENCY and others:
        return governance.emergency_parameter_threshold
    return governance.threshold[PROPOSAL_TYPES.index(proposal.type)]


def least_delay(proposal: Proposal) -> int:
    """Days from submission to effect that the proposal's type takes at least: discussion, vote and timelock."""
    governance = proposal.base.parameters.governance
    if proposal.type == EMERGENCY:
        return sum(governance.emergency_days)
    return governance.discussion_days + governance.voting_days + governance.timelock_days


def _of_parameter(proposal: Proposal, name: str) -> Iterator[Check]:
    entry, value = REGISTRY[name], proposal.changes[name]
    yield Check("governed", name, f"governed by {entry.governed} proposals", "a governed parameter", True)
    bottom, top = entry.low or 0.0, entry.high or 0.0
    yield Check("bounds", name, show(value), f"{bottom:g} to {top:g} {entry.unit}", bottom <= value <= top)
    types = tuple(dict.fromkeys((str(entry.governed), EMERGENCY)))
    yield Check("type", name, proposal.type, " or ".join(types), proposal.type in types)
    values, limit = _quarter(proposal), proposal.base.parameters.governance.change_limit
    first = float(values[GOVERNED.index(name)])
    ranges = np.asarray([REGISTRY[other].width for other in GOVERNED])
    params = {"script.ranges": ranges, "governance.change_limit": np.asarray(limit)}
    place, wanted = np.asarray([GOVERNED.index(name)]), np.asarray([value], dtype=float)
    kept = bool(within_limit(params, values, place, wanted)[0])
    scale = abs(first) if first else REGISTRY[name].width
    low, high = first - limit * scale, first + limit * scale
    of = "its value at the quarter's start" if first else "its range, as it was zero at the quarter's start"
    yield Check("change in a quarter", name, show(value), f"{low:.12g} to {high:.12g} ({limit:.0%} of {of})", kept)


def _rules(proposal: Proposal) -> Iterator[Check]:
    """The rules that tie parameters together, after each change in the file's order, as execution takes them."""
    tied = [name for name in proposal.changes if name in TIED]
    if not tied:
        return
    state = {name: np.asarray([value], dtype=float) for name, value in own_values(proposal.base, TIED).items()}
    places = np.asarray([[GOVERNED.index(name) for name in tied]])
    wanted = np.asarray([[proposal.changes[name] for name in tied]], dtype=float)
    done = executed_in_turn(state, places, wanted, np.ones_like(places, dtype=bool))[0]
    for name, kept in zip(tied, done, strict=True):
        allowed = "sums and orders of parameters hold after each change, in the order given"
        yield Check("rules between parameters", name, show(proposal.changes[name]), allowed, bool(kept))


def _delay(proposal: Proposal) -> Check:
    least = least_delay(proposal)
    found = least if proposal.delay_days is None else proposal.delay_days
    return Check("delay", "delay_days", f"{found} days", f"at least {least} days for {proposal.type}", found >= least)


def _review(proposal: Proposal, created: str | None) -> Iterator[Check]:
    if created is not None:
        yield Check("review date", "review", proposal.review, f"a date after {created}", proposal.review > created)


def _quarter(proposal: Proposal) -> npt.NDArray[np.float64]:
    """The governed parameters at the quarter's start, in the order of `GOVERNED`."""
    values = flatten(proposal.base.parameters) | dict(proposal.quarter_start)
    return np.asarray([values[name] for name in GOVERNED], dtype=float)
