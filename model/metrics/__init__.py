"""What is reported of a day: each metric a name, a label, a unit, what it is, and how it is read from the state.

`measure(reading, names)` gives one array `(*batch)` a metric. All are read from the state at the end of a day; amounts
are in QUIV. Each file is a chapter; its declarations label tables, figures, the site and the generated page.
"""

from __future__ import annotations

from collections.abc import Sequence

from model.arrays import Array
from model.metrics import attacks, governance, marketplace, quality, staking, supply, token_market, treasury
from model.metrics.metric import Chapter, Metric
from model.metrics.reading import Reading

__all__ = ["CHAPTERS", "METRICS", "SPEC_NAMES", "Chapter", "Metric", "Reading", "measure"]

_FILES = (supply, token_market, marketplace, staking, quality, governance, treasury, attacks)

CHAPTERS: dict[Chapter, list[Metric]] = {file.CHAPTER: file.METRICS for file in _FILES}
"""The metrics of each chapter, in the order of the site."""

METRICS: dict[str, Metric] = {metric.name: metric for metrics in CHAPTERS.values() for metric in metrics}
"""Every metric by name, in the order of tables."""

SPEC_NAMES: dict[str, tuple[str, ...]] = {
    field: tuple(metric.name for metric in METRICS.values() if field in metric.spec)
    for field in dict.fromkeys(field for metric in METRICS.values() for field in metric.spec)
}
"""The metrics that carry each field of the spec's ChainMetrics, NetworkMetrics and MarketMetrics, a day's receipts, and
the fields of structures of staking, quality and governance that are recorded."""


def measure(reading: Reading, names: Sequence[str]) -> list[Array]:
    """The named metrics of a day, each of shape `(*batch)`."""
    return [METRICS[name].read(reading) for name in names]
