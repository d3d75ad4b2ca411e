"""Values with their intervals, a row each, in looks that a legend explains; a line or a band to compare them with."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import BLACK, rgba, styled
from dashboards.figures.whiskers import HOVER, by_name, whiskers
from dashboards.labels import escaped
from dashboards.source import MissingMetricError

COLUMNS = ("name", "look", "mean", "low", "high", "said")
WIDEST, TITLE = 36, 44
"""Characters of a line of a row's name, and of an axis' title."""


def intervals(
    rows: pd.DataFrame,
    looks: Mapping[str, tuple[str, str]],
    axis: str,
    line: float = 0.0,
    band: tuple[float, float, str] | None = None,
) -> go.Figure:
    """A dot and whisker a row, from the top down, against a ``line`` and a ``band`` with its colour.

    ``rows`` have `COLUMNS`: what the row is, the key of ``looks`` (a colour and a symbol), mean and ends in shown
    units, and what is said of it on hovering. Rows without a mean are named and have no dot; `MissingMetricError` where
    none has one.
    """
    if not rows["mean"].notna().any():
        raise MissingMetricError("there is no figure to draw")
    figure = go.Figure()
    names = [wrapped(name) for name in rows["name"]]
    for look, (colour, symbol) in looks.items():
        chosen = (rows["look"] == look).to_numpy()
        if chosen.any():
            part = rows[chosen]
            mean, low, high = (part[column].to_numpy(dtype=float) for column in ("mean", "low", "high"))
            own = [name for name, mine in zip(names, chosen, strict=True) if mine]
            figure.add_trace(
                whiskers(mean, low, high, own, escaped(look), colour, symbol, list(map(escaped, part["said"])), HOVER)
            )
    if band is not None:
        low, high, colour = band
        figure.add_vrect(x0=low, x1=high, fillcolor=rgba(colour, 0.15), line_width=0, layer="below")
    figure.add_vline(x=line, line={"color": BLACK, "width": 1.5, "dash": "dash" if line else "solid"})
    by_name(figure, names, "")
    title = "<br>".join(escaped(part) for part in textwrap.wrap(axis, TITLE))
    figure.update_xaxes(title_text=title, zeroline=False, ticklabeloverflow="allow")
    deep = sum(name.count("<br>") for name in names)
    return styled(figure, "", "", height=180 + 24 * max(4, len(names)) + 12 * deep)


def wrapped(name: object) -> str:
    """A row's name in lines, as plotly shows it."""
    return "<br>".join(escaped(part) for part in textwrap.wrap(str(name), WIDEST) or [" "])


def frame(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Rows for `intervals`."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS))
