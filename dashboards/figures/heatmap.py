"""Heat map: the mean of a KPI over two swept parameters, with the interval of each mean and today's point outlined.

Cells have colours only if paired runs tell some of them apart, and then their labels have the digits to show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from dashboards.contrasts import Comparison, Verdict, compare
from dashboards.figures.template import BLACK, NEUTRAL, VERMILION, styled
from dashboards.labels import axis_label, axis_value, escaped
from experiments.statistics import Estimate, estimate
from experiments.words import Scale, counted, mean_interval, scale_for

MOST_VALUES = 12
UNCOLOURED = {
    Verdict.NOISE: "Not coloured: differences between cells are within Monte Carlo noise.",
    Verdict.SAME: "Not coloured: every cell has the same value.",
}


class GridError(ValueError):
    """The settings do not fill a grid over two parameters; the message says so in a sentence."""


def heatmap(
    kpis: pd.DataFrame,
    design: pd.DataFrame,
    axes: Sequence[Mapping[str, Any]],
    kpi: Mapping[str, Any],
    today: int | None,
    title: str = "",
    subtitle: str = "",
) -> go.Figure:
    """Mean of ``kpi`` over ``axes`` (two of them: across, up), one cell per pair of values, brighter where better.

    Other swept parameters are averaged over, run by run. ``today`` is the design point to outline, or None.
    """
    across, up = axes
    columns, rows = _values(design, across), _values(design, up)
    cells = heat_cells(kpis, design, across, up, str(kpi["name"]))
    seen = heat_verdicts(kpis, design, axes, kpi, today)
    scale = scale_for(str(kpi.get("unit") or ""), [cell.mean for line in cells for cell in line])
    label = str(kpi.get("label") or kpi["name"])
    texts = [[_text(cell, scale, seen.spread) for cell in line] for line in cells]
    figure = go.Figure(_trace(cells, texts, columns, rows, across, up, kpi, label, scale))
    figure.update_xaxes(_ticks(across, columns))
    figure.update_yaxes(_ticks(up, rows))
    if seen.verdict in UNCOLOURED:
        figure.update_traces(colorscale=[[0, NEUTRAL], [1, NEUTRAL]], showscale=False)
    _write(figure, cells, texts, seen.verdict not in UNCOLOURED, kpi.get("direction") == "down")
    _outline(figure, design, across, up, columns, rows, today)
    return styled(figure, title or label, subtitle, legend_rows=0, height=170 + 74 * max(3, len(rows)))


def heat_verdicts(
    kpis: pd.DataFrame,
    design: pd.DataFrame,
    axes: Sequence[Mapping[str, Any]],
    kpi: Mapping[str, Any],
    today: int | None,
) -> Comparison:
    """The cells compared as settings are, with today's cell (or the first) as the reference."""
    cell = _cell_of(design, *axes)
    reference = cell[today] if today is not None else next(iter(cell.values()))
    sense = -1 if kpi.get("direction") == "down" else 1
    return compare(_by_cell(kpis, cell, str(kpi["name"])), str(kpi["name"]), reference, sense)


def heat_caption(verdict: Verdict) -> str:
    """Why cells have no colours, or what the colours of single runs are worth; nothing when cells are told apart."""
    single = "One run a cell: colours may show noise."
    return UNCOLOURED.get(verdict, single if verdict is Verdict.SINGLE else "")


def heat_cells(
    kpis: pd.DataFrame, design: pd.DataFrame, across: Mapping[str, Any], up: Mapping[str, Any], kpi: str
) -> list[list[Estimate]]:
    """Estimates by (value of ``up``, value of ``across``); a run's value is its mean over the settings in the cell."""
    columns, rows = _values(design, across), _values(design, up)
    if min(len(columns), len(rows)) < 2 or max(len(columns), len(rows)) > MOST_VALUES:
        raise GridError(f"the settings do not form a grid over {axis_label(across)} and {axis_label(up)}")
    runs = _by_cell(kpis, _cell_of(design, across, up), kpi).groupby("design")[kpi]
    found = {int(str(cell)): estimate(values.to_numpy()) for cell, values in runs}
    none = estimate([])
    cells = [[found.get(y * len(columns) + x, none) for x in range(len(columns))] for y in range(len(rows))]
    if sum(cell.n > 0 for line in cells for cell in line) * 2 < len(columns) * len(rows):
        raise GridError(f"fewer than half of the pairs of {axis_label(across)} and {axis_label(up)} were simulated")
    return cells


def _cell_of(design: pd.DataFrame, across: Mapping[str, Any], up: Mapping[str, Any]) -> dict[int, int]:
    """The cell of each design point, numbered line by line."""
    columns, rows = _values(design, across), _values(design, up)
    numbers = design[up["key"]].map(rows.index) * len(columns) + design[across["key"]].map(columns.index)
    return {int(point): int(number) for point, number in zip(design["design"], numbers, strict=True)}


def _by_cell(kpis: pd.DataFrame, cell: Mapping[int, int], kpi: str) -> pd.DataFrame:
    """One row per cell (as its ``design``) and run: the run's mean over the settings in the cell."""
    inside = kpis[["run", kpi]].assign(design=kpis["design"].map(dict(cell)))
    return inside.groupby(["design", "run"])[kpi].mean().reset_index()


def _values(design: pd.DataFrame, axis: Mapping[str, Any]) -> list[Any]:
    """The distinct values of an axis in rising order (text in order of appearance)."""
    values = list(design[axis["key"]].drop_duplicates())
    return sorted(values) if all(isinstance(v, (int, float, np.number)) for v in values) else values


def _trace(
    cells: list[list[Estimate]],
    texts: list[list[str]],
    columns: list[Any],
    rows: list[Any],
    across: Mapping[str, Any],
    up: Mapping[str, Any],
    kpi: Mapping[str, Any],
    label: str,
    scale: Scale,
) -> go.Heatmap:
    """The coloured cells with their text."""
    f = scale.factor
    where = [[f"{_name(across, wide)}<br>{_name(up, high)}" for wide in columns] for high in rows]
    runs = [[counted(c.n, "run") for c in line] for line in cells]
    return go.Heatmap(
        z=[[c.mean * f if c.n else None for c in line] for line in cells],
        x=list(range(len(columns))),
        y=list(range(len(rows))),
        text=texts,
        customdata=np.dstack([np.array(where, dtype=object), np.array(runs, dtype=object)]).tolist(),
        hovertemplate="%{customdata[0]}<br>%{text}<br>%{customdata[1]}<extra></extra>",
        colorscale="Viridis",
        reversescale=kpi.get("direction") == "down",
        xgap=3,
        ygap=3,
        colorbar={
            "title": {"text": escaped(scale.unit or label), "side": "right", "font": {"size": 12}},
            "thickness": 12,
            "outlinewidth": 0,
        },
    )


def _name(axis: Mapping[str, Any], value: object) -> str:
    """A parameter with its value, safe for plotly."""
    return escaped(f"{axis_label(axis)} {axis_value(axis, value)}")


def _text(cell: Estimate, scale: Scale, spread: float) -> str:
    """A cell's mean over its interval, with the digits that the ``spread`` of all cells asks for."""
    shown = mean_interval(*(size * scale.factor for size in (cell.mean, cell.half, spread)))
    return shown.replace(" ± ", "<br>± ")


def _write(
    figure: go.Figure, cells: list[list[Estimate]], texts: list[list[str]], coloured: bool, reverse: bool
) -> None:
    """Write each cell's text in black or white, whichever stands out more from the cell's colour."""
    means = [cell.mean for line in cells for cell in line if cell.n]
    low, span = min(means), (max(means) - min(means)) or 1.0
    for y, line in enumerate(cells):
        for x, cell in enumerate(line):
            if cell.n:
                level = (cell.mean - low) / span
                ink = _ink(1 - level if reverse else level) if coloured else BLACK
                size = 12 if len(line) <= 6 else 10
                figure.add_annotation(x=x, y=y, text=texts[y][x], showarrow=False, font={"color": ink, "size": size})


def _ink(level: float) -> str:
    """Black or white on Viridis at ``level`` in [0, 1], by relative luminance (WCAG 2)."""
    red, green, blue = sample_colorscale("Viridis", [min(1.0, max(0.0, level))], colortype="tuple")[0]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if luminance < 0.179 else "#000000"


def _ticks(axis: Mapping[str, Any], values: list[Any]) -> dict[str, object]:
    """Evenly spaced ticks named by the actual values."""
    return {
        "title_text": escaped(axis_label(axis)),
        "tickmode": "array",
        "tickvals": list(range(len(values))),
        "ticktext": [escaped(axis_value(axis, v)) for v in values],
        "showgrid": False,
        "range": [-0.5, len(values) - 0.5],
    }


def _outline(
    figure: go.Figure,
    design: pd.DataFrame,
    across: Mapping[str, Any],
    up: Mapping[str, Any],
    columns: list[Any],
    rows: list[Any],
    today: int | None,
) -> None:
    """A labelled outline around the cell that holds today's parameters."""
    if today is None:
        return
    point = design.set_index("design").loc[today]
    x, y = columns.index(point[across["key"]]), rows.index(point[up["key"]])
    figure.add_shape(
        type="rect",
        x0=x - 0.48,
        x1=x + 0.48,
        y0=y - 0.48,
        y1=y + 0.48,
        line={"color": VERMILION, "width": 4},
        name="today",
    )
    figure.add_annotation(
        x=x,
        y=y + 0.46,
        yanchor="top",
        text="today",
        showarrow=False,
        bgcolor=VERMILION,
        font={"color": "#fff", "size": 11},
        borderpad=1,
    )
