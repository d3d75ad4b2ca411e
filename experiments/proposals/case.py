"""The case of a proposal: the file, its checks and all tables that follow from its runs, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import pandas as pd

from experiments.proposals import tables
from experiments.proposals.attacks import TOUCHED, attacks_to_measure
from experiments.proposals.chain import calls_of, fields_of
from experiments.proposals.evidence import ATTACKS, OUTCOMES, csv_text
from experiments.proposals.limits import limits
from experiments.proposals.onchain import read_targets
from experiments.proposals.proposal_file import Proposal
from experiments.proposals.rails import Check, checks, least_delay, support_needed
from experiments.storage.results_io import json_text, records
from model.parameters import REGISTRY

SCHEMA_VERSION = 2
TEXT, START, TARGETS, CALLS = "proposal.yaml", "start.json", "targets.yaml", "calls.json"


@dataclass(frozen=True)
class Case:
    """A proposal with its evidence. `code` is the code version, `created` the ISO date of the evidence, if given.

    `targets` is the text of the map of contracts for the calls on chain, if there is one.
    """

    proposal: Proposal
    outcomes: pd.DataFrame
    attacks: pd.DataFrame
    code: str
    created: str | None
    targets: str | None = None

    @cached_property
    def checks(self) -> list[Check]:
        """Every rail, and whether the proposal keeps to it."""
        return checks(self.proposal, self.created)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Means, and differences to today, by scenario, KPI and setting."""
        return tables.effect_table(self.proposal, self.outcomes)

    @cached_property
    def chances(self) -> pd.DataFrame:
        """How often thresholds are breached."""
        return tables.breach_table(self.proposal, self.outcomes)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Who gains and who loses."""
        return tables.group_table(self.proposal, self.outcomes)

    @cached_property
    def flips(self) -> pd.DataFrame:
        """Where the sign of the effect turns."""
        return tables.turning_point_table(
            self.proposal, self.outcomes, tables.draws_of(self.proposal, self.proposal.runs)
        )

    @property
    def changes(self) -> Iterator[tuple[str, str, str, str]]:
        """Each changed parameter with its value before and after, exact and as text, and its unit."""
        today = self.proposal.today
        for name, value in self.proposal.changes.items():
            yield name, repr(today[name]), repr(value), REGISTRY[name].unit

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each KPI of the proposal is called, by its name."""
        return {kpi.name: kpi.label or kpi.name for kpi in self.proposal.kpis}

    @property
    def delay_days(self) -> int:
        """Days between submission and effect."""
        return least_delay(self.proposal) if self.proposal.delay_days is None else self.proposal.delay_days

    @property
    def unmeasured(self) -> list[str]:
        """The attacks that the changes can touch and that were not measured."""
        return [name for name in attacks_to_measure(self.proposal, TOUCHED) if name not in set(self.attacks["attack"])]

    @cached_property
    def evidence(self) -> dict[str, str]:
        """The files that everything else follows from, by name."""
        given = {TEXT: self.proposal.text, START: self.proposal.snapshot, TARGETS: self.targets}
        tables = {OUTCOMES: csv_text(self.outcomes), ATTACKS: csv_text(self.attacks)}
        return {name: text for name, text in given.items() if text is not None} | tables

    @cached_property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each of these files, comments too."""
        return {name: sha256(text.encode("utf-8")).hexdigest() for name, text in self.evidence.items()}

    @cached_property
    def content_json(self) -> str:
        """The document as the pack has it."""
        return json_text(self.content())

    @cached_property
    def calls(self) -> dict[str, Any] | None:
        """What goes on chain, if there is a map of contracts: calls of a Governor, its number, a Snapshot ballot."""
        if self.targets is None:
            return None
        evidence = sha256(self.content_json.encode("utf-8")).hexdigest()
        return calls_of(self.proposal, read_targets(self.targets, TARGETS), evidence, self.code)

    def content(self) -> dict[str, Any]:
        """The case as plain data; the names of the proposal's fields are the spec's, without those the chain fills."""
        proposal = self.proposal
        return {
            "schema_version": SCHEMA_VERSION,
            "proposal": fields_of(proposal),
            "type": proposal.type,
            "support_needed": support_needed(proposal),
            "delay_days": self.delay_days,
            "changes": [dict(zip(("name", "before", "after", "unit"), row, strict=True)) for row in self.changes],
            "alternatives": [{name: repr(value) for name, value in point.items()} for point in proposal.alternatives],
            "checks": [asdict(check) for check in self.checks],
            "effects": records(self.effects),
            "chances": records(self.chances),
            "groups": records(self.groups),
            "flips": records(self.flips),
            "attacks": records(self.attacks),
            "attacks_not_measured": self.unmeasured,
            "limits": limits(proposal.changes),
            "review": proposal.review,
            "valid_days": proposal.valid_days,
            "references": list(proposal.references),
            "scenario": proposal.scenario,
            "start_day": None if proposal.base.start is None else proposal.base.start.day,
            "days": proposal.base.days,
            "runs": proposal.runs,
            "seed": proposal.seed,
            "code_version": self.code,
            "created": self.created,
            "sha256": self.digests,
        }
