"""The page's figures with what stands beside them: heading, subtitle, a sentence, a CSV, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboards.contrasts import Verdict, compare
from dashboards.figures.fan import fan, fan_caption, metric_scale, value_range
from dashboards.figures.heatmap import GridError, grid, heat_caption, heatmap, judged
from dashboards.figures.lines import CONDUCT, FLOWS, RUIN, VALIDATORS, YIELDS, Lines, lines, lines_caption, smoothed
from dashboards.figures.lorenz import NAMES, lorenz, lorenz_caption
from dashboards.figures.paired import differences, paired, paired_caption
from dashboards.figures.phase import CONGESTION, MULTIPLIER, phase, phase_caption, rules_of
from dashboards.figures.proposals import FATES, proposals, proposals_caption
from dashboards.figures.stacks import (
    OPENINGS,
    OUTCOMES,
    SLASHES,
    STAKE_BY_CLASS,
    STAKE_BY_TIER,
    Stack,
    stacked,
    stacked_caption,
)
from dashboards.figures.supply_stack import COMPONENTS, TOTAL, stack_caption, supply_stack
from dashboards.figures.template import subtitle_of
from dashboards.labels import Labels, axis_label, slug
from dashboards.source import MissingMetricError, Store, every
from dashboards.units import counted
from model.parameters.pricing import SIZES

THIN_FROM, THIN_DAYS = 366, 7
MOST_SETTINGS = 25
FANS = ("supply_quiv", "burned_quiv", "tvl_usd", "staking_ratio", "price_usd", "treasury_quiv")
MARKETPLACE = (
    "payments_usd",
    "revenue_usd",
    "inference_price_quiv_small",
    "congestion",
    "latency_s",
    *(f"latency_s_{size}" for size in SIZES),
    *(f"served_tokens_{size}" for size in SIZES),
    "active_providers",
    "provider_uptime",
    "mean_reputation",
    "completed_jobs",
    "pending_jobs",
    "expired_jobs",
    "escrow_quiv",
    "channels_quiv",
    "consumer_satisfaction",
    "outside_share",
    "take_rate",
    "net_take_rate",
    "rebates_quiv",
    "rebate_coverage",
)
TOKEN = (
    "value_usd",
    "traded_usd",
    "maker_profit_usd",
    "maker_quiv",
    "depth_usd",
    "pool_over_holding",
    "impermanent_loss",
    "lvr_usd",
    "fundamentalist_share",
    "speculator_wealth_usd",
    "velocity",
    "exchange_velocity",
    "transaction_velocity",
    "gini",
    "nakamoto",
)
GOVERNANCE = (
    "proposals_submitted",
    "proposals_open",
    "proposals_executed",
    "proposals_defeated",
    "proposals_rejected",
    "proposals_cancelled",
    "turnout",
    "vote_top10_share",
    "vote_majority",
    "capture_quiv",
    "capture_usd",
    "treasury_runway_days",
    "fee_multiplier",
    "live_fees_network_share",
    "live_fees_burn_share",
    "live_fees_stakers_share",
    "live_emission_staking_share",
    "live_pricing_base_rate_quiv",
    "live_treasury_grants_quiv_per_year",
)
QUALITY = (
    "slash_rate",
    "harm_share",
    "validator_accuracy",
    "validation_tasks",
    "validator_task_reward_quiv",
    "insurance_quiv",
    "claims_unpaid_quiv",
    "delegation_gini",
    "delegation_top10_share",
)
COMPOSED: tuple[Stack | Lines, ...] = (
    STAKE_BY_CLASS,
    YIELDS,
    STAKE_BY_TIER,
    CONDUCT,
    SLASHES,
    VALIDATORS,
    OPENINGS,
    OUTCOMES,
    FLOWS,
    RUIN,
)
"""Figures of several metrics, drawn before the fans of staking and quality."""

CHAPTERS = {
    "token": (
        "Token market",
        "What the token is worth by the flows, how much is traded, how deep the pool is and what it earns, what "
        "speculators do, how fast tokens change hands, and who holds them",
        TOKEN,
    ),
    "marketplace": (
        "Marketplace",
        "What consumers pay, what inference costs them in tokens, how busy providers are, how long an answer takes, "
        "which jobs wait, and what is locked for them",
        MARKETPLACE,
    ),
    "quality": (
        "Staking and quality",
        "Who stakes and what it yields, what is slashed and why, who cheats and who is seen, what validators do, which "
        "cases are opened and how they end, what insurance pays, and to whom holders delegate",
        QUALITY,
    ),
    "governance": (
        "Governance",
        "What became of proposals, who votes and how few decide, what a majority would cost, how long the treasury "
        "lasts, what the fee's controller does, and where votes have moved the parameters that matter most",
        GOVERNANCE,
    ),
}
"""Sections of fans by anchor: title, what they show, and the metrics, drawn as far as the store recorded them."""


@dataclass(frozen=True)
class View:
    """A figure for one setting (or for all), and a sentence that says what it shows."""

    figure: go.Figure
    caption: str = ""

    @property
    def subtitle(self) -> str:
        """The figure's subtitle as text."""
        return subtitle_of(self.figure)


@dataclass(frozen=True)
class Panel:
    """A place on the page. ``views`` by design number, -1 for all settings; ``missing`` says why none is drawn."""

    id: str
    title: str
    note: str = ""
    views: dict[int, View] = field(default_factory=dict)
    table: pd.DataFrame | None = None
    missing: str = ""
    min_width: int = 0


def settings(store: Store, labels: Labels) -> list[int]:
    """The design points that can be chosen on the page: all, or today's and an even spread of the others."""
    designs = [int(d) for d in store.design["design"]]
    if len(designs) > MOST_SETTINGS:
        step = len(designs) / MOST_SETTINGS
        spread = {designs[int(i * step)] for i in range(MOST_SETTINGS)}
        designs = [d for d in designs if d in spread or d == labels.today]
    return sorted(designs, key=lambda d: (d != labels.today, d))


def thinning(store: Store) -> int:
    """Every how many days the page draws a point."""
    days = store.summary["day"]
    return THIN_DAYS if len(days) and days.max() - days.min() >= THIN_FROM else 1


def provenance(store: Store, count: str) -> str:
    """``count`` of trajectories, runs or pairs, with the seed and horizon: the tail of every subtitle."""
    return f"{count}; seed {store.manifest['seed']}; {counted(int(store.manifest['days']), 'day')}"


def stack_panel(store: Store, labels: Labels) -> Panel:
    """The supply stack, one view per setting."""
    title = "Where the supply is"
    rows = every(store.summary[store.summary["metric"].isin([*COMPONENTS, TOTAL])], thinning(store))

    def view(design: int) -> View:
        figure = supply_stack(rows, design, labels, title, subtitle(store, labels, design, rows))
        return View(figure, stack_caption(rows, design))

    means = rows[["design", "day", "metric", "n", "mean"]]
    return _by_setting(store, labels, "supply-stack", title, "", means, view)


def composed_panel(store: Store, labels: Labels, chosen: Stack | Lines) -> Panel:
    """Several metrics in one figure, one view per setting; axes are common to all."""
    all_days = store.summary[store.summary["metric"].isin(list(chosen.metrics))]
    rows = every(all_days, thinning(store))
    drawn = every(smoothed(all_days, chosen), thinning(store)) if isinstance(chosen, Lines) else rows
    drawn = drawn[drawn["design"].isin(settings(store, labels))]

    def view(design: int) -> View:
        text = subtitle(store, labels, design, rows)
        if isinstance(chosen, Stack):
            return View(stacked(drawn, chosen, design, text), stacked_caption(drawn, chosen, design))
        return View(lines(drawn, chosen, design, text), lines_caption(drawn, chosen, design))

    return _by_setting(store, labels, chosen.id, chosen.title, chosen.note, rows, view)


def fan_panel(store: Store, labels: Labels, metric: str) -> Panel:
    """A fan chart, one view per setting; axes are common to all, and today's median is dashed in the others."""
    rows = every(store.summary[store.summary["metric"] == metric], thinning(store))
    title = labels.metric(metric)
    if rows.empty:
        return Panel(slug(f"fan-{metric}"), title, missing=f"Not drawn: this store has no metric {metric}.")
    limits = value_range(rows, metric, settings(store, labels), metric_scale(rows, metric, labels).factor)

    def view(design: int) -> View:
        text = subtitle(store, labels, design, rows)
        figure = fan(rows, metric, design, labels, title, text, compare=_compare(rows, labels))
        figure.update_yaxes(range=limits)
        return View(figure, fan_caption(rows, metric, design, labels))

    return _by_setting(store, labels, slug(f"fan-{metric}"), title, labels.description(metric), rows, view)


def lorenz_panel(store: Store, labels: Labels) -> Panel:
    """The Lorenz curve of the last day, one view per setting."""
    rows = store.summary[store.summary["metric"].isin(list(NAMES))]
    rows = rows[rows["day"] == rows["day"].max()]
    title = "Who holds how much"

    def view(design: int) -> View:
        figure = lorenz(rows, design, title, subtitle(store, labels, design, rows))
        return View(figure, lorenz_caption(rows, design))

    note = "Tokens of holders and providers, staked ones included, on the last day."
    return _by_setting(store, labels, "lorenz", title, note, rows, view)


def governance_panels(store: Store, labels: Labels) -> list[Panel]:
    """The chapter's composed figures, as far as the store recorded what they need."""
    recorded = set(store.summary["metric"].unique())
    panels = [proposals_panel(store, labels)] if recorded >= set(FATES) else []
    return panels + ([phase_panel(store, labels)] if recorded >= {CONGESTION, MULTIPLIER} else [])


def proposals_panel(store: Store, labels: Labels) -> Panel:
    """Proposals by outcome, one view per setting."""
    title = "What became of proposals"
    rows = every(store.summary[store.summary["metric"].isin(list(FATES))], thinning(store))

    def view(design: int) -> View:
        figure = proposals(rows, design, title, subtitle(store, labels, design, rows))
        return View(figure, proposals_caption(rows, design))

    note = "Counted from the start; a rejected one broke a limit or a rule, a cancelled one was vetoed by the multisig."
    means = rows[["design", "day", "metric", "n", "mean"]]
    return _by_setting(store, labels, "proposals", title, note, means, view)


def phase_panel(store: Store, labels: Labels) -> Panel:
    """The fee controller's phase plot, one view per setting."""
    title = "Fee multiplier against congestion"
    rows = store.summary[store.summary["metric"].isin([CONGESTION, MULTIPLIER])]
    points = store.design.set_index("design")

    def view(design: int) -> View:
        rules = rules_of(store.manifest.get("parameters"), points.loc[design].to_dict())
        figure = phase(rows, design, rules, title, subtitle(store, labels, design, rows))
        return View(figure, phase_caption(rows, design, rules))

    note = (
        "To the right of where it rests the controller raises the fee, to the left it lowers it, once a day. Demand is "
        "lower on weekends, so the days of a week lie apart."
    )
    table = rows[["design", "day", "metric", "n", "p50"]]
    return _by_setting(store, labels, "fee-phase", title, note, table, view)


def subtitle(store: Store, labels: Labels, design: int, rows: pd.DataFrame) -> str:
    """The setting's name with the number of trajectories behind its ``rows``, the seed and the horizon."""
    counts = rows.loc[rows["design"] == design, "n"]
    long = labels.long[design]
    count = counted(int(counts.max()) if len(counts) else 0, "trajectory", "trajectories")
    return f"{long[:1].upper()}{long[1:]}; {provenance(store, count)}"


def heat_panels(store: Store, labels: Labels, frame: pd.DataFrame) -> list[Panel]:
    """A heat map per KPI and pair of swept parameters (of the first three); none for a single setting."""
    pairs = list(combinations(labels.axes[:3], 2)) if len(store.design) > 1 else []
    panels = []
    for kpi in store.manifest["kpis"]:
        for across, up in pairs:
            label = str(kpi.get("label") or kpi["name"])
            title = label if len(pairs) == 1 else f"{label} by {axis_label(across)} and {axis_label(up)}"
            name = slug(f"heat-{kpi['name']}" if len(pairs) == 1 else f"heat-{kpi['name']}-{across['key']}-{up['key']}")
            try:
                cells = grid(store.kpis, store.design, across, up, str(kpi["name"]))
            except GridError as reason:
                panels.append(Panel(name, title, missing=f"Not drawn: {reason}."))
                continue
            runs = max(cell.n for line in cells for cell in line)
            count = provenance(store, f"{counted(runs, 'run')} a cell")
            interval = "± is the 95 % interval of the mean" if runs > 1 else "no interval from one run"
            text = f"{_cells(store, labels)}; {count}; {interval}"
            figure = heatmap(store.kpis, store.design, (across, up), kpi, labels.today, title, text)
            columns = store.design[across["key"]].nunique()
            table = frame[frame["kpi"] == kpi["name"]]
            caption = heat_caption(judged(store.kpis, store.design, (across, up), kpi, labels.today).verdict)
            view = {-1: View(figure, caption)}
            panels.append(Panel(name, title, _note(kpi), view, table, min_width=110 + 72 * columns))
    return panels


def paired_panels(store: Store, labels: Labels, reference: int) -> list[Panel]:
    """Paired differences from the reference, a figure per KPI; none for a single setting."""
    if len(store.design) == 1:
        return []
    panels = []
    against = "today's parameters" if labels.today is not None else labels.short[reference]
    for kpi in store.manifest["kpis"]:
        name, title = slug(f"paired-{kpi['name']}"), f"{kpi.get('label') or kpi['name']}: change from {against}"
        table = differences(store.kpis, str(kpi["name"]), reference)
        if table.empty or table["n"].max() == 0:
            panels.append(Panel(name, title, missing="Not drawn: there is no other setting with a value for this KPI."))
            continue
        if compare(store.kpis, str(kpi["name"]), reference, 0).verdict is Verdict.SAME:
            panels.append(Panel(name, title, missing="Not drawn: every setting has the same value in every run."))
            continue
        count = provenance(store, f"{counted(int(table['n'].max()), 'pair')} a setting")
        text = f"Mean difference on the same runs; {_intervals(table)}; {count}"
        figure = paired(store.kpis, kpi, reference, labels, title, text)
        panels.append(Panel(name, title, _note(kpi), {-1: View(figure, paired_caption(table))}, table))
    return panels


def _intervals(table: pd.DataFrame) -> str:
    """What the whiskers of a paired figure are."""
    if table["n"].max() < 2:
        return "no interval from one run"
    several = int((table["n"] > 0).sum()) > 1
    return "intervals that hold together at 95 % for all settings" if several else "95 % interval"


def _note(kpi: Mapping[str, Any]) -> str:
    """What a KPI measures and which way is better."""
    better = {"up": "Higher is better.", "down": "Lower is better."}.get(str(kpi.get("direction")), "")
    return f"{kpi.get('description') or ''} {better}".strip()


def _by_setting(
    store: Store, labels: Labels, name: str, title: str, note: str, rows: pd.DataFrame, view: Callable[[int], View]
) -> Panel:
    """A panel with a view per setting; a setting without data leaves the panel undrawn, with the reason."""
    try:
        views = {design: view(design) for design in settings(store, labels)}
    except MissingMetricError as reason:
        return Panel(name, title, missing=f"Not drawn: {reason}.")
    return Panel(name, title, note, views, _with_setting(store, rows))


def _compare(rows: pd.DataFrame, labels: Labels) -> int | None:
    """Today's design point, if it has data."""
    return labels.today if labels.today is not None and (rows["design"] == labels.today).any() else None


def _with_setting(store: Store, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table with their setting's parameters in front."""
    keys = [str(axis["key"]) for axis in store.manifest["axes"]]
    return store.design[["design", *keys]].merge(rows, on="design")


def _cells(store: Store, labels: Labels) -> str:
    """What a cell averages over, and where today is."""
    others = [axis_label(axis) for axis in labels.axes]
    spread = "mean of each setting" if len(others) <= 2 else "mean over the other swept parameters"
    where = "today outlined" if labels.today is not None else "today's parameters are not among the settings"
    return f"{spread[:1].upper()}{spread[1:]}, {where}"
