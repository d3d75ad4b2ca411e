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

from experiments.engines.wiring import MECHANISMS
from experiments.errors import UnfitError, show
from experiments.inputs import validate
from experiments.inputs.design import Design, build, lay_out, read_controls, read_design
from experiments.inputs.environment import Environment, check_corners, read_environment
from experiments.inputs.kpis import check_goals, read_goals, read_kpis, read_metrics
from experiments.inputs.plan import Kpi
from experiments.inputs.ranges import Domain, axis, own_values
from experiments.inputs.reader import Reader
from experiments.inputs.scenario import MOST_DAYS, load_scenario
from experiments.inputs.shipped import find_experiment, scenario_names
from experiments.inputs.stopping import Rule, read_stopping
from experiments.inputs.strict_yaml import mapping_of
from experiments.inputs.text_file import path_of, read_text
from model.economy import Economy
from model.parameters import flatten

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
    controls: Mapping[str, Domain]
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
            "environment": {"spreads": _plain(self.environment.domains), "files": _plain(self.environment.files)},
            "stopping": _plain(self.stopping),
            "goals": dict(self.goals),
            "kpis": _plain(self.kpis),
            "keep": self.keep,
            "metrics": list(self.metrics),
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]


def load_experiment(name_or_path: str | Path) -> Experiment:
    """A shipped experiment or a file, checked as a whole; `RequestError` has every problem."""
    source = find_experiment(name_or_path)
    text = read_text(source.path, source.where)
    file, folder = Reader(source.where, mapping_of(text, source.where)), source.path.parent
    file.only(KEYS, "an experiment", {"extends": f" (a scenario? quiver-sim run {source.path})"})
    texts = {key: " ".join(file.at(key).text().split()) for key in TEXT}
    days = file.at("days").whole(1, MOST_DAYS, "days", None)
    base = _scenario(file, folder, days)
    design = read_design(file.at("design"), base, folder)
    controls = read_controls(file.at("controls"), design)
    environment = read_environment(file.at("environment"), controls, folder)
    before = file.noted
    kpis = read_kpis(file.at("kpis"), base.days)
    goals = read_goals(file.at("goals"))
    if file.noted == before:
        check_goals(goals, kpis, file)
    runs, stopping = _runs(file, kpis)
    seed = file.at("seed").whole(0, validate.MOST_SEED, "", 1)
    name = texts["name"] or source.name
    if not NAME.fullmatch(name):
        file.note(UnfitError(show(name), "letters, digits, - and _, as it names the store's folder"), "name")
    keep = file.sub("keep", file.found.get("keep", "thin")).read(lambda found: validate.choice(found, KEEP), "thin")
    metrics = read_metrics(file.at("metrics"), kpis)
    file.problems.raise_any()
    settings = lay_out(design or Design(), controls, base, seed)
    built = build(base, settings, file)
    file.problems.raise_any()
    check_corners(environment, built, file.at("environment"))
    if any(rule.difference for rule in stopping) and len(settings) == 1:
        file.note(UnfitError("a difference with one design point", "two points or more"), "stopping")
    file.problems.raise_any()
    return Experiment(
        name=name,
        title=texts["title"] or texts["name"] or source.name,
        question=texts["question"],
        scenario=str(file.found.get("scenario") or file.found.get("preset")),
        base=base,
        days=base.days,
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
        text=text,
        built=built,
    )


def _runs(file: Reader, kpis: Sequence[Kpi]) -> tuple[int, tuple[Rule, ...]]:
    """The runs of each design point, and the rules by which there may be fewer."""
    rules = read_stopping(file.at("stopping"), [kpi.name for kpi in kpis], MOST_RUNS)
    at = file.at("runs")
    if file.found.get("stopping") is not None and at.found is not None:
        at.note(UnfitError(f"{show(at.found)} beside stopping", "one of them; max_runs is the most runs"))
    runs = at.whole(1, MOST_RUNS, "runs", 100)
    return max((rule.max_runs for rule in rules), default=runs), rules


def _plain(declared: Sequence[Any]) -> list[dict[str, Any]]:
    return [asdict(item) for item in declared]


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


def _scenario(file: Reader, folder: Path, days: int | None) -> Economy:
    """The economy of the scenario that the file names, or the default with what is wrong noted."""
    given = [key for key in ("scenario", "preset") if file.found.get(key) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "neither"
        file.note(UnfitError(found, "one of scenario and preset, a name or a file"), "scenario")
        return Economy()
    at = file.at(given[0])
    if not isinstance(at.found, str):
        at.note(UnfitError(show(at.found), "the name or path of a scenario"))
        return Economy()
    with at.noting():
        local = path_of(at.found, folder)
        is_file = local.is_file() or local.suffix in (".yaml", ".yml")
        return load_scenario(local if is_file and at.found not in scenario_names() else at.found, days=days)
    return Economy()
