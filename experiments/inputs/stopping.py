"""When a sweep has enough runs: rules of an experiment, and the decision on the KPIs that there are.

A rule asks that the interval of a KPI's mean, or of the mean of its paired differences to today's point, be no wider
than `half_width` on either side, in every design point. Runs are added in batches until each rule holds or is at its
most. Intervals are Student's. Looking again after each batch makes them hold a little less often than their level
says, the less so the larger the batches are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.errors import UnfitError
from experiments.inputs import validate
from experiments.inputs.reader import Reader
from experiments.statistics import estimate

REQUIRED = ("kpi", "half_width", "max_runs")
OPTIONAL = ("difference", "level", "batch")


@dataclass(frozen=True)
class Rule:
    """The half-width asked for, in the KPI's unit; of the `difference` to today's point, or of the KPI's mean."""

    kpi: str
    half_width: float
    max_runs: int
    difference: bool = False
    level: float = 0.95
    batch: int = 50


@dataclass(frozen=True)
class Reached:
    """A rule with the widest half-width and the design point that has it, after some runs."""

    rule: Rule
    half_width: float
    design: int | None
    runs: int

    @property
    def met(self) -> bool:
        """Whether every interval is as narrow as asked."""
        return self.half_width <= self.rule.half_width

    @property
    def spent(self) -> bool:
        """Whether the rule asks for no more runs."""
        return self.met or self.runs >= self.rule.max_runs

    def __str__(self) -> str:
        what = f"{self.rule.kpi}{', difference to today' if self.rule.difference else ''}"
        where = "" if self.design is None else f" at design point {self.design}"
        found = f"± {self.half_width:.4g}{where} after {self.runs} runs, asked ± {self.rule.half_width:g}"
        return f"{what}: {found}" + ("" if self.met else ", not reached" if self.spent else ", more runs needed")


@dataclass(frozen=True)
class Decision:
    """Whether to stop after some runs, and how far each rule is."""

    runs: int
    rules: tuple[Reached, ...]

    @property
    def stop(self) -> bool:
        """No rule asks for more runs."""
        return all(reached.spent for reached in self.rules)

    @property
    def why(self) -> str:
        """The reason in words."""
        return "; ".join(str(reached) for reached in self.rules)

    def record(self) -> dict[str, Any]:
        """As the manifest has it."""
        rules = [
            vars(reached.rule) | {"reached": _finite(reached.half_width), "design": reached.design, "met": reached.met}
            for reached in self.rules
        ]
        return {"runs": self.runs, "why": self.why, "rules": rules}


def stopping_decision(kpis: pd.DataFrame, rules: Sequence[Rule], runs_done: int, today: int | None = None) -> Decision:
    """Whether the runs so far suffice: `kpis` has `design`, `run` and a column a KPI, `today` is the reference."""
    return Decision(runs_done, tuple(_reached(kpis, rule, runs_done, today) for rule in rules))


def run_batches(rules: Sequence[Rule], runs: int) -> list[range]:
    """The runs of a sweep in the batches after which it is decided; all at once without rules."""
    step = min((rule.batch for rule in rules), default=runs)
    return [range(start, min(start + step, runs)) for start in range(0, runs, step)]


def _reached(kpis: pd.DataFrame, rule: Rule, runs: int, today: int | None) -> Reached:
    table = kpis.pivot(index="run", columns="design", values=rule.kpi)
    if rule.difference:
        if today not in table:
            return Reached(rule, math.inf, today, runs)
        table = table.sub(table[today], axis="index").drop(columns=[today])
    widths = {int(design): half_width(table[design].to_numpy(dtype=float), rule.level) for design in table.columns}
    worst = max(widths, key=lambda design: widths[design], default=None)
    return Reached(rule, math.inf if worst is None else widths[worst], worst, runs)


def half_width(sample: NDArray[np.float64], level: float) -> float:
    """Half of the interval of a mean by Student's t; infinite below two finite values."""
    known = sample[np.isfinite(sample)]
    if len(known) < 2:
        return math.inf
    return estimate(known, level).half


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def read_stopping(at: Reader, kpis: Sequence[str], most: int) -> tuple[Rule, ...]:
    """The stopping rules of an experiment, one or a list; notes what is wrong with them."""
    if at.found is None:
        return ()
    what = "one rule or more, each with " + ", ".join(REQUIRED)
    places = at.items(what) if isinstance(at.found, list) else [at]
    if not places:
        at.note(UnfitError("[]", what))
    rules: list[Rule] = []
    for place in places:
        read = place.item("stopping rule", REQUIRED, OPTIONAL, partial(_field, place.found, kpis, most))
        rule = None if read is None else Rule(**read)
        if rule and any((rule.kpi, rule.difference) == (other.kpi, other.difference) for other in rules):
            place.note(UnfitError(f"{rule.kpi} again", "one rule for each KPI or difference"), "kpi")
        elif rule:
            rules.append(rule)
    return tuple(rules)


def _field(item: dict[str, Any], kpis: Sequence[str], most: int, name: str) -> Any:
    found = item[name]
    if name == "kpi":
        return validate.choice(found, kpis)
    if name == "difference":
        return validate.switch(found)
    if name in ("max_runs", "batch"):
        return validate.whole(found, 2, most, "runs")
    return validate.positive(found, 1.0 if name == "level" else None, "")
