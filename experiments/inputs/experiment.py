"""Experiment files: a scenario, a design of settings, how often each is run in which environment, and KPIs to judge by.

Every design point's economy is built and checked, at the corners of the environment too, before anything is simulated.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from experiments.errors import Problems, RequestError, UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.design import Design, build, lay_out, read_controls, read_design
from experiments.inputs.environment import Environment, check_corners, read_environment
from experiments.inputs.kpis import check_goals, read_goals, read_kpis, read_metrics
from experiments.inputs.plan import Kpi
from experiments.inputs.ranges import Spread, axis, own_values
from experiments.inputs.scenario import MOST_DAYS, load_scenario
from experiments.inputs.shipped import Source, find_experiment, scenario_names
from experiments.inputs.stopping import Rule, read_stopping
from experiments.inputs.strict_yaml import read_mapping, read_text
from model.economy import Economy
from model.parameters import flatten
from policies import MECHANISMS

TEXT = ("name", "title", "question")
WHAT = ("scenario", "preset", "days", "runs", "stopping", "seed")
KEYS = (*TEXT, *WHAT, "controls", "design", "environment", "kpis", "goals", "keep", "metrics")
KEEP = ("kpis", "summary", "thin", "full")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MOST_RUNS = 1_000_000


@dataclass(frozen=True)
class Experiment:
    """A checked experiment. `base` is the scenario's own economy, `metrics` are recorded, `text` is the file itself.

    `settings` are the design's points and `built` their economies, today's among them. With `stopping` rules, `runs` is
    the most there may be.
    """

    name: str
    title: str
    question: str
    scenario: str
    base: Economy
    days: int
    runs: int
    seed: int
    controls: Mapping[str, Spread]
    kpis: tuple[Kpi, ...]
    settings: tuple[dict[str, Any], ...]
    environment: Environment = field(default_factory=Environment)
    stopping: tuple[Rule, ...] = ()
    goals: Mapping[str, str] = field(default_factory=dict)
    keep: str = "thin"
    metrics: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    built: tuple[Economy, ...] = field(default=(), repr=False, compare=False)

    def points(self) -> list[dict[str, Any]]:
        """The settings of every design point, by dotted name."""
        return [dict(point) for point in self.settings]

    def economies(self) -> list[Economy]:
        """The economy of every design point."""
        return list(self.built)

    def axes(self) -> list[dict[str, Any]]:
        """Each control with a label, its unit, the values that it takes and the one of today."""
        today = own_values(self.base, self.controls)
        taken = {key: list(dict.fromkeys(point[key] for point in self.settings)) for key in self.controls}
        return [{**axis(key), "values": taken[key], "today": today[key]} for key in self.controls]

    def today_index(self) -> int:
        """The design point that is the scenario as it stands; every design has it."""
        return self.settings.index(own_values(self.base, self.controls))

    def digest(self) -> str:
        """Twelve hex digits of what is asked; comments and layout of the file do not count."""
        asked = {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "economy": resolved(self.base),
            "runs": self.runs,
            "seed": self.seed,
            "controls": list(self.controls),
            "points": [list(point.values()) for point in self.settings],
            "environment": asdict(self.environment),
            "stopping": [asdict(rule) for rule in self.stopping],
            "goals": dict(self.goals),
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
    own, folder = base or Economy(), source.path.parent
    design = read_design(content.get("design"), own, folder, where, problems)
    controls = read_controls(content.get("controls"), design, where, problems)
    environment = read_environment(content.get("environment"), controls, folder, where, problems)
    before = len(problems.sentences)
    kpis = read_kpis(content.get("kpis"), own.days, where, problems)
    goals = read_goals(content.get("goals"), where, problems)
    if len(problems.sentences) == before:
        check_goals(goals, kpis, where, problems)
    runs, stopping = _runs(content, kpis, where, problems)
    seed = _whole(content, "seed", 1, 0, validate.MOST_SEED, where, problems) or 0
    name = _name(texts["name"] or source.name, where, problems)
    keep = _keep(content, where, problems)
    metrics = read_metrics(content.get("metrics"), kpis, where, problems)
    problems.raise_any()
    settings = lay_out(design or Design(), controls, own, seed)
    built = build(own, settings, where, problems)
    problems.raise_any()
    check_corners(environment, built, where, problems)
    if any(rule.difference for rule in stopping) and len(settings) == 1:
        problems.add(where, "stopping", UnfitError("a difference with one design point", "two points or more"))
    problems.raise_any()
    return Experiment(
        name=name,
        title=texts["title"] or texts["name"] or source.name,
        question=texts["question"],
        scenario=str(content.get("scenario") or content.get("preset")),
        base=own,
        days=own.days,
        runs=runs,
        seed=seed,
        controls=controls,
        kpis=kpis,
        settings=settings,
        environment=environment,
        stopping=stopping,
        goals=goals,
        keep=keep,
        metrics=metrics,
        text=read_text(source.path, where),
        built=built,
    )


def _runs(content: dict[str, Any], kpis: Sequence[Kpi], where: str, problems: Problems) -> tuple[int, tuple[Rule, ...]]:
    """The runs of each design point, and the rules by which there may be fewer."""
    names = [kpi.name for kpi in kpis]
    rules = read_stopping(content.get("stopping"), names, MOST_RUNS, where, problems)
    if content.get("stopping") is not None and content.get("runs") is not None:
        wrong = UnfitError(f"{show(content['runs'])} beside stopping", "one of them; max_runs is the most runs")
        problems.add(where, "runs", wrong)
    runs = _whole(content, "runs", 100, 1, MOST_RUNS, where, problems) or 1
    return max((rule.max_runs for rule in rules), default=runs), rules


def resolved(economy: Economy) -> dict[str, Any]:
    """All that an economy's figures depend on, as plain data."""
    started = {"start": asdict(economy.start)} if economy.start else {}
    return started | {
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
        return "" if content.get(key) is None else " ".join(validate.text(content[key]).split())
    except UnfitError as error:
        problems.add(where, key, error)
        return ""


def _whole(
    content: dict[str, Any], key: str, default: int | None, low: int, high: int, where: str, problems: Problems
) -> int | None:
    if content.get(key) is None:
        return default
    try:
        return validate.whole(content[key], low, high, "" if key == "seed" else key)
    except UnfitError as error:
        problems.add(where, key, error)
        return default


def _name(name: str, where: str, problems: Problems) -> str:
    if not NAME.fullmatch(name):
        problems.add(where, "name", UnfitError(show(name), "letters, digits, - and _, as it names the store's folder"))
    return name


def _keep(content: dict[str, Any], where: str, problems: Problems) -> str:
    try:
        return validate.choice(content.get("keep", "thin"), KEEP)
    except UnfitError as error:
        problems.add(where, "keep", error)
        return "thin"
