"""The page on sensitivity: what screening and variance shares found, and where goals fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from dashboards.site.evidence import effect_panels, screening_panels, share_panels
from dashboards.site.grids import Cell, Column, Page, Row, Section, Table
from dashboards.source import Store, StoreError, json_of
from experiments.analysis.discovery import cases
from experiments.analysis.effects import main_effects
from experiments.analysis.goals import goals_of
from experiments.analysis.report import Failing, failing
from experiments.errors import RequestError
from experiments.sweeps.results import load
from experiments.words import Scale, counted, number, scale_for, with_unit

FILE = "sensitivity.json"
KEYS = {
    "screening": ("kpi", "factor", "mu", "mu_star", "low", "high", "sigma"),
    "indices": ("kpi", "factor", "first", "first_low", "first_high", "total", "total_low", "total_high"),
}
EFFECTS = (
    "The mean of a KPI where a parameter is high less its mean where it is low, over all runs of the sweep: the upper "
    "and lower third of its values, or the highest and lowest of three or fewer. Controls are judged better by the "
    "paired differences of settings; this shows them beside the environment, which no setting chooses."
)
SCREENING = (
    "Morris's elementary effects over the whole range of each parameter, in the KPI's unit, the largest first. The "
    "effect counts its size whatever its sign; the signed one keeps it; the spread is large where the effect depends "
    "on where one stands or on other parameters."
)
INDICES = (
    "Sobol's shares of a KPI's variance: of a parameter alone, and with all its interactions. Intervals are those of "
    "a bootstrap; a share is between 0 and 1, and an estimate from few samples may lie outside."
)


def read_analysis(folder: Path | str, store: Store) -> dict[str, pd.DataFrame]:
    """The tables of a sensitivity analysis of the store's experiment, from the folder that it was written to.

    Raises `StoreError` with one sentence where there is none, it is damaged, or it is about other KPIs.
    """
    file = Path(folder) / FILE
    if not file.is_file():
        raise StoreError(f"{folder}: has no {FILE}; allowed: the folder that quiver-sim sensitivity --out wrote")
    given = json_of(file)
    tables = {name: _frame(file, given[name], columns) for name, columns in KEYS.items() if given.get(name)}
    if not tables:
        raise StoreError(f"{file}: has neither of {' and '.join(KEYS)}, so there is nothing to show")
    known = {str(kpi["name"]) for kpi in store.manifest["kpis"]}
    found = {str(name) for table in tables.values() for name in table["kpi"]}
    if foreign := sorted(found - known):
        raise StoreError(f"{file}: is about the KPI {foreign[0]}, which {store.path} does not have")
    return tables


def _frame(file: Path, rows: Any, columns: Sequence[str]) -> pd.DataFrame:
    try:
        return pd.DataFrame(rows)[list(columns)]
    except (KeyError, ValueError, TypeError) as error:
        raise StoreError(f"{file}: a table lacks one of the columns {', '.join(columns)}") from error


def sensitivity_page(store: Store, analysis: Mapping[str, pd.DataFrame]) -> Page | None:
    """What moves the KPIs and where goals fail; None where the store says nothing of either."""
    settings = cases(store.design, store.kpis, environment(store))
    sections = [
        *_effects(store, settings),
        *_analysis(store, analysis),
        *(_failing(found, place) for place, found in enumerate(_found(store, settings))),
    ]
    if not sections:
        return None
    return Page("sensitivity", "Sensitivity", "Which parameters move the KPIs, and where goals fail.", sections)


def environment(store: Store) -> pd.DataFrame | None:
    """Each run's environment, if the store has it."""
    try:
        return load(store.path).environment
    except RequestError:
        return None


def _effects(store: Store, settings: pd.DataFrame) -> list[Section]:
    """What each varied parameter does to the KPIs, from the runs at hand; none where nothing varies."""
    if settings.empty or not (settings.nunique() > 1).any():
        return []
    found = main_effects(settings, store.kpis, store.manifest["kpis"])
    panels = effect_panels(store, found)
    return [Section("effects", "What moves the KPIs in these runs", [EFFECTS], panels=panels)] if panels else []


def _found(store: Store, settings: pd.DataFrame) -> list[Failing]:
    """Where each goal fails, for those that fail and are met often enough."""
    goals = goals_of(store.manifest["kpis"])
    return [found for goal in goals if (found := failing(goal, settings, store.kpis))]


def _failing(found: Failing, place: int) -> Section:
    """One goal's box and rules."""
    coverage, density = (with_unit(number(100.0 * share, 0), "%") for share in (found.box.coverage, found.box.density))
    text = [
        f"The goal fails in {found.fails:,} of {counted(found.cases, 'case')}, most of all where {found.box}: "
        f"{coverage} of its failures are there, and {density} of the cases there fail.",
        "A box of the patient rule induction method (PRIM) and, in the table, the leaves of a small tree. Both "
        "describe the runs at hand; they are no proof of a cause.",
    ]
    rows = [
        Row([Cell(str(row["rule"])), Cell(f"{row['fails']:,} of {row['cases']:,}")])
        for row in found.rules.to_dict("records")
    ]
    table = Table(f"failing-{place}", "", [Column("Where", words=True), Column("Fails")], rows, found.rules)
    return Section(f"fails-{place}", f"Where {found.goal.name} fails", text, tables=[table])


def _analysis(store: Store, analysis: Mapping[str, pd.DataFrame]) -> list[Section]:
    """The tables of Morris and Sobol."""
    names = {str(kpi["name"]): str(kpi.get("label") or kpi["name"]) for kpi in store.manifest["kpis"]}
    sections = []
    if "screening" in analysis:
        heads = ["KPI", "Parameter", "Effect over the range", "95 % interval", "Signed", "Spread", "Unit"]
        scales = _scales(store, analysis["screening"])
        rows = [
            Row([*_key(row, names), *map(Cell, _screened(row, scales[row["kpi"]]))], 2)
            for row in analysis["screening"].to_dict("records")
        ]
        table = Table("screening", SCREENING, _columns(heads), rows, analysis["screening"])
        panels = screening_panels(store, analysis["screening"])
        sections.append(Section("morris", "Morris screening", tables=[table], panels=panels))
    if "indices" in analysis:
        heads = ["KPI", "Parameter", "Alone", "95 % interval", "With interactions", "95 % interval"]
        rows = [
            Row([*_key(row, names), *(Cell(text) for of in ("first", "total") for text in _index(row, of))], 2)
            for row in analysis["indices"].to_dict("records")
        ]
        table = Table("indices", INDICES, _columns(heads), rows, analysis["indices"])
        panels = share_panels(store, analysis["indices"])
        sections.append(Section("sobol", "Sobol indices", tables=[table], panels=panels))
    return sections


def _columns(heads: Sequence[str]) -> list[Column]:
    return [Column(head, words=head in ("KPI", "Parameter", "Unit")) for head in heads]


def _key(row: Mapping[str, Any], names: Mapping[str, str]) -> list[Cell]:
    return [Cell(names[row["kpi"]]), Cell(str(row["factor"]), code=True)]


def _scales(store: Store, screening: pd.DataFrame) -> dict[str, Scale]:
    """How the effects on each KPI are shown."""
    units = {str(kpi["name"]): str(kpi.get("unit") or "") for kpi in store.manifest["kpis"]}
    return {str(kpi): scale_for(units[str(kpi)], part["high"]) for kpi, part in screening.groupby("kpi")}


def _screened(row: Mapping[str, Any], scale: Scale) -> list[str]:
    parts = (float(row[key]) * scale.factor for key in ("mu_star", "low", "high", "mu", "sigma"))
    mu_star, low, high, mu, sigma = map(number, parts)
    return [mu_star, f"{low} to {high}", mu, sigma, scale.change]


def _index(row: Mapping[str, Any], of: str) -> list[str]:
    value, low, high = (number(float(row[key]), 2) for key in (of, f"{of}_low", f"{of}_high"))
    return [value, f"{low} to {high}"]
