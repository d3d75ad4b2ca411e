"""The page on method: what intervals and bands mean, and all that the runs took for granted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from dashboards.labels import Labels, slug
from dashboards.site.grids import Cell, Column, Page, Row, Section, Table
from dashboards.source import Store
from experiments.engines.wiring import MECHANISMS
from experiments.words import counted, value_text
from model.arrays import NQUIV_PER_QUIV
from model.launch import PHASES
from model.parameters import REGISTRY
from model.parameters import Parameters as Contracts

SCRIPTED = {
    "shocks": "Shocks",
    "attacks": "Attacks",
    "proposals": "Proposals",
    "exogenous": "Given from outside, in place of a process",
}
"""What a scenario may script, by its key in the manifest's economy."""


def method_page(store: Store, labels: Labels) -> Page:
    """How to read the site, and its assumptions."""
    values = dict(store.manifest.get("parameters") or {})
    intro = "How to read the figures, and what the runs took for granted."
    sections = [_intervals(labels), _bands(), _kpis(store), _mechanisms(store), _scripted(store)]
    sections += _changed(values) + _parameters(values)
    return Page("method", "Method and assumptions", intro, [section for section in sections if section is not None])


def _intervals(labels: Labels) -> Section:
    text = [
        "“±” is the 95 % interval of a mean over runs: Student's t times the standard deviation over the square root "
        "of the number of runs. It is the Monte Carlo error of the estimate. It says nothing about whether the model "
        "or its parameters are right, and it shrinks as runs are added.",
    ]
    if len(labels.short) > 1:
        text += [
            "Changes are paired: for each run, the setting's value minus the reference's, on the same random numbers. "
            "Wherever settings are compared, in the sentences of the answer, the bold of the table, the colours of "
            "heat maps and the figures of changes, intervals are widened by Bonferroni's correction so that the "
            "comparisons of one KPI with one setting hold together at 95 %. Only “±” is the interval of one mean on "
            "its own.",
        ]
    text += [
        "How often a goal is met has Wilson's 95 % interval. “Met” and “not met” are said where the whole interval "
        "lies on one side of the chance asked for; “undecided” asks for more runs.",
        "These are results of a simulation model under stated assumptions, not forecasts.",
    ]
    return Section("intervals", "What the intervals mean", text)


def _bands() -> Section:
    text = (
        "On every day, the 5th, 25th, 50th, 75th and 95th percentile across the trajectories of one setting. A band is "
        "the spread of outcomes, not an error bar, and does not shrink with more runs; it is not the path of a run. "
        "Stacked areas show means, because the parts' means add up to the mean of the whole and their medians need not."
    )
    return Section("bands", "How bands are computed", [text])


def _kpis(store: Store) -> Section | None:
    kpis = store.manifest["kpis"]
    if not kpis:
        return None
    names = ("metric", "aggregation", "direction", "unit", "description")
    heads = [Column(head, words=True) for head in ("KPI", "Metric", "Aggregation", "Better", "Unit", "Description")]
    rows = [
        Row([Cell(str(kpi.get("label") or kpi["name"])), *(Cell(str(kpi.get(name) or "")) for name in names)])
        for kpi in kpis
    ]
    frame = pd.DataFrame([{"kpi": kpi["name"], **{name: kpi.get(name) or "" for name in names}} for kpi in kpis])
    return Section("kpis", "How the KPIs are defined", tables=[Table("kpi-definitions", "", heads, rows, frame)])


def _mechanisms(store: Store) -> Section:
    off = {str(name) for name in store.manifest.get("mechanisms_off") or ()}
    known = {**MECHANISMS, **dict.fromkeys(sorted(off - set(MECHANISMS)), "")}
    rows = [
        Row([Cell(name, code=True), Cell("off" if name in off else "on", "changed" if name in off else ""), Cell(what)])
        for name, what in known.items()
    ]
    heads = [Column("Mechanism", words=True), Column("State", words=True), Column("What", words=True)]
    frame = pd.DataFrame([{"mechanism": name, "on": name not in off, "what": what} for name, what in known.items()])
    count = f"{counted(len(off), 'mechanism')} off." if off else "All mechanisms are on."
    return Section("mechanisms", "Mechanisms", [count], tables=[Table("mechanisms", "", heads, rows, frame)])


def _scripted(store: Store) -> Section:
    """Phases, shocks, attacks, proposals and what is given from outside."""
    economy = dict(store.manifest.get("economy") or {})
    values = dict(store.manifest.get("parameters") or {})
    phases = [
        f"{name} from day {values.get(phase.since, 0) if phase.since else 0}"
        for name, phase in PHASES.items()
        if phase.since and values.get(phase.since)
    ]
    facts = [*_start(economy), ("Launch", f"in phases: {', '.join(phases)}" if phases else "everything from day 0")]
    for key, title in SCRIPTED.items():
        entries = economy.get(key) or []
        shown = [_entry(entry) for entry in entries] if isinstance(entries, list) else list(map(str, entries))
        facts += [(title, one) for one in shown] or [(title, "none")]
    facts += [("Noise", "off: every draw at its mean")] if economy.get("noise") is False else []
    facts += [("Arithmetic", "Go's truncation of the spec")] if economy.get("go_literal") else []
    return Section("scenario", "What is scripted", facts=facts)


def _start(economy: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The state of a live network that runs start from, if they do."""
    start = economy.get("start")
    if isinstance(start, Mapping):
        tokens = value_text((start["minted"] - start["burned"]) / NQUIV_PER_QUIV, "QUIV")
        yield "Starts from", f"a snapshot of a live network on its day {start['day']}, with {tokens} in being"


def _entry(entry: Any) -> str:
    """A shock, attack or proposal in one line: what is set of it."""
    if not isinstance(entry, Mapping):
        return str(entry)
    return ", ".join(f"{key} {value}" for key, value in entry.items() if value not in (None, "", [], {}, False))


def _changed(values: Mapping[str, Any]) -> list[Section]:
    """The parameters that are not at their default, in a table of their own."""
    changed = {name: value for name, value in values.items() if _differs(name, value)}
    text = "Values before the sweep changes any." if values else "The store's manifest has no parameters."
    if values and not changed:
        return [Section("changed", "Changed from the defaults", [f"No parameter differs from its default. {text}"])]
    tables = [parameter_table("changed", changed)] if changed else []
    return [Section("changed", "Changed from the defaults", [text], tables=tables)]


def _parameters(values: Mapping[str, Any]) -> list[Section]:
    """All parameters, a table a contract."""
    contracts: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        contracts.setdefault(name.split(".")[0] if name in REGISTRY else "", {})[name] = value
    order = [*Contracts.model_fields, ""]
    return [
        Section(
            f"contract-{slug(contract)}", f"Parameters: {contract or 'others'}", tables=[_contract(contract, found)]
        )
        for contract in order
        if (found := contracts.get(contract))
    ]


def _contract(contract: str, values: Mapping[str, Any]) -> Table:
    return parameter_table(f"parameters-of-{slug(contract)}", values)


def parameter_table(name: str, values: Mapping[str, Any]) -> Table:
    """Parameters with value, unit, default, who may change them, source and what they are."""
    heads = ("Parameter", "Value", "Default", "Governed by", "Source", "What it is")
    rows, records = [], []
    for key, value in values.items():
        known = REGISTRY.get(key)
        unit = known.unit if known else ""
        governed = f"{known.governed} proposals" if known and known.governed else "nobody"
        default = _shown(known.default, unit) if known else ""
        mark = "changed" if _differs(key, value) else ""
        source, doc = (known.source, known.doc) if known else ("", "")
        rows.append(
            Row([Cell(key, code=True), Cell(_shown(value, unit), mark), *map(Cell, (default, governed, source, doc))])
        )
        records.append({"parameter": key, "value": json.dumps(value), "unit": unit, "governed": governed})
    return Table(name, "", [Column(head, words=True) for head in heads], rows, pd.DataFrame(records))


def _differs(name: str, value: Any) -> bool:
    """Whether a value is not the default; a list in JSON is a tuple in the registry."""
    if name not in REGISTRY:
        return False
    default = REGISTRY[name].default
    return bool(value != (list(default) if isinstance(default, tuple) and isinstance(value, list) else default))


def _shown(value: Any, unit: str) -> str:
    """A value with its unit; a list as its elements."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item, unit) for item in value)
    return value_text(value, unit)
