"""Proposal files: what governance is asked to change, why, by which goals it is judged, and under which stress.

A file is strict YAML, as an experiment's is. It names a scenario that ships, and no other file but the snapshot of a
live network from which its runs start, so that whoever has the pack can run it again. All that is wrong with it is
reported together, before anything runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import prod
from pathlib import Path
from typing import Any

from experiments.errors import RequestError, UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.design import Point, build
from experiments.inputs.environment import Environment, check_corners, read_environment
from experiments.inputs.experiment import MOST_RUNS
from experiments.inputs.kpis import read_kpis
from experiments.inputs.plan import Kpi
from experiments.inputs.ranges import own_values
from experiments.inputs.reader import Reader
from experiments.inputs.scenario import MOST_DAYS, load_scenario, override, start_from
from experiments.inputs.shipped import find_proposal, preset_names, scenario_names
from experiments.inputs.snapshot import as_text, read_document, read_snapshot
from experiments.inputs.stopping import Rule, read_stopping
from experiments.inputs.strict_yaml import mapping_of
from experiments.inputs.text_file import path_of, read_text
from experiments.proposals.stress import Stress, read_stress
from model.codes import PROPOSAL_TYPES
from model.economy import Economy
from model.parameters import GOVERNED, REGISTRY

TEXT = ("title", "author", "rationale", "review")
REQUIRED = (*TEXT, "type", "changes", "kpis")
OPTIONAL = ("alternatives", "today", "quarter_start", "delay_days", "valid_days", "references")
RUNNING = ("scenario", "start", "days", "runs", "stopping", "seed", "environment", "stress")
KEYS = (*REQUIRED, *OPTIONAL, *RUNNING)
MOST_TEXT = 20_000
MOST_ITEMS = {"alternatives": 10, "kpis": 40, "stress": 10, "references": 100}
MOST_TRAJECTORIES = 50_000
"""Scenarios times settings times runs: so many make 100 MB of outcomes, and a day of simulating."""

PAYMENT = "treasury.payment_quiv"
Opener = Callable[[str], dict[str, Any]]
"""Gives the content of the snapshot that a file names."""


@dataclass(frozen=True)
class Proposal:
    """A proposal as its file has it. `base` is today's economy, with agents' own proposing frozen.

    `changes` are the new values by dotted name, in the file's order; `alternatives` other values to compare;
    `quarter_start` the values at the quarter's start where they are not today's. `delay_days` lie between submission
    and effect; the evidence counts for `valid_days`; `review` is an ISO date. `snapshot` is the text of the state of a
    live network from which runs start, if the file names one.
    """

    title: str
    author: str
    rationale: str
    review: str
    type: str
    changes: Mapping[str, float]
    alternatives: tuple[Point, ...]
    quarter_start: Mapping[str, float]
    delay_days: int | None
    valid_days: int
    references: tuple[str, ...]
    scenario: str
    base: Economy
    runs: int
    seed: int
    environment: Environment
    stopping: tuple[Rule, ...]
    kpis: tuple[Kpi, ...]
    stress: tuple[Stress, ...]
    text: str = field(repr=False)
    snapshot: str | None = field(repr=False)

    @property
    def today(self) -> Point:
        """Today's values of all that the proposal or an alternative changes."""
        keys = dict.fromkeys([*self.changes, *(key for point in self.alternatives for key in point)])
        return own_values(self.base, keys)

    @property
    def settings(self) -> dict[str, Point]:
        """The settings to compare by name: today, the proposal, each alternative."""
        others = {f"alternative {place}": point for place, point in enumerate(self.alternatives, start=1)}
        named: dict[str, Point] = {"today": {}, "proposed": dict(self.changes), **others}
        return {name: self.today | point for name, point in named.items()}


def load_proposal(name_or_path: str | Path) -> Proposal:
    """A shipped proposal or a file, checked as a whole; `RequestError` has every problem."""
    source = find_proposal(name_or_path)

    def beside(name: str) -> dict[str, Any]:
        path = path_of(name, source.path.parent)
        return read_document(path, str(path))

    return read_proposal(read_text(source.path, source.where), source.where, beside)


def nothing_beside(name: str) -> dict[str, Any]:
    """For a text without a folder: it cannot start from a snapshot."""
    raise RequestError(f"found {show(name)}, and no file is here; allowed: a proposal without a start")


def read_proposal(text: str, where: str, beside: Opener = nothing_beside) -> Proposal:
    """The proposal that a text holds; `where` names it in what is wrong with it, `beside` opens what it starts from."""
    file = Reader(where, mapping_of(text, where))
    file.only(KEYS, "a proposal")
    for key in REQUIRED:
        if file.found.get(key) is None:
            file.note("missing; every proposal has " + ", ".join(REQUIRED), key)
    for key, most in MOST_ITEMS.items():
        if isinstance(file.found.get(key), list) and len(file.found[key]) > most:
            file.note(UnfitError(f"{len(file.found[key]):,} items", f"at most {most}"), key)
    file.problems.raise_any()
    document = _start(file.at("start"), beside)
    base = _base(file, document)
    changes = _points(file.at("changes"))
    alternatives = file.at("alternatives")
    listed = alternatives.items("alternatives, each parameters and values") if alternatives.found is not None else []
    points = [_points(item) for item in listed]
    environment = read_environment(file.at("environment"), changes, Path())
    kpis = read_kpis(file.at("kpis"), base.days) if file.found.get("kpis") is not None else ()
    if kpis and all(kpi.chance is None for kpi in kpis):
        file.note(UnfitError("no chance", "at least one KPI with threshold, unit and chance"), "kpis")
    runs, stopping = _runs(file, [kpi.name for kpi in kpis])
    proposal = Proposal(
        **{key: file.at(key).value(iso_date if key == "review" else _text, "") for key in TEXT},
        type=file.at("type").choice(PROPOSAL_TYPES, ""),
        changes=changes,
        alternatives=tuple(points),
        quarter_start=_points(file.sub("quarter_start", file.found.get("quarter_start") or {}), some=False),
        delay_days=file.at("delay_days").whole(0, MOST_DAYS, "days", None),
        valid_days=file.at("valid_days").whole(1, MOST_DAYS, "days", 90),
        references=tuple(file.at("references").value(_references, [])),
        scenario=str(file.found.get("scenario", "whitepaper")),
        base=base,
        runs=runs,
        seed=file.at("seed").whole(0, validate.MOST_SEED, "", 1),
        environment=environment,
        stopping=stopping,
        kpis=kpis,
        stress=read_stress(file.at("stress"), base),
        text=text,
        snapshot=None if document is None else as_text(document),
    )
    if environment.files:
        file.note(UnfitError("a file", "low and high, or values: a pack must stand alone"), "environment")
    file.problems.raise_any()
    _check_settings(proposal, file)
    file.problems.raise_any()
    return proposal


def _check_settings(proposal: Proposal, file: Reader) -> None:
    """Every setting can be built, at the corners of the environment too, and no two are alike."""
    seen: dict[tuple[Any, ...], str] = {}
    for name, point in proposal.settings.items():
        other = seen.setdefault(tuple(point.values()), name)
        if other != name:
            key = "changes" if name == "proposed" else name
            file.note(UnfitError(f"the same values as {other}", "values that differ"), key)
    counts = len(proposal.stress), len(proposal.settings), proposal.runs
    if prod(counts) > MOST_TRAJECTORIES:
        found = "{:,} scenarios times {:,} settings times {:,} runs".format(*counts)
        file.note(UnfitError(found, f"at most {MOST_TRAJECTORIES:,} trajectories"), "runs")
    alternatives = tuple(proposal.settings.values())[2:]
    check_corners(proposal.environment, build(proposal.base, alternatives, file), file.at("environment"))


def _start(at: Reader, beside: Opener) -> dict[str, Any] | None:
    """The content of the snapshot from which runs start, if the file names one."""
    return at.value(lambda found: beside(validate.text(found)), None)


def _base(file: Reader, document: dict[str, Any] | None) -> Economy:
    """Today's economy: a shipped scenario, the live network, what else differs today, and nobody else proposing."""
    name = file.found.get("scenario", "whitepaper")
    shipped = (*preset_names(), *scenario_names())
    if name not in shipped:
        listed = unknown(name, "scenario", shipped, "a scenario that ships (quiver-sim scenarios)")
        file.note(f"{show(name)}: {listed}", "scenario")
        return Economy()
    before = file.noted
    days = file.at("days").whole(1, MOST_DAYS, "days", None)
    if file.noted > before:
        return Economy()
    economy = load_scenario(name, days=days)
    with file.anywhere.noting():
        if document is not None:
            economy = start_from(economy, read_snapshot(document, str(file.found["start"])), f"{file.where}: start")
        given = file.at("today").mapping("parameters and today's values")
        economy = override(economy, given, f"{file.where}: today")
    return replace(economy, mechanisms={**economy.mechanisms, "proposing": False})


def _points(at: Reader, some: bool = True) -> Point:
    """Governed parameters and values within their bounds."""
    found = at.found
    if found is None:
        return {}
    if not isinstance(found, dict) or (some and not found):
        at.note(UnfitError(show(found), "governed parameters and values, {fees.burn_share: 0.6}"))
        return {}
    point: Point = {}
    for name, value in found.items():
        if name not in GOVERNED or name == PAYMENT:
            at.note(_refusal(name), name)
            continue
        with at.sub(name).noting():
            point[name] = validate.parameter_value(REGISTRY[name], value)
    return point


def _refusal(name: str) -> str:
    if name == PAYMENT:
        return "found a payment; allowed: a parameter that holds from day to day (a payment is no setting to compare)"
    if name in REGISTRY:
        return f"found {name}, which governance may not change; allowed: a governed parameter (quiver-sim params)"
    return unknown(name, "parameter", GOVERNED, "a governed parameter (quiver-sim params)")


def _runs(file: Reader, names: list[str]) -> tuple[int, tuple[Rule, ...]]:
    rules = read_stopping(file.at("stopping"), names, MOST_RUNS)
    if file.found.get("stopping") is not None and file.found.get("runs") is not None:
        file.note(UnfitError(f"{show(file.found['runs'])} beside stopping", "one of them"), "runs")
    at = file.sub("runs", file.found.get("runs", 40))
    runs = at.read(lambda found: validate.whole(found, 2, MOST_RUNS, "runs"), 2)
    return max((rule.max_runs for rule in rules), default=runs), rules


def _text(found: Any) -> str:
    text = validate.text(found)
    if not text or len(text) > MOST_TEXT:
        raise UnfitError(f"{len(text):,} characters", f"text of 1 to {MOST_TEXT:,} characters")
    return text


def iso_date(found: Any) -> str:
    """An ISO date; UnfitError where it is none."""
    try:
        return date.fromisoformat(validate.text(found)).isoformat()
    except ValueError:
        raise UnfitError(show(found), "a date such as 2027-03-01") from None


def _references(found: Any) -> list[str]:
    return [_text(item) for item in validate.sequence(found, "references, each a text")]
