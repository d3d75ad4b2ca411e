"""The design of an experiment: where its points lie, each one's economy built and checked.

A grid is the Cartesian product of `controls` in the order of the file, the last key fastest. A Latin hypercube cuts
each control's range into as many parts as there are points and uses each part once; a scrambled Sobol sequence fills
all of them together evenly. Both are drawn by the experiment's seed. Points can also be a list. Points that are alike
count once, and today's point, the scenario as it stands, is added at the end unless the design has it, so that every
point has a paired difference to it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import qmc

from experiments.errors import Problems, RequestError, UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.csv_table import read_table
from experiments.inputs.ranges import SCALARS, SWITCHES, Spread, fit, no_such, own_values, read_range, read_values
from experiments.inputs.scenario import override
from model.draws import stream
from model.economy import Economy

MOST_POINTS = 100_000
GRID, LATIN, SOBOL, LIST = KINDS = ("grid", "latin_hypercube", "sobol", "list")
KEYS = {GRID: ("kind",), LATIN: ("kind", "points"), SOBOL: ("kind", "points"), LIST: ("kind", "points", "file")}

Controls = Mapping[str, Spread]
Point = dict[str, Any]


@dataclass(frozen=True)
class Design:
    """How controls are laid out: `count` points drawn, or those `listed`, or neither in a grid."""

    kind: str = GRID
    count: int = 0
    listed: tuple[Point, ...] = ()

    def points(self, controls: Controls, seed: int) -> list[Point]:
        """The settings of the design, each once."""
        drawn = self._listed(controls) if self.kind == LIST else grid(controls) if self.kind == GRID else None
        drawn = _drawn(controls, self._cube(len(controls), seed)) if drawn is None else drawn
        return list({tuple(point.values()): point for point in drawn}.values())

    def _listed(self, controls: Controls) -> list[Point]:
        return [{key: point[key] for key in controls} for point in self.listed]

    def _cube(self, controls: int, seed: int) -> np.ndarray:
        """Points of the unit cube, `(count, controls)`."""
        rng = np.random.default_rng([seed, stream("design")])
        if self.kind == LATIN:
            return np.asarray(qmc.LatinHypercube(controls, rng=rng).random(self.count))
        return np.asarray(qmc.Sobol(controls, rng=rng).random_base2(self.count.bit_length() - 1))


def grid(controls: Controls) -> list[Point]:
    """The Cartesian product in the order of the file, the last control fastest."""
    product = itertools.product(*(spread.values for spread in controls.values()))
    return [dict(zip(controls, point, strict=True)) for point in product]


def _drawn(controls: Controls, cube: np.ndarray) -> list[Point]:
    return [{key: spread.at(place) for (key, spread), place in zip(controls.items(), row, strict=True)} for row in cube]


def lay_out(design: Design, controls: Controls, base: Economy, seed: int) -> tuple[Point, ...]:
    """The design's points, and today's if it is not one of them."""
    points, today = design.points(controls, seed), own_values(base, controls)
    return tuple(points if today in points else [*points, today])


def build(base: Economy, points: Sequence[Point], where: str, problems: Problems) -> tuple[Economy, ...]:
    """Every design point's economy; a setting that no economy can have is a problem of the file."""
    built = []
    for point in points:
        try:
            built.append(override(base, point, f"{where}: controls"))
        except RequestError as error:
            for sentence in error.problems:
                problems.add("", "", sentence)
    return tuple(built)


def read_design(found: Any, base: Economy, folder: Path, where: str, problems: Problems) -> Design | None:
    """How controls are laid out; None with what is wrong noted. A file of points is read from `folder`."""
    if found is None or found == GRID:
        return Design()
    if not isinstance(found, dict) or "kind" not in found:
        allowed = "grid, {kind: latin_hypercube, points: 64}, {kind: sobol, points: 64} or {kind: list, points: [...]}"
        problems.add(where, "design", UnfitError(show(found), allowed))
        return None
    before = len(problems.sentences)
    try:
        kind = validate.choice(found["kind"], KINDS)
    except UnfitError as error:
        problems.add(where, "design.kind", error)
        return None
    for key in found:
        if key not in KEYS[kind]:
            problems.add(where, f"design.{key}", unknown(key, f"key of a {kind} design", KEYS[kind]))
    design = _listed(found, base, folder, where, problems) if kind == LIST else _sampled(kind, found, where, problems)
    return design if len(problems.sentences) == before else None


def _sampled(kind: str, found: dict[str, Any], where: str, problems: Problems) -> Design:
    if kind == GRID:
        return Design()
    try:
        count = validate.whole(found.get("points"), 2, MOST_POINTS, "points")
    except UnfitError as error:
        problems.add(where, "design.points", error)
        return Design(kind, 2)
    if kind == SOBOL and count & (count - 1):
        above = 1 << count.bit_length()
        problems.add(where, "design.points", UnfitError(show(count), f"a power of two; nearest: {above // 2}, {above}"))
    return Design(kind, count)


def _listed(found: dict[str, Any], base: Economy, folder: Path, where: str, problems: Problems) -> Design:
    given = [key for key in ("points", "file") if found.get(key) is not None]
    if len(given) != 1:
        wrong = UnfitError(" and ".join(given) or "neither", "one of points, a list, and file, a CSV file")
        problems.add(where, "design", wrong)
        return Design(LIST)
    if given == ["file"]:
        rows = read_file(found["file"], folder, "design.file", _refusal, where, problems)
    else:
        rows = _points(found["points"], where, problems)
    if len(rows) > MOST_POINTS:
        problems.add(where, f"design.{given[0]}", UnfitError(f"{len(rows):,} points", f"at most {MOST_POINTS:,}"))
    keys = list(dict.fromkeys(key for row in rows for key in row))
    own = own_values(base, keys)
    return Design(LIST, 0, tuple(own | row for row in rows))


def read_file(found: Any, folder: Path, place: str, refusal: Any, where: str, problems: Problems) -> list[Point]:
    """The rows of a CSV file that an experiment names; none, with what is wrong noted."""
    try:
        return read_table(folder / Path(validate.text(found)).expanduser(), refusal)
    except UnfitError as error:
        problems.add(where, place, error)
    except RequestError as error:
        for sentence in error.problems:
            problems.add(where, place, sentence)
    return []


def _refusal(column: str) -> str:
    return "" if column in (*SCALARS, *SWITCHES) else no_such(column, "control")


def _points(found: Any, where: str, problems: Problems) -> list[Point]:
    if not isinstance(found, list) or not found:
        wrong = UnfitError(show(found), "a list of points, such as [{fees.burn_share: 0.3}]")
        problems.add(where, "design.points", wrong)
        return []
    rows: list[Point] = []
    for position, item in enumerate(found):
        place = f"design.points[{position}]"
        if not isinstance(item, dict) or not item:
            problems.add(where, place, UnfitError(show(item), "parameters and their values"))
            continue
        rows.append(_point(item, place, where, problems))
    return rows


def _point(item: dict[str, Any], place: str, where: str, problems: Problems) -> Point:
    read = {}
    for key, value in item.items():
        if sentence := _refusal(key):
            problems.add(where, f"{place}.{key}", sentence)
            continue
        try:
            read[key] = fit(key, value)
        except UnfitError as error:
            problems.add(where, f"{place}.{key}", error)
    return read


def read_controls(found: Any, design: Design | None, where: str, problems: Problems) -> dict[str, Spread]:
    """The parameters that vary and what each may be; notes what is wrong with them."""
    if design is None and found is None:
        return {}
    if design is not None and design.kind == LIST:
        if found is not None:
            problems.add(where, "controls", UnfitError("controls and a list of points", "one or the other"))
        keys = design.listed[0] if design.listed else {}
        return {key: Spread(key, tuple(dict.fromkeys(point[key] for point in design.listed))) for key in keys}
    try:
        given = validate.mapping(found, "parameters and the values that each takes")
    except UnfitError as error:
        problems.add(where, "controls", error)
        return {}
    if not given:
        problems.add(where, "controls", UnfitError("none", "at least one parameter and the values that it takes"))
    spreads = {key: _control(key, item, design, where, problems) for key, item in given.items()}
    controls = {key: spread for key, spread in spreads.items() if spread is not None}
    points = math.prod(len(spread.values) for spread in controls.values())
    if design is not None and design.kind == GRID and points > MOST_POINTS:
        problems.add(where, "controls", UnfitError(f"{points:,} settings", f"at most {MOST_POINTS:,}"))
    return controls


def _control(key: str, found: Any, design: Design | None, where: str, problems: Problems) -> Spread | None:
    place = f"controls.{key}"
    if sentence := _refusal(key):
        problems.add(where, place, sentence)
        return None
    if not isinstance(found, dict):
        return read_values(key, found, place, where, problems)
    spread = read_range(key, found, place, where, problems, levels=True)
    if spread is not None and not spread.values and design is not None and design.kind == GRID:
        allowed = "a list of values, or levels in the range, or a design that draws points (sobol, latin_hypercube)"
        problems.add(where, place, UnfitError("a range in a grid", allowed))
        return None
    return spread
