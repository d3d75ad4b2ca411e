"""Stylised facts: default runs against bands that were measured on real tokens."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import page, table
from experiments.validation import stylised_facts
from experiments.words import exact

FILE = "facts.md"


def text() -> str:
    """The page."""
    return page("Default runs and real tokens", _parts())


def _parts() -> Iterable[str]:
    yield (
        f"The default economy, {stylised_facts.RUNS} runs of {stylised_facts.DAYS:,} days, seed "
        f"{stylised_facts.SEED}, against bands measured on "
        "public data. Nothing here is given as a series: prices come out of trades, holdings out of vesting, work and "
        "staking. A band counts as met if the median run is inside; one that is not is a finding, not an error."
    )
    heads = ["Fact", "Band", "Median run", "Nine runs in ten", "Runs inside", "Met", "Measured on"]
    found = stylised_facts.findings()
    yield table(heads, [_finding(item) for item in found])
    missed = [f"- **{item.fact.name}**: {item.fact.why}." for item in found if not item.met and item.fact.why]
    if missed:
        yield "Why not:"
        yield "\n".join(missed)


def _finding(item: stylised_facts.FactReading) -> list[str]:
    band = f"{exact(item.fact.low)} to {exact(item.fact.high)}"
    spread = f"{item.low:.2g} to {item.high:.2g}"
    met = "yes" if item.met else "no"
    return [item.fact.name, band, f"{item.median:.2g}", spread, f"{item.inside} of {item.runs}", met, item.fact.source]
