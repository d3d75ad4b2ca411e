"""Cases beside each other: dots with intervals, a line a case, a colour a series, with a mark or a band to judge by."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import BLACK, BLUE, rgba, styled
from dashboards.figures.whiskers import whiskers
from dashboards.labels import plain
from dashboards.source import MissingMetricError

WIDEST, LINES = 30, 3
"""Characters of a line of a case's name, and its lines at most."""

APART = 0.72
"""The part of a case's room over which its series are spread."""

HOVER = "%{customdata[2]}<br>%{x:,.4~r} (%{customdata[0]:,.4~r} to %{customdata[1]:,.4~r})<extra></extra>"


@dataclass(frozen=True)
class Look:
    """How a series is drawn."""

    colour: str
    symbol: str


@dataclass(frozen=True)
class Against:
    """What dots are judged by, in shown units: a line at `mark` that says `text`, and a band if it has one."""

    mark: float
    text: str = ""
    band: tuple[float, float] | None = None


def compared(
    rows: pd.DataFrame, looks: Mapping[str, Look], axis: str, against: Against | None, title: str, subtitle: str
) -> go.Figure:
    """Dots with whiskers: `rows` has the columns case, series, mean, low, high (shown units), as text is read.

    Cases come in their order from the top down, series in that of `looks`. Raises `MissingMetricError` where no row has
    a mean.
    """
    known = rows[np.isfinite(rows["mean"].to_numpy(dtype=float))]
    if known.empty:
        raise MissingMetricError("no run has a value")
    cases = list(dict.fromkeys(known["case"]))
    known = known.assign(place=_places(known, cases, list(looks)))
    figure = go.Figure()
    if against is not None and against.band is not None and np.isfinite(against.band).all():
        low, high = against.band
        figure.add_vrect(x0=low, x1=high, fillcolor=rgba(BLUE, 0.15), line_width=0, layer="below")
    for name, look in looks.items():
        some = known[known["series"] == name]
        if len(some):
            figure.add_trace(_trace(some, name, look))
    if against is not None:
        line = {"color": BLACK, "width": 1.2, "dash": "dash" if against.text else "solid"}
        figure.add_vline(x=against.mark, line=line)
    if against is not None and against.text:
        said = {"text": plain(against.text), "showarrow": False, "font": {"size": 12}, "yanchor": "top"}
        figure.add_annotation(x=against.mark, y=1, yref="paper", xanchor="left", **said)
    names = [_lines(name) for name in cases]
    figure.update_xaxes(title_text="<br>".join(map(plain, textwrap.wrap(axis, 52))), ticklabeloverflow="allow")
    figure.update_yaxes(
        range=[len(cases) - 0.5, -0.5 if against is None or not against.text else -1.0],
        tickvals=list(range(len(cases))),
        ticktext=["<br>".join(map(plain, lines)) for lines in names],
        tickfont={"size": 12},
        title_text="",
    )
    most = int(known.groupby("case")["series"].size().max())
    room = max(28, 14 * most, 8 + 15 * max(map(len, names)))
    return styled(figure, title, subtitle, height=150 + room * max(3, len(cases)))


def _places(known: pd.DataFrame, cases: list[str], series: list[str]) -> list[float]:
    """Where each row is drawn: its case's place, and the series of a case a little apart, in their order."""
    found = {case: sorted(set(part["series"]), key=series.index) for case, part in known.groupby("case")}
    places = []
    for case, name in zip(known["case"], known["series"], strict=True):
        inside = found[case]
        places.append(cases.index(case) + APART * ((inside.index(name) + 0.5) / len(inside) - 0.5))
    return places


def _trace(rows: pd.DataFrame, name: str, look: Look) -> go.Scatter:
    mean, low, high = (rows[part].to_numpy(dtype=float) for part in ("mean", "low", "high"))
    said = [plain(f"{case}: {name}") for case in rows["case"]]
    return whiskers(mean, low, high, list(rows["place"]), plain(name), look.colour, look.symbol, said, HOVER)


def _lines(name: str) -> list[str]:
    return textwrap.wrap(name, WIDEST, max_lines=LINES, placeholder=" …") or [""]
