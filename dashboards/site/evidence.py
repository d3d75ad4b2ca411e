"""Panels of what runs are evidence for: chances of goals, effects, shares of variance, enough runs, who pays whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboards.figures.chances import chances_caption, goal_chances
from dashboards.figures.converging import converging, converging_caption
from dashboards.figures.sankey import sankey, sankey_caption
from dashboards.figures.tornado import shares, tornado, tornado_caption
from dashboards.labels import Labels, slug, upper_first
from dashboards.panels import Panel, View, by_setting, provenance_note, subtitle
from dashboards.site.comparisons import NARROW
from dashboards.site.goals import said
from dashboards.source import MissingMetricError, Store
from experiments.analysis.convergence import convergence
from experiments.analysis.goals import Goal
from experiments.errors import RequestError
from experiments.sweeps.results import load
from experiments.words import counted
from model.flows import LEDGER

WAYS = "Every run of every setting in the higher third of the parameter against those in the lower third, not paired"
SCREENED = "Morris's elementary effect over the whole range, its size whatever its sign"
VARIANCE = "Sobol's indices, with intervals of a bootstrap"


def chance_panels(store: Store, labels: Labels, goals: Sequence[Goal], table: pd.DataFrame) -> list[Panel]:
    """How often each goal is met at every setting; none for a single setting, whose table says it all."""
    if len(store.design) == 1:
        return []
    panels = []
    for goal in goals:
        title = f"{upper_first(goal.name)}: how often it is met"
        runs = counted(int(table["n"].max()), "run")
        text = f"Wilson's 95 % intervals; {provenance_note(store, f'{runs} a setting')}"
        blank = Panel(slug(f"chance-{goal.name}"), title, upper_first(said(store, goal)), min_width=NARROW)
        try:
            view = View(goal_chances(table, goal.name, labels, title, text), chances_caption(table, goal.name))
        except MissingMetricError as reason:
            panels.append(Panel(blank.id, title, missing=f"Not drawn: {reason}."))
            continue
        panels.append(replace(blank, views={-1: view}, table=table[table["goal"] == goal.name]))
    return panels


def effect_panels(store: Store, found: pd.DataFrame) -> list[Panel]:
    """What each varied parameter does to each KPI, from the store's own runs."""
    return _tornados(store, found, "effect", WAYS, counted(len(store.kpis), "run"))


def screening_panels(store: Store, screening: pd.DataFrame) -> list[Panel]:
    """Morris's effects on each KPI."""
    return _tornados(store, screening.rename(columns={"mu_star": "effect"}), "screening", SCREENED, "screening")


def share_panels(store: Store, indices: pd.DataFrame) -> list[Panel]:
    """Sobol's shares of each KPI's variance."""
    panels = []
    for kpi in _kpis(store, indices):
        rows, title = indices[indices["kpi"] == kpi["name"]], f"{_label(kpi)}: shares of its variance"
        figure = shares(indices, kpi, names_of(rows), title, f"{VARIANCE}; {provenance_note(store, 'indices')}")
        panels.append(Panel(slug(f"shares-{kpi['name']}"), title, views={-1: View(figure)}, table=rows))
    return panels


def convergence_panels(store: Store, labels: Labels) -> list[Panel]:
    """Each KPI's mean by number of runs, one view per setting."""
    table = convergence(store.kpis, store.manifest["kpis"])
    runs = provenance_note(store, counted(int(store.manifest["runs"]), "run"))
    panels = []
    for kpi in store.manifest["kpis"]:
        rows = table[table["kpi"] == kpi["name"]][["design", "n", "mean", "half"]]
        title = f"{_label(kpi)}: mean by number of runs"

        def view(design: int, kpi: Mapping[str, Any] = kpi, title: str = title) -> View:
            text = f"{upper_first(labels.long[design])}; {runs}"
            return View(converging(table, kpi, design, False, title, text), converging_caption(table, kpi, design))

        panels.append(by_setting(store, labels, Panel(slug(f"runs-{kpi['name']}"), title), rows, view))
    return panels


def flow_panel(store: Store, labels: Labels) -> Panel | None:
    """Who pays whom, one view per setting; None where the store keeps no flows."""
    try:
        flows = load(store.path).flows
    except RequestError:
        return None
    means = flows.groupby("design")[list(LEDGER.flows)].mean()
    title = "Who pays whom"

    def view(design: int) -> View:
        moved = means.loc[design].to_dict() if design in means.index else {}
        count = pd.DataFrame({"design": [design], "n": [int((flows["design"] == design).sum())]})
        figure = sankey(moved, title, f"{subtitle(store, labels, design, count)}; means across runs")
        return View(figure, sankey_caption(moved))

    long = means.rename_axis(columns="flow").stack().rename("quiv").reset_index()
    ends = {name: (flow.source or "minted", flow.target or "burned") for name, flow in LEDGER.flows.items()}
    long["from"], long["to"] = ([ends[name][side] for name in long["flow"]] for side in (0, 1))
    note = "All that the ledger's flows moved over the horizon, by payer and receiver. Links may be moved by hand."
    return by_setting(store, labels, Panel("flows", title, note), long[long["quiv"] > 0], view)


def names_of(table: pd.DataFrame) -> dict[str, str]:
    """What a table's factors are called."""
    words = {str(factor): str(factor).replace(".", " ").replace("_", " ") for factor in table["factor"].unique()}
    return {factor: upper_first(text) for factor, text in words.items()}


def _tornados(store: Store, effects: pd.DataFrame, stem: str, how: str, count: str) -> list[Panel]:
    panels = []
    for kpi in _kpis(store, effects):
        rows, title = effects[effects["kpi"] == kpi["name"]], f"{_label(kpi)}: what moves it"
        names = names_of(rows)
        figure = tornado(effects, kpi, names, title, f"{how}; {provenance_note(store, count)}")
        view = View(figure, tornado_caption(effects, kpi, names))
        panels.append(Panel(slug(f"{stem}-{kpi['name']}"), title, views={-1: view}, table=rows))
    return panels


def _kpis(store: Store, table: pd.DataFrame) -> list[Mapping[str, Any]]:
    known = set(table["kpi"])
    return [kpi for kpi in store.manifest["kpis"] if kpi["name"] in known]


def _label(kpi: Mapping[str, Any]) -> str:
    return str(kpi.get("label") or kpi["name"])
