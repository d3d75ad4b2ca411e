"""The case of a proposal: the file, its checks and all tables that follow from its runs, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from experiments.analysis.written import records
from experiments.proposals import tables
from experiments.proposals.ask import Asked
from experiments.proposals.attacks import TOUCHED, chosen
from experiments.proposals.limits import limits
from experiments.proposals.rails import Check, checks, least_delay, support_needed
from model.parameters import REGISTRY
from model.parameters.governance import PROPOSAL_TYPES

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Case:
    """A proposal with its evidence. `code` is the code version, `created` the ISO date of the evidence, if given."""

    asked: Asked
    outcomes: pd.DataFrame
    attacks: pd.DataFrame
    code: str
    created: str | None

    @cached_property
    def checks(self) -> list[Check]:
        """Every rail, and whether the proposal keeps to it."""
        return checks(self.asked, self.created)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Means, and differences to today, by scenario, KPI and setting."""
        return tables.effects(self.asked, self.outcomes)

    @cached_property
    def chances(self) -> pd.DataFrame:
        """How often thresholds are breached."""
        return tables.chances(self.asked, self.outcomes)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Who gains and who loses."""
        return tables.groups(self.asked, self.outcomes)

    @cached_property
    def flips(self) -> pd.DataFrame:
        """Where the sign of the effect turns."""
        return tables.flips(self.asked, self.outcomes, tables.draws_of(self.asked, self.asked.runs))

    @property
    def changes(self) -> Iterator[tuple[str, str, str, str]]:
        """Each changed parameter with its value before and after, exact and as text, and its unit."""
        today = self.asked.today
        for name, value in self.asked.changes.items():
            yield name, repr(today[name]), repr(value), REGISTRY[name].unit

    @property
    def delay_days(self) -> int:
        """Days between submission and effect."""
        return least_delay(self.asked) if self.asked.delay_days is None else self.asked.delay_days

    @property
    def unmeasured(self) -> list[str]:
        """The attacks that the changes can touch and that were not measured."""
        return [name for name in chosen(self.asked, TOUCHED) if name not in set(self.attacks["attack"])]

    def document(self) -> dict[str, Any]:
        """The case as plain data; the names of the proposal's fields are the spec's, without those the chain fills."""
        asked = self.asked
        return {
            "schema_version": SCHEMA_VERSION,
            "proposal": {
                "Proposer": asked.author,
                "Type": PROPOSAL_TYPES.index(asked.type),
                "Title": asked.title,
                "Description": asked.rationale,
                "Parameters": {name: after for name, _, after, _ in self.changes},
            },
            "type": asked.type,
            "support_needed": support_needed(asked),
            "delay_days": self.delay_days,
            "changes": [dict(zip(("name", "before", "after", "unit"), row, strict=True)) for row in self.changes],
            "alternatives": [{name: repr(value) for name, value in point.items()} for point in asked.alternatives],
            "checks": [asdict(check) for check in self.checks],
            "effects": records(self.effects),
            "chances": records(self.chances),
            "groups": records(self.groups),
            "flips": records(self.flips),
            "attacks": records(self.attacks),
            "attacks_not_measured": self.unmeasured,
            "limits": limits(asked.changes),
            "review": asked.review,
            "valid_days": asked.valid_days,
            "references": list(asked.references),
            "scenario": asked.scenario,
            "days": asked.base.days,
            "runs": asked.runs,
            "seed": asked.seed,
            "code_version": self.code,
            "created": self.created,
        }
