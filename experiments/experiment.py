"""Experiment files: a scenario, a grid of settings, how often each is run, and the KPIs that it is judged by.

The design is the Cartesian product of `controls` in the order of the file, the last key fastest. Every design point's
economy is built and checked before anything is simulated.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from experiments import values
from experiments.design import build, grid, read_controls
from experiments.errors import Problems, RequestError, UnfitError, show, unknown
from experiments.kpis import read_kpis, read_metrics
from experiments.plan import Kpi
from experiments.scenario import MOST_DAYS, load_scenario
from experiments.shipped import Source, find_experiment, scenario_names
from experiments.yaml_files import read_mapping, read_text
from model.economy import MECHANISMS, Economy
from model.parameters import REGISTRY, flatten

TEXT = ("name", "title", "question")
KEYS = (*TEXT, "scenario", "preset", "days", "runs", "seed", "controls", "kpis", "keep", "metrics")
KEEP = ("kpis", "summary", "thin", "full")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MOST_RUNS = 1_000_000


@dataclass(frozen=True)
class Experiment:
    """A checked experiment. `base` is the scenario's own economy, `metrics` are recorded, `text` is the file itself."""

    name: str
    title: str
    question: str
    scenario: str
    base: Economy
    days: int
    runs: int
    seed: int
    controls: Mapping[str, tuple[Any, ...]]
    kpis: tuple[Kpi, ...]
    keep: str = "thin"
    metrics: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    built: tuple[Economy, ...] = field(default=(), repr=False, compare=False)

    def points(self) -> list[dict[str, Any]]:
        """The settings of every design point, by dotted name."""
        return grid(self.controls)

    def economies(self) -> list[Economy]:
        """The economy of every design point."""
        return list(self.built)

    def axes(self) -> list[dict[str, str]]:
        """Each control with a label and its unit."""
        entries = [REGISTRY[key] for key in self.controls]
        return [{"key": entry.name, "label": entry.label, "unit": entry.unit} for entry in entries]

    def today_index(self) -> int | None:
        """The design point that is the scenario as it stands, if the grid has it."""
        own = flatten(self.base.parameters)
        today = {key: own[key] for key in self.controls}
        return next((index for index, point in enumerate(self.points()) if point == today), None)

    def digest(self) -> str:
        """Twelve hex digits of what is asked; comments and layout of the file do not count."""
        asked = {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "economy": resolved(self.base),
            "runs": self.runs,
            "seed": self.seed,
            "controls": [[key, list(found)] for key, found in self.controls.items()],
            "kpis": [asdict(kpi) for kpi in self.kpis],
            "keep": self.keep,
            "metrics": list(self.metrics),
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]


def load_experiment(name_or_path: str | Path) -> Experiment:
    """A shipped experiment or a file, checked as a whole; `RequestError` has every problem."""
    source = find_experiment(name_or_path)
    content, where, problems = read_mapping(source.path, source.where), source.where, Problems()
    for key in content:
        if key not in KEYS:
            hint = f" (a scenario? quiver-sim run {source.path})" if key == "extends" else ""
            problems.add(where, key, unknown(key, "key of an experiment", KEYS) + hint)
    texts = {key: _text(content, key, where, problems) for key in TEXT}
    days = _whole(content, "days", None, 1, MOST_DAYS, where, problems)
    base = _scenario(content, source, days, problems)
    controls = read_controls(content.get("controls"), where, problems)
    kpis = read_kpis(content.get("kpis"), where, problems)
    experiment = Experiment(
        name=_name(texts["name"] or source.name, where, problems),
        title=texts["title"] or texts["name"] or source.name,
        question=texts["question"],
        scenario=str(content.get("scenario") or content.get("preset")),
        base=base or Economy(),
        days=(base or Economy()).days,
        runs=_whole(content, "runs", 100, 1, MOST_RUNS, where, problems) or 1,
        seed=_whole(content, "seed", 1, 0, values.MOST_SEED, where, problems) or 0,
        controls=controls,
        kpis=kpis,
        keep=_keep(content, where, problems),
        metrics=read_metrics(content.get("metrics"), kpis, where, problems),
        text=read_text(source.path, where),
        built=build(base, controls, where, problems) if base and not problems.sentences else (),
    )
    problems.raise_any()
    return experiment


def resolved(economy: Economy) -> dict[str, Any]:
    """All that an economy's figures depend on, as plain data."""
    return {
        "days": economy.days,
        "parameters": flatten(economy.parameters),
        "off": [name for name in MECHANISMS if not economy.on(name)],
        "exogenous": {name: hashlib.sha256(path.tobytes()).hexdigest() for name, path in economy.exogenous.items()},
        "proposals": [asdict(proposal) for proposal in economy.proposals],
        "shocks": [asdict(shock) for shock in economy.shocks],
        "attacks": [asdict(attack) for attack in economy.attacks],
        "noise": economy.noise,
        "go_literal": economy.go_literal,
    }


def _scenario(content: dict[str, Any], source: Source, days: int | None, problems: Problems) -> Economy | None:
    given = [key for key in ("scenario", "preset") if content.get(key) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "neither"
        problems.add(source.where, "scenario", UnfitError(found, "one of scenario and preset, a name or a file"))
        return None
    name = content[given[0]]
    if not isinstance(name, str):
        problems.add(source.where, given[0], UnfitError(show(name), "the name or path of a scenario"))
        return None
    local = source.path.parent / name
    try:
        is_file = local.is_file() or local.suffix in (".yaml", ".yml")
        return load_scenario(local if is_file and name not in scenario_names() else name, days=days)
    except RequestError as error:
        for sentence in error.problems:
            problems.add(source.where, given[0], sentence)
        return None


def _text(content: dict[str, Any], key: str, where: str, problems: Problems) -> str:
    try:
        return "" if content.get(key) is None else " ".join(values.text(content[key]).split())
    except UnfitError as error:
        problems.add(where, key, error)
        return ""


def _whole(
    content: dict[str, Any], key: str, default: int | None, low: int, high: int, where: str, problems: Problems
) -> int | None:
    if content.get(key) is None:
        return default
    try:
        return values.whole(content[key], low, high, "" if key == "seed" else key)
    except UnfitError as error:
        problems.add(where, key, error)
        return default


def _name(name: str, where: str, problems: Problems) -> str:
    if not NAME.fullmatch(name):
        problems.add(where, "name", UnfitError(show(name), "letters, digits, - and _, as it names the store's folder"))
    return name


def _keep(content: dict[str, Any], where: str, problems: Problems) -> str:
    try:
        return values.choice(content.get("keep", "thin"), KEEP)
    except UnfitError as error:
        problems.add(where, "keep", error)
        return "thin"
