"""What a pack's author gave and no check can know: the check accepts it as it is, and lists it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from experiments.errors import show
from experiments.inputs.scenario import load_scenario
from experiments.proposals.case import Case
from experiments.proposals.onchain import read_targets
from experiments.proposals.proposal_file import Proposal
from experiments.words import figure, percent
from model.parameters import flatten

MOST_LISTED = 20
"""Items of a line."""


def given(case: Case) -> list[tuple[str, str]]:
    """What was given, and what as."""
    return [(name, said) for name, said in _given(case) if said]


def _given(case: Case) -> Iterator[tuple[str, str]]:
    proposal = case.proposal
    yield "author", show(proposal.author)
    yield "date of the evidence", case.created or "none"
    yield "scenario", f"{proposal.scenario}, {proposal.base.days} days, seed {proposal.seed}"
    yield "values today", _values(_today(proposal)) or "the scenario's"
    yield "snapshot", _snapshot(proposal)
    yield "quarter_start", _values(proposal.quarter_start) or "today's values"
    yield "delay_days", str(case.delay_days)
    yield "valid_days", str(proposal.valid_days)
    yield "review", proposal.review
    yield "drawn for each run", _listed(proposal.environment.keys) or "nothing but chance"
    yield "scenarios", _listed(stress.name for stress in proposal.stress)
    yield "thresholds", _listed(_threshold(kpi.name, kpi.threshold, kpi.chance) for kpi in proposal.kpis)
    yield "contracts", _contracts(case)


def _today(proposal: Proposal) -> dict[str, object]:
    """Parameters that are not the scenario's."""
    shipped = flatten(load_scenario(proposal.scenario).parameters)
    return {name: value for name, value in flatten(proposal.base.parameters).items() if value != shipped[name]}


def _snapshot(proposal: Proposal) -> str:
    if proposal.snapshot is None or proposal.base.start is None:
        return ""
    digest = sha256(proposal.snapshot.encode("utf-8")).hexdigest()
    return f"day {proposal.base.start.day} of the network, SHA-256 {digest}"


def _threshold(name: str, threshold: float | None, chance: float | None) -> str:
    return (
        f"{name} {figure(threshold)} in {percent(chance)} of runs"
        if threshold is not None and chance is not None
        else name
    )


def _contracts(case: Case) -> str:
    if case.targets is None:
        return ""
    targets = read_targets(case.targets, "targets").targets
    used = {name: targets[name] for name in case.proposal.changes if name in targets}
    return _listed(f"{name}: {target.signature} at {target.address}" for name, target in used.items())


def _values(values: Mapping[str, object]) -> str:
    return _listed(f"{name} {show(value)}" for name, value in values.items())


def _listed(items: Iterable[str]) -> str:
    found = list(items)
    more = len(found) - MOST_LISTED
    return ", ".join(found[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
