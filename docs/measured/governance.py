"""Governance's effect: default runs with agents who propose and vote against runs whose parameters stand."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import page, table
from experiments.validation import governance_effect, stylised_facts
from experiments.words import figure
from model.metrics import METRICS

FILE = "governance.md"


def text() -> str:
    """The page."""
    return page("What those who govern make of the economy", _parts())


def _parts() -> Iterable[str]:
    yield (
        f"The default economy, {stylised_facts.RUNS} runs of {stylised_facts.DAYS:,} days, seed "
        f"{stylised_facts.SEED}, on the last day: with "
        "agents who propose and vote for what pays them, and with parameters that stand as they are. Both economies of "
        "a pair meet the same shocks, so a difference is what governance did. Intervals are Student's, at 95 %; the "
        "experiment `governance_frozen` runs more."
    )
    heads = ["Metric", "Unit", "Governed", "Frozen", "Mean difference", "95 % interval", "Relative", "Runs higher"]
    yield table(heads, [_paired(item) for item in governance_effect.default_differences()])


def _paired(item: governance_effect.Difference) -> list[str]:
    metric = METRICS[item.metric]
    low, high = (f"{figure(end, 3)}" for end in item.interval)
    relative = f"{100.0 * item.mean / item.frozen:+.1f} %"
    figures = [figure(item.governed, 3), figure(item.frozen, 3), figure(item.mean, 3), f"{low} to {high}", relative]
    return [metric.label, metric.unit, *figures, f"{item.higher} of {item.runs}"]
