"""Stylised facts: default runs against bands that were measured on real tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docs.markdown import page, table
from experiments.validation import stylised_facts
from experiments.validation.report import band_cells
from experiments.validation.stylised_facts import FactReading

FILE = "facts.md"


def text() -> str:
    """The page."""
    return page("Default runs and real tokens", _parts())


def _parts() -> Iterable[str]:
    yield (
        f"The default economy, {stylised_facts.RUNS} runs of {stylised_facts.DAYS:,} days, seed "
        f"{stylised_facts.SEED}, by which no parameter was chosen, against bands measured on "
        "public data. Nothing here is given as a series: prices come out of trades, holdings out of vesting, work and "
        "staking. A band that is not met is a finding, not an error."
    )
    found = stylised_facts.findings()
    yield "## Each run"
    yield "One number a run: a band counts as met if the median run is inside."
    yield _table(["Median run", "Nine runs in ten", "Runs inside"], [item for item in found if item.inside is not None])
    yield "## All runs together"
    yield (
        "One number of all runs: how uncertain the price is over months and years. Variance ratios have 1 for a random "
        "walk, less for a price that returns to a level and more for one that trends (Lo and MacKinlay 1988); over "
        "runs the variance is taken across runs, so that what all runs share is none. Intervals draw runs anew."
    )
    yield _table(["All runs", "95 % interval"], [item for item in found if item.inside is None])
    missed = [f"- **{item.fact.name}**: {item.fact.why}." for item in found if not item.met and item.fact.why]
    if missed:
        yield "## Why not"
        yield "\n".join(missed)


def _table(shown: list[str], found: Sequence[FactReading]) -> str:
    heads = ["Fact", "Band", *shown, "Met", "Measured on"]
    cells = [band_cells(item)[: 1 + len(shown)] for item in found]
    ends = [["yes" if item.met else "no", item.fact.source] for item in found]
    rows = [[item.fact.name, *middle, *end] for item, middle, end in zip(found, cells, ends, strict=True)]
    return table(heads, rows)
