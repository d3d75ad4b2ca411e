"""The scenarios that a proposal is tried in: the baseline, and shocks of rising severity.

Unless the file lists its own, three grades of the same bad weeks are added to the baseline: demand collapses, the price
jumps down and providers leave, a third of the way into the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from experiments.errors import UnfitError, show
from experiments.inputs import validate
from experiments.inputs.reader import Reader
from experiments.inputs.shocks import read_severity, read_shocks
from model.economy import Economy
from model.shocks import SEVERITIES, Shock

BASELINE = "baseline"
REQUIRED, OPTIONAL = ("name", "shocks"), ("severity",)
WEEKS = 28
"""Days for which demand collapses in the default shocks, or half of what is left of a shorter horizon."""


@dataclass(frozen=True)
class Stress:
    """A scenario by name: the shocks that come on top of the scenario's own."""

    name: str
    shocks: tuple[Shock, ...] = ()

    def on(self, economy: Economy) -> Economy:
        """The economy with the shocks."""
        return replace(economy, shocks=economy.shocks + self.shocks)


def read_stress(at: Reader, economy: Economy) -> tuple[Stress, ...]:
    """The baseline and what a file lists, or the default grades; notes what is wrong."""
    day = economy.days // 3
    if at.found is None:
        bad = [
            {"day": day, "kind": "demand_collapse", "days": max(1, min(WEEKS, (economy.days - day) // 2))},
            {"day": day, "kind": "price_jump"},
            {"day": day, "kind": "provider_exit"},
        ]
        at = replace(at, found=[{"name": severity, "severity": severity, "shocks": bad} for severity in SEVERITIES])
    items = at.items("scenarios, each with " + ", ".join(REQUIRED))
    read = [_read(item, economy) for item in items]
    scenarios = [Stress(BASELINE), *(stress for stress in read if stress is not None)]
    names = [stress.name for stress in scenarios]
    for name in sorted({name for name in names if names.count(name) > 1}):
        at.note(UnfitError(f"{show(name)} again", "a name for each scenario of its own"))
    return tuple(scenarios)


def _read(at: Reader, economy: Economy) -> Stress | None:
    def field(name: str) -> Any:
        if name == "severity":
            return read_severity(at.found[name])
        return validate.text(at.found[name]) if name == "name" else at.found[name]

    read = at.item("scenario", REQUIRED, OPTIONAL, field)
    if read is None:
        return None
    shocks = read_shocks(at.inside().sub("shocks", read["shocks"]), economy, read.get("severity"))
    return Stress(read["name"], shocks)
