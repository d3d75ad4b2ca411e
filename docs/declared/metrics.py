"""Metrics: what is recorded of each day, and by which names the spec knows it."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import code, page, table
from model.metrics import METRICS, SPEC_NAMES

FILE = "metrics.md"


def text() -> str:
    """The page."""
    return page("Metrics", _parts())


def _parts() -> Iterable[str]:
    yield "What is recorded of each day, at its end, in every trajectory."
    rows = [[code(m.name), m.label, m.unit, m.doc] for m in METRICS.values()]
    yield table(["Metric", "Label", "Unit", "Meaning"], rows)
    yield "## By the spec's names"
    yield (
        "The spec's maps by provider and by consumer are told by their distribution. All consumers of a day share one "
        "experience, so they differ in what they tolerate and how much of them is left, not in their satisfaction."
    )
    named = [
        [
            code(field),
            ", ".join(code(name) for name in metrics),
            ", ".join(dict.fromkeys(METRICS[m].unit for m in metrics)),
        ]
        for field, metrics in sorted(SPEC_NAMES.items())
    ]
    yield table(["Field of the spec", "Metrics", "Units"], named)
