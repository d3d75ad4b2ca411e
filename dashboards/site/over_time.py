"""Panels of one setting at a time: what happens over the days, and what the last day looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboards.figures.fan import fan, fan_caption, metric_scale, value_range
from dashboards.figures.lines import Lines, lines, lines_caption, smoothed
from dashboards.figures.lorenz import NAMES, lorenz, lorenz_caption
from dashboards.figures.phase import CONGESTION, MULTIPLIER, phase, phase_caption, rules_of
from dashboards.figures.proposals import FATES, proposals, proposals_caption
from dashboards.figures.runway import METRIC as RUNWAY
from dashboards.figures.runway import runway, runway_caption
from dashboards.figures.stacks import Stack, stacked, stacked_caption
from dashboards.figures.supply_stack import COMPONENTS, TOTAL, stack_caption, supply_stack
from dashboards.labels import Labels, slug
from dashboards.panels import Panel, View, by_setting, settings, subtitle, thinning
from dashboards.source import QUANTILES, Store, every

MEANS = ["design", "day", "metric", "mean"]


@dataclass(frozen=True)
class Recipe:
    """A figure of several metrics: how to make its panel, and the metrics it ``needs``, all of them or ``any_of``."""

    build: Callable[[Store, Labels], Panel]
    needs: frozenset[str]
    any_of: bool = False

    def fits(self, recorded: set[str]) -> bool:
        """Whether a store that ``recorded`` these metrics has enough for it."""
        return bool(self.needs & recorded) if self.any_of else self.needs <= recorded


def fan_panel(store: Store, labels: Labels, metric: str) -> Panel:
    """A fan chart, one view per setting; axes are common to all, and today's median is dashed in the others."""
    rows = every(store.summary[store.summary["metric"] == metric], thinning(store))
    name, title = slug(f"fan-{metric}"), labels.metric(metric)
    if rows.empty:
        return Panel(name, title, missing=f"Not drawn: this store has no metric {metric}.")
    limits = value_range(rows, metric, settings(store, labels), metric_scale(rows, metric, labels).factor)
    today = labels.today if (rows["design"] == labels.today).any() else None

    def view(design: int) -> View:
        text = subtitle(store, labels, design, rows)
        figure = fan(rows, metric, design, labels, title, text, compare=today)
        figure.update_yaxes(range=limits)
        return View(figure, fan_caption(rows, metric, design, labels))

    blank = Panel(name, title, labels.description(metric), shows=(metric,))
    return by_setting(store, labels, blank, rows[["design", "day", *QUANTILES]], view)


def stack_panel(store: Store, labels: Labels) -> Panel:
    """The supply stack, one view per setting."""
    blank = Panel("supply-stack", "Where the supply is", shows=tuple(COMPONENTS))
    rows = every(store.summary[store.summary["metric"].isin([*COMPONENTS, TOTAL])], thinning(store))

    def view(design: int) -> View:
        figure = supply_stack(rows, design, labels, blank.title, subtitle(store, labels, design, rows))
        return View(figure, stack_caption(rows, design))

    return by_setting(store, labels, blank, rows[MEANS], view)


def composed(chosen: Stack | Lines) -> Recipe:
    """Several metrics in one figure, one view per setting; axes are common to all."""

    def build(store: Store, labels: Labels) -> Panel:
        all_days = store.summary[store.summary["metric"].isin(list(chosen.metrics))]
        rows = every(all_days, thinning(store))
        drawn = every(smoothed(all_days, chosen), thinning(store)) if isinstance(chosen, Lines) else rows

        def view(design: int) -> View:
            text = subtitle(store, labels, design, rows)
            if isinstance(chosen, Stack):
                return View(stacked(drawn, chosen, design, text), stacked_caption(drawn, chosen, design))
            return View(lines(drawn, chosen, design, text), lines_caption(drawn, chosen, design))

        column = chosen.column if isinstance(chosen, Lines) else "mean"
        blank = Panel(chosen.id, chosen.title, chosen.note, shows=chosen.metrics)
        return by_setting(store, labels, blank, drawn[["design", "day", "metric", column]], view)

    return Recipe(build, frozenset(chosen.parts), any_of=True)


def lorenz_panel(store: Store, labels: Labels) -> Panel:
    """The Lorenz curve of the last day, one view per setting."""
    rows = store.summary[store.summary["metric"].isin(list(NAMES))]
    rows = rows[rows["day"] == rows["day"].max()]
    note = "Tokens of holders and providers, staked ones included, on the last day."
    blank = Panel("lorenz", "Who holds how much", note, shows=tuple(NAMES))

    def view(design: int) -> View:
        figure = lorenz(rows, design, blank.title, subtitle(store, labels, design, rows))
        return View(figure, lorenz_caption(rows, design))

    return by_setting(store, labels, blank, rows[["design", "day", "metric", *QUANTILES]], view)


def proposals_panel(store: Store, labels: Labels) -> Panel:
    """Proposals by outcome, one view per setting."""
    note = "Counted from the start; a rejected one broke a limit or a rule, a cancelled one was vetoed by the multisig."
    blank = Panel("proposals", "What became of proposals", note, shows=tuple(FATES))
    rows = every(store.summary[store.summary["metric"].isin(list(FATES))], thinning(store))

    def view(design: int) -> View:
        figure = proposals(rows, design, blank.title, subtitle(store, labels, design, rows))
        return View(figure, proposals_caption(rows, design))

    return by_setting(store, labels, blank, rows[MEANS], view)


def phase_panel(store: Store, labels: Labels) -> Panel:
    """The fee controller's phase plot, one view per setting; both metrics keep figures of their own."""
    note = (
        "To the right of where it rests the controller raises the fee, to the left it lowers it, once a day. Demand is "
        "lower on weekends, so the days of a week lie apart."
    )
    blank = Panel("fee-phase", "Fee multiplier against congestion", note)
    rows = store.summary[store.summary["metric"].isin([CONGESTION, MULTIPLIER])]
    points = store.design.set_index("design")

    def view(design: int) -> View:
        rules = rules_of(store.manifest.get("parameters"), points.loc[design].to_dict())
        figure = phase(rows, design, rules, blank.title, subtitle(store, labels, design, rows))
        return View(figure, phase_caption(rows, design, rules))

    return by_setting(store, labels, blank, rows[["design", "day", "metric", "p50"]], view)


def runway_panel(store: Store, labels: Labels) -> Panel:
    """How long the treasury lasts, one view per setting."""
    blank = Panel(f"fan-{RUNWAY}", labels.metric(RUNWAY), labels.description(RUNWAY), shows=(RUNWAY,))
    rows = every(store.summary[store.summary["metric"] == RUNWAY], thinning(store))

    def view(design: int) -> View:
        figure = runway(rows, design, labels, blank.title, subtitle(store, labels, design, rows))
        return View(figure, runway_caption(rows, design))

    return by_setting(store, labels, blank, rows[["design", "day", *QUANTILES]], view)


SUPPLY = Recipe(stack_panel, frozenset(COMPONENTS), any_of=True)
HOLDERS = Recipe(lorenz_panel, frozenset(NAMES))
PROPOSALS = Recipe(proposals_panel, frozenset(FATES))
LASTS = Recipe(runway_panel, frozenset({RUNWAY}))
FEE_PHASE = Recipe(phase_panel, frozenset({CONGESTION, MULTIPLIER}))


def panels_of(store: Store, labels: Labels, recipes: tuple[Recipe, ...], metrics: tuple[str, ...]) -> list[Panel]:
    """The figures that the store has enough for, then a fan for each recorded metric that they do not show."""
    recorded = recorded_metrics(store)
    several = [recipe.build(store, labels) for recipe in recipes if recipe.fits(recorded)]
    shown = {metric for panel in several if panel.views for metric in panel.shows}
    return several + [fan_panel(store, labels, name) for name in metrics if name in recorded and name not in shown]


def recorded_metrics(store: Store) -> set[str]:
    """The metrics that the store has days of."""
    return {str(name) for name in pd.unique(store.summary["metric"])}
