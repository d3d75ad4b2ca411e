"""The figures of a proposal's report: chances, effects, spreads, groups, attacks, and where the sign turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.distribution import distribution
from dashboards.figures.intervals import frame, intervals
from dashboards.figures.template import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, titled
from dashboards.labels import lower_first, slug, upper_first
from dashboards.panels import Panel, View
from dashboards.source import MissingMetricError
from experiments.inputs.plan import Kpi
from experiments.proposals.case import Case
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import GAINS, LOSES, PROPOSED, SAME, SCENARIO, TODAY, UNCLEAR
from experiments.statistics import change
from experiments.words import Scale, counted, number, percent, scale_for
from model.metrics import METRICS

Values = npt.NDArray[np.float64]

NARROW = 520
"""Pixels below which a figure scrolls, for its rows have long names."""

OTHERS = ((ORANGE, "diamond"), (GREEN, "square"), (PURPLE, "triangle-up"), (SKY, "cross"))
OUTCOMES = {
    GAINS: (BLUE, "circle"),
    LOSES: (VERMILION, "diamond"),
    UNCLEAR: (GREY, "circle-open"),
    SAME: (GREY, "square-open"),
}
SIGNS = {"same": "The same sign, or none", "turns": "The sign turns", "whole": "All runs of the baseline"}


def setting_marks(case: Case) -> dict[str, tuple[str, str]]:
    """Colour and symbol by setting."""
    first = {TODAY: (GREY, "circle-open"), PROPOSED: (BLUE, "circle")}
    others = list(case.proposal.settings)[len(first) :]
    return first | {name: OTHERS[place % len(OTHERS)] for place, name in enumerate(others)}


def breach_figures(case: Case) -> Iterator[Panel]:
    """For each threshold how often it is breached, by scenario and setting."""
    for kpi in (kpi for kpi in case.proposal.kpis if kpi.threshold is not None):
        part = case.chances[case.chances["kpi"] == kpi.name]
        rows = frame(
            [
                (
                    f"{row.scenario}, {row.setting}",
                    row.setting,
                    *(100.0 * value for value in (row.breach_share, row.low, row.high)),
                    f"{row.breached} of {counted(int(row.n), 'run')}",
                )
                for row in part.itertuples()
            ]
        )
        allowed = None if kpi.chance is None else 1.0 - kpi.chance
        line = 0.0 if allowed is None else 100.0 * allowed
        axis = "Runs that breach the threshold (%)" + ("" if allowed is None else f"; line: {percent(allowed)} may")
        fewer = _fewer(part)
        yield _panel(
            case,
            f"chance-{slug(kpi.name)}",
            f"{case.labels[kpi.name]}: how often its threshold is breached",
            partial(intervals, rows, setting_marks(case), axis, line),
            f"As proposed, fewer runs than today breach it in {fewer[0]} of {counted(fewer[2], 'scenario')}, more in "
            f"{fewer[1]}; whiskers are Wilson's 95 % intervals of each share.",
        )


def _fewer(part: pd.DataFrame) -> tuple[int, int, int]:
    """Scenarios in which the proposal breaches less often than today, more often, and all."""
    wide = part.pivot(index="scenario", columns="setting", values="breached")
    apart = wide[PROPOSED] - wide[TODAY]
    return int((apart < 0).sum()), int((apart > 0).sum()), len(apart)


def effect_figures(case: Case) -> Iterator[Panel]:
    """For each KPI of the proposal the paired difference to today, by scenario and setting."""
    for kpi in case.proposal.kpis:
        part = case.effects[(case.effects["kpi"] == kpi.name) & (case.effects["setting"] != TODAY)]
        ends = ("difference", "difference_low", "difference_high")
        scale = scale_for(kpi.unit, part[list(ends)].to_numpy(dtype=float))
        rows = frame(
            [
                (
                    f"{row['scenario']}, {row['setting']}",
                    row["setting"],
                    *(scale.factor * row[end] for end in ends),
                    f"{counted(int(row['n']), 'pair')}, better in {percent(row['better'])}",
                )
                for _, row in part.iterrows()
            ]
        )
        axis = scale.axis_change(f"Change in {lower_first(case.labels[kpi.name])}, against today")
        own = part[part["setting"] == PROPOSED]
        up, down = int((own["difference_low"] > 0).sum()), int((own["difference_high"] < 0).sum())
        yield _panel(
            case,
            f"effect-{slug(kpi.name)}",
            f"{case.labels[kpi.name]}: the change, run by run",
            partial(intervals, rows, setting_marks(case), axis),
            f"The proposal raises it in {up} and lowers it in {down} of {counted(len(own), 'scenario')}, beyond the "
            f"95 % interval of the mean of paired differences. {_better(kpi)}",
        )


def _better(kpi: Kpi) -> str:
    return {"up": "Higher is better.", "down": "Lower is better."}.get(kpi.direction, "")


def spread_figures(case: Case) -> Iterator[Panel]:
    """For each KPI of the proposal its distribution over runs of the baseline, and that of each run's difference."""
    base = case.outcomes[case.outcomes["scenario"] == BASELINE]
    for kpi in case.proposal.kpis:
        label, wide = case.labels[kpi.name], base.pivot(index="run", columns="setting", values=kpi.name)
        values = {upper_first(name): wide[name].to_numpy(dtype=float) for name in (PROPOSED, TODAY)}
        apart = change(wide[PROPOSED], wide[TODAY])
        for name, title, axis, shown in (
            ("spread", "its spread over runs", label, values),
            ("apart", "the difference of each run", f"Change in {lower_first(label)}", {"Proposed less today": apart}),
        ):
            scale = scale_for(kpi.unit, np.concatenate(list(shown.values())))
            yield _panel(
                case,
                f"{name}-{slug(kpi.name)}",
                f"{label}: {title}",
                partial(_spread, shown, scale.axis_change(axis) if name == "apart" else scale.axis(axis), scale),
                f"In the baseline. {_widths(wide[TODAY].to_numpy(dtype=float), apart)}",
            )


def _spread(values: dict[str, Values], axis: str, scale: Scale) -> go.Figure:
    """Distributions, with today's in the colour that it has in other figures."""
    if not any(np.isfinite(found).any() for found in values.values()):
        raise MissingMetricError("there is no figure to draw")
    figure = distribution(values, axis, scale)
    return figure.update_traces(line_color=GREY, selector={"name": upper_first(TODAY)})


def _widths(today: Values, apart: Values) -> str:
    """How the spread of runs compares with that of their differences."""
    known = np.isfinite(today) & np.isfinite(apart)
    if known.sum() < 2:
        return "Too few runs have a value to tell how they are spread."
    wide, narrow = float(np.std(today[known], ddof=1)), float(np.std(apart[known], ddof=1))
    if narrow == 0.0:
        return "Every run differs by the same from that run today."
    times = f"{number(float(f'{wide / narrow:.2g}'))} times"
    return f"The standard deviation of today's runs is {times} that of the differences on the same random numbers."


def group_figures(case: Case) -> Iterator[Panel]:
    """Who gains and who loses: differences in percent of today's mean."""
    part = case.groups[(case.groups["scenario"] == BASELINE) & (case.groups["setting"] == PROPOSED)]
    rows = []
    for row in part.itertuples():
        today = abs(row.mean - row.difference)
        factor = 100.0 / today if today > 0.0 else np.nan
        ends = (factor * value for value in (row.difference, row.low, row.high))
        rows.append((f"{row.group}: {lower_first(METRICS[row.metric].label)}", row.outcome, *ends, row.reading))
    counts = part["outcome"].value_counts()
    yield _panel(
        case,
        "groups",
        "Who gains and who loses",
        partial(intervals, frame(rows), OUTCOMES, "Change in % of today's mean, in the baseline"),
        f"Of {counted(len(part), 'figure')}, {counts.get(GAINS, 0)} move as their group would have them, "
        f"{counts.get(LOSES, 0)} against it, {counts.get(UNCLEAR, 0)} within the noise, {counts.get(SAME, 0)} not at "
        f"all; proxies are named in the table.",
    )


def attack_figures(case: Case) -> Iterator[Panel]:
    """What attacks bring today and as proposed."""
    part = case.attacks
    scale = scale_for("USD", part[[f"profit_usd{end}" for end in ("", "_low", "_high")]].to_numpy(dtype=float))
    rows = frame(
        [
            (
                f"{row.attack.removeprefix('attack_').replace('_', ' ')}, {row.setting}",
                row.setting,
                *(scale.factor * value for value in (row.profit_usd, row.profit_usd_low, row.profit_usd_high)),
                "the attackers' profit",
            )
            for row in part.itertuples()
        ]
    )
    paying = {name: int((part.loc[part["setting"] == name, "profit_usd_low"] > 0).sum()) for name in (TODAY, PROPOSED)}
    kinds = part["attack"].nunique()
    yield _panel(
        case,
        "attacks",
        "What attacks bring",
        partial(intervals, rows, setting_marks(case), scale.axis("Profit of the attackers")),
        f"Of {counted(kinds, 'attack')} measured, {paying[TODAY]} pay today and {paying[PROPOSED]} as proposed, beyond "
        f"the interval; each in its own scenario.",
    )


def turning_point_figures(case: Case) -> Iterator[Panel]:
    """For each KPI of the proposal where the sign of the difference turns."""
    for kpi in case.proposal.kpis:
        part = case.flips[case.flips["kpi"] == kpi.name]
        scale = scale_for(kpi.unit, part[["difference", "low", "high"]].to_numpy(dtype=float))
        rows = []
        for row in part.itertuples():
            whole = row.factor == SCENARIO and row.part == BASELINE
            name = f"scenario: {row.part}" if row.factor == SCENARIO else f"{row.factor}, {row.part}"
            look = SIGNS["whole" if whole else "turns" if row.flips else "same"]
            ends = (scale.factor * value for value in (row.difference, row.low, row.high))
            rows.append((name, look, *ends, f"{row.span}, {counted(int(row.n), 'pair')}"))
        base = next(row for row in rows if row[1] == SIGNS["whole"])
        band = (float(base[3]), float(base[4]), BLUE) if np.isfinite(base[3]) else None
        turning = [str(row[0]) for row in rows if row[1] == SIGNS["turns"]]
        styles = {SIGNS["whole"]: (BLUE, "circle"), SIGNS["same"]: (GREY, "circle-open")}
        styles |= {SIGNS["turns"]: (VERMILION, "diamond")}
        axis = scale.axis_change(f"Change in {lower_first(case.labels[kpi.name])}, proposed against today")
        yield _panel(
            case,
            f"flips-{slug(kpi.name)}",
            f"{case.labels[kpi.name]}: where the effect turns",
            partial(intervals, frame(rows), styles, axis, band=band),
            f"The effect turns in: {'; '.join(turning)}." if turning else "The effect turns in none of these parts.",
        )


def _panel(case: Case, name: str, title: str, draw: Callable[[], go.Figure], caption: str) -> Panel:
    """A figure with its sentence, or why there is none."""
    proposal = case.proposal
    runs = f"at most {counted(proposal.runs, 'run')} a setting"
    subtitle = f"{proposal.scenario}; {runs}; seed {proposal.seed}; {counted(proposal.base.days, 'day')}"
    try:
        figure = titled(draw(), title, subtitle)
        return Panel(name, title, views={-1: View(figure, caption)}, min_width=NARROW)
    except MissingMetricError as reason:
        return Panel(name, title, missing=f"Not drawn: {reason}.")


SLOTS: Mapping[str, Callable[[Case], Iterator[Panel]]] = {
    "chances": breach_figures,
    "effects": effect_figures,
    "spreads": spread_figures,
    "groups": group_figures,
    "attacks": attack_figures,
    "flips": turning_point_figures,
}
"""What fills each slot for figures of the document."""
