"""Both spreads of each KPI in the baseline: outcomes today and as proposed, and their difference run by run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from dashboards.evidence.parts import Block, called, names, panel, sheet, span, under
from dashboards.figures.distribution import distribution
from dashboards.figures.template import BLACK, GREY, titled
from dashboards.labels import lower_first
from dashboards.panels import Panel, View
from dashboards.site.grids import Cell, Column
from dashboards.source import MissingMetricError
from dashboards.units import Scale, number, scale_for, with_unit
from experiments.analysis.intervals import change
from experiments.plan import Kpi
from experiments.proposals.case import Case
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import PROPOSED, TODAY
from experiments.words import figure

WHAT = (
    "How each KPI is spread over the runs of the baseline: as it comes, today and as proposed, and as the difference "
    "of each run to the same run today. The second is narrower where runs meet the same luck in both."
)
WORDS = {PROPOSED: "Proposed", TODAY: "Today"}
SHARES = (0.05, 0.5, 0.95)


def block(case: Case) -> Block:
    """The figures, two a KPI, and their table."""
    ids = names(case, "spread", list(called(case)))
    pairs = (_panels(case, kpi, ids[kpi.name]) for kpi in case.asked.kpis)
    columns = [
        Column("KPI", words=True),
        Column("Of", words=True),
        Column("Runs"),
        Column("Median"),
        Column("Nine runs in ten"),
        Column("Standard deviation"),
        Column("Unit", words=True),
    ]
    caption = "Unpaired is what the difference's deviation would be if runs did not meet the same luck."
    found = sheet("Spreads in the baseline", columns, _rows(case), caption)
    return Block(head="How outcomes and differences are spread", text=[WHAT], panels=[*chain(*pairs)], sheet=found)


def _values(case: Case, kpi: Kpi) -> dict[str, np.ndarray]:
    """Outcomes by setting and the difference, each (runs,)."""
    rows = case.outcomes[case.outcomes["scenario"] == BASELINE]
    wide = rows.pivot(index="run", columns="setting", values=kpi.name)
    found = {word: wide[name].to_numpy(dtype=float) for name, word in WORDS.items()}
    return found | {"Difference": change(found["Proposed"], found["Today"])}


def _panels(case: Case, kpi: Kpi, name: str) -> Iterator[Panel]:
    """Outcomes beside each other, and their differences."""
    label, values = called(case)[kpi.name], _values(case, kpi)
    apart = values.pop("Difference")
    scale = scale_for(kpi.unit, np.concatenate(list(values.values())))
    title = f"{label}: today and as proposed"
    yield panel(name, title, "", lambda: _drawn(case, values, scale.axis(label), scale, title), wide=False)
    narrow = scale_for(kpi.unit, apart)
    axis = narrow.axis_change(f"Change in {lower_first(label)}")
    head = f"{label}: difference run by run"
    shown = {"Proposed less today": apart}
    yield panel(f"{name}-paired", head, "", lambda: _drawn(case, shown, axis, narrow, head, 0.0), wide=False)


def _drawn(
    case: Case, values: dict[str, np.ndarray], axis: str, scale: Scale, title: str, mark: float | None = None
) -> View:
    """The share of runs at or below each value."""
    known = {name: found[np.isfinite(found)] for name, found in values.items()}
    runs = max(len(found) for found in known.values())
    if not runs:
        raise MissingMetricError("no run has a value")
    chart = distribution(known, axis, scale).update_traces(line_color=GREY, selector={"name": WORDS[TODAY]})
    if mark is not None:
        chart.add_vline(x=mark, line={"color": BLACK, "width": 1.2})
    said = " ".join(f"{name}: {_said(found, scale)}" for name, found in known.items() if len(found))
    return View(titled(chart, title, under(case, "Baseline", runs)), said)


def _said(values: np.ndarray, scale: Scale) -> str:
    low, median, high = (number(float(value) * scale.factor) for value in np.quantile(values, SHARES))
    return f"median {with_unit(median, scale.unit)}, nine runs in ten between {low} and {with_unit(high, scale.unit)}."


def _rows(case: Case) -> Iterator[tuple[str | Cell, ...]]:
    labels = called(case)
    table = case.effects.set_index(["scenario", "kpi", "setting"])
    for kpi in case.asked.kpis:
        for name, values in _values(case, kpi).items():
            known = values[np.isfinite(values)]
            low, median, high = np.quantile(known, SHARES) if len(known) else [np.nan] * 3
            deviation = figure(float(np.std(known, ddof=1)) if len(known) > 1 else np.nan)
            if name == "Difference":
                deviation += f" (unpaired {figure(table.loc[(BASELINE, kpi.name, PROPOSED), 'marginal_sd'])})"
            yield labels[kpi.name], name, f"{len(known):,}", figure(median), span(low, high), deviation, kpi.unit
