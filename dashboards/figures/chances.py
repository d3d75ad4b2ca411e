"""How often a goal is met at each setting: the share of runs with Wilson's interval, beside the chance asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import BLACK, BLUE, GREY, VERMILION, styled
from dashboards.figures.whiskers import by_name, whiskers
from dashboards.labels import Labels, escaped
from dashboards.source import MissingMetricError
from experiments.analysis.goals import MET, NO_CHANCE, NOT_MET, UNDECIDED
from experiments.words import counted, percent

MOST_ROWS = 40
PERCENT = 100.0
HOVER = "%{y}<br>%{x:.0f} % (%{customdata[0]:.0f} to %{customdata[1]:.0f} %), %{customdata[2]}<extra></extra>"
LOOKS = {
    MET: ("Met as often as asked", BLUE, "circle"),
    NOT_MET: ("Not met as often as asked", VERMILION, "diamond"),
    UNDECIDED: ("Undecided: the interval holds the chance asked for", GREY, "circle-open"),
    NO_CHANCE: ("Runs that meet the goal", BLUE, "circle"),
}
"""By verdict: its name in the legend, colour and symbol."""


def goal_chances(table: pd.DataFrame, goal: str, labels: Labels, title: str, subtitle: str) -> go.Figure:
    """Dot and whisker a setting: how often ``goal`` is met, in percent of runs.

    ``table`` has the columns of `experiments.analysis.goals.goal_table`. Today's setting comes first, then those that
    meet the goal most often, up to 40. Raises `MissingMetricError` where no setting has a run that says anything.
    """
    mine = table[(table["goal"] == goal) & (table["n"] > 0)]
    if mine.empty:
        raise MissingMetricError(f"no run says whether the goal {goal} is met")
    first = (mine["design"] != labels.today).to_numpy()
    ranked = mine.iloc[np.lexsort((mine["design"], -mine["share"], first))]
    shown = ranked.head(MOST_ROWS)
    if len(shown) < len(ranked):
        subtitle += f"; {len(shown)} of {counted(len(ranked), 'setting')}"
    figure = go.Figure()
    for verdict, (name, colour, symbol) in LOOKS.items():
        rows = shown[shown["verdict"] == verdict]
        if len(rows):
            share, low, high = ((rows[part] * PERCENT).to_numpy(dtype=float) for part in ("share", "low", "high"))
            names = [escaped(labels.short[d]) for d in rows["design"]]
            said = [f"{met} of {counted(n, 'run')}" for met, n in zip(rows["met"], rows["n"], strict=True)]
            figure.add_trace(whiskers(share, low, high, names, name, colour, symbol, said, HOVER))
    asked = mine["chance"].dropna()
    if len(asked):
        chance = PERCENT * float(asked.iloc[0])
        line = {"color": BLACK, "width": 1.5, "dash": "dash"}
        figure.add_vline(x=chance, line=line, annotation_text=f"asked: {chance:g} %", annotation_position="bottom left")
    by_name(figure, [escaped(labels.short[d]) for d in shown["design"]], escaped(labels.reading))
    figure.update_xaxes(title_text="Runs that meet the goal (%)", range=[-2, 102], ticklabeloverflow="allow")
    return styled(figure, title, subtitle, height=190 + 26 * max(4, len(shown)), legend_rows=2)


def chances_caption(table: pd.DataFrame, goal: str) -> str:
    """How many settings meet the goal as often as asked."""
    mine = table[(table["goal"] == goal) & (table["n"] > 0)]
    if mine["chance"].isna().all():
        least, most = mine["share"].min(), mine["share"].max()
        return f"No chance is asked for; shares run from {percent(least)} to {percent(most)}."
    found = {verdict: int((mine["verdict"] == verdict).sum()) for verdict in (MET, NOT_MET, UNDECIDED)}
    counts = f"{found[MET]} met, {found[NOT_MET]} not met, {found[UNDECIDED]} undecided"
    return f"Of {counted(len(mine), 'setting')}: {counts}."
