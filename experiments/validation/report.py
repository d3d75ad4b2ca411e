"""The result of a check as plain data and as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.storage.version import code_version
from experiments.validation.conservation import Audit
from experiments.validation.market_rows import EXPLAINED, MarketResult
from experiments.validation.market_runs import Design
from experiments.validation.rows import BY_CONVENTION, MET, NOT_MET, Figure, RowResult
from experiments.validation.stylised_facts import DAYS, RUNS, SEED, FactReading
from experiments.words import exact, figure


@dataclass
class CheckReport:
    """What was looked at: rows of theory and of the token market, audits, stylised facts in default runs."""

    theory: list[RowResult] = field(default_factory=list)
    market: list[MarketResult] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)
    bands: list[FactReading] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        """Rows and scenarios that are not as they must be; bands, and rows with a reason, never are among them."""
        rows = [outcome.row.id for outcome in self.theory if outcome.status == NOT_MET]
        rows += [outcome.row.id for outcome in self.market if outcome.status == NOT_MET]
        return rows + [audit.scenario for audit in self.audits if not audit.kept]

    @property
    def verdict(self) -> str:
        """The result in a sentence."""
        statuses = [outcome.status for outcome in self.theory]
        parts = []
        if statuses:
            by = f", {statuses.count(BY_CONVENTION)} by a documented convention" if BY_CONVENTION in statuses else ""
            parts.append(f"theory: {statuses.count(MET)} of {len(statuses)} rows met{by}")
        if self.market:
            statuses = [outcome.status for outcome in self.market]
            known = f", {statuses.count(EXPLAINED)} missed with a reason" if EXPLAINED in statuses else ""
            parts.append(f"token market: {statuses.count(MET)} of {len(statuses)} rows met{known}")
        if self.audits:
            kept, substeps = sum(audit.kept for audit in self.audits), sum(audit.substeps for audit in self.audits)
            parts.append(f"conservation: kept in {kept} of {len(self.audits)} scenarios, {substeps:,} substeps audited")
        if self.bands:
            inside = sum(found.met for found in self.bands)
            parts.append(f"stylised facts: {inside} of {len(self.bands)} bands met")
        return "; ".join(parts)

    def plain(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "code_version": code_version(),
            "verdict": self.verdict,
            "broken": self.broken,
            "theory": [_row(outcome) for outcome in self.theory],
            "market": [_market(outcome) for outcome in self.market],
            "conservation": [vars(audit) | {"kept": audit.kept} for audit in self.audits],
            "facts": [_band(found) for found in self.bands],
        }

    def page(self) -> str:
        """The result as a page of Markdown."""
        parts = ["# The model against theory, conservation and stylised facts", f"{self.verdict}."]
        parts += ["Written by `quiver-sim check --out FOLDER`."]
        if self.theory:
            parts += ["## Theory", THEORY, _theory_table(self.theory)]
            parts += [f"**{o.row.id}, by convention.** {o.row.convention}" for o in self.theory if o.row.convention]
            parts += ["### Every figure", _figures_table(self.theory)]
        if self.market:
            parts += ["## Token market", MARKET.format(**vars(Design())), _market_table(self.market)]
            parts += [f"**{o.row.id}, {o.status}.** {o.row.why}" for o in self.market if o.status == EXPLAINED]
        if self.audits:
            parts += ["## Conservation under stress", _audits_table(self.audits)]
        if self.bands:
            parts += ["## Stylised facts", FACTS.format(runs=RUNS, days=DAYS, seed=SEED), _bands_table(self.bands)]
        return "\n\n".join(parts) + "\n"


THEORY = (
    "Each row is a small economy with an answer known on paper, run by the same blocks as any other. *Worst* is "
    "the figure farthest from its answer, in parts of what it may be off: a rounding, a day's step, or four standard "
    "errors."
)
MARKET = (
    "The default economy beside variants that differ by one thing, {pairs} pairs of runs on common random numbers, and "
    "{fan} default runs; governance is frozen, and no parameter was chosen by this seed. Prices are means of 30 days, "
    "ratios are of pairs and their means geometric."
)
FACTS = (
    "{runs} default runs of {days:,} days, seed {seed}, by which no parameter was chosen, against bands of comparable "
    "tokens: the median run with nine runs in ten, or one number of all runs with its 95 % interval. A band that is "
    "missed is a finding, not a failure."
)


def worst(outcome: RowResult) -> str:
    """The row's figure that is farthest beyond or nearest to its limit, in words."""
    if not outcome.figures:
        return outcome.failure
    found = max(outcome.figures, key=_strain)
    return f"{found.what}: {exact(found.measured)} for {exact(found.expected)} {found.unit}".strip()


def _strain(figure: Figure) -> tuple[bool, bool, float]:
    """How far a figure is from its answer, in tolerances; one that is not met comes before all that are."""
    off = abs(figure.measured - figure.expected) / figure.tolerance if figure.tolerance else 0.0
    return figure.status == NOT_MET, figure.status == BY_CONVENTION, off


def _row(outcome: RowResult) -> dict[str, Any]:
    row = outcome.row
    named = {"id": row.id, "title": row.title, "case": row.case, "source": row.source, "convention": row.convention}
    figures = [vars(figure) | {"status": figure.status} for figure in outcome.figures]
    return named | {"status": outcome.status, "failure": outcome.failure, "figures": figures}


def _market(outcome: MarketResult) -> dict[str, Any]:
    row = outcome.row
    shown = [vars(shown) | {"must": shown.must, "met": shown.met} for shown in outcome.shown]
    named = {"id": row.id, "title": row.title, "case": row.case, "why": row.why}
    return named | {"status": outcome.status, "failure": outcome.failure, "shown": shown}


def _band(found: FactReading) -> dict[str, Any]:
    fact = found.fact
    named = {"name": fact.name, "low": fact.low, "high": fact.high, "source": fact.source, "why": fact.why}
    shown = {"value": found.value, "from": found.low, "to": found.high, "inside": found.inside, "runs": found.runs}
    return named | shown | {"met": found.met}


def _market_table(outcomes: Sequence[MarketResult]) -> str:
    rows = [
        [
            o.row.id,
            o.row.title,
            o.row.case,
            shown.what,
            figure(shown.found, 3),
            shown.must,
            "yes" if shown.met else "no",
        ]
        for o in outcomes
        for shown in o.shown
    ]
    failed = [[o.row.id, o.row.title, o.row.case, o.failure, "-", "-", "no"] for o in outcomes if o.failure]
    return _table(["Row", "What", "Runs", "Measure", "Found", "Must be", "Met"], rows + failed)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |" for line in lines
    )


def _theory_table(outcomes: Sequence[RowResult]) -> str:
    rows = [
        [o.row.id, o.row.title, o.row.case, str(len(o.figures)), worst(o), o.status, o.row.source] for o in outcomes
    ]
    return _table(["Row", "What", "Limiting case", "Figures", "Worst", "Status", "Source"], rows)


def _figures_table(outcomes: Sequence[RowResult]) -> str:
    rows = [
        [o.row.id, f.what, exact(f.expected), exact(f.measured), exact(f.tolerance), f.unit, f.status]
        for o in outcomes
        for f in o.figures
    ]
    return _table(["Row", "Figure", "Expected", "Measured", "May be off by", "Unit", "Status"], rows)


def _audits_table(audits: Sequence[Audit]) -> str:
    rows = [
        [a.scenario, str(a.runs), str(a.days), f"{a.substeps:,}", _verdict(a), f"{a.minted_quiv:,.0f}"] for a in audits
    ]
    return _table(["Scenario", "Runs", "Days", "Substeps audited", "Result", "Most minted, QUIV"], rows)


def _verdict(audit: Audit) -> str:
    return "kept" if audit.kept else audit.breach or "not kept"


def _bands_table(bands: Sequence[FactReading]) -> str:
    rows = [[found.fact.name, *band_cells(found), _met(found)] for found in bands]
    return _table(["Fact", "Band", "Value", "From, to", "Runs inside", "Met"], rows)


def band_cells(found: FactReading) -> list[str]:
    """Band, value, range and runs inside, as text."""
    band = f"{exact(found.fact.low)} to {exact(found.fact.high)}"
    inside = "all together" if found.inside is None else f"{found.inside} of {found.runs}"
    return [band, figure(found.value, 2), f"{figure(found.low, 2)} to {figure(found.high, 2)}", inside]


def _met(found: FactReading) -> str:
    return "yes" if found.met else f"no: {found.fact.why or 'no reason is known'}"
