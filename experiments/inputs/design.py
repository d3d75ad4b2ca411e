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
from numpy.typing import NDArray
from scipy.stats import qmc

from experiments.errors import UnfitError, show
from experiments.inputs import validate
from experiments.inputs.design_table import read_table
from experiments.inputs.ranges import (
    SCALARS,
    SWITCHES,
    Domain,
    no_such,
    own_values,
    read_range,
    read_values,
    setting_value,
)
from experiments.inputs.reader import Reader
from experiments.inputs.scenario import override
from model.draws import stream
from model.economy import Economy

MOST_POINTS = 100_000
GRID, LATIN, SOBOL, LIST = KINDS = ("grid", "latin_hypercube", "sobol", "list")
KEYS = {GRID: ("kind",), LATIN: ("kind", "points"), SOBOL: ("kind", "points"), LIST: ("kind", "points", "file")}

Controls = Mapping[str, Domain]
Point = dict[str, Any]


@dataclass(frozen=True)
class Design:
    """How controls are laid out: `count` points drawn, or those `listed`, or neither in a grid."""

    kind: str = GRID
    count: int = 0
    listed: tuple[Point, ...] = ()

    def points(self, controls: Controls, seed: int) -> list[Point]:
        """The settings of the design, each once."""
        drawn = self._listed(controls) if self.kind == LIST else full_factorial(controls) if self.kind == GRID else None
        drawn = _drawn(controls, self._cube(len(controls), seed)) if drawn is None else drawn
        return list({tuple(point.values()): point for point in drawn}.values())

    def _listed(self, controls: Controls) -> list[Point]:
        return [{key: point[key] for key in controls} for point in self.listed]

    def _cube(self, controls: int, seed: int) -> NDArray[np.float64]:
        """Points of the unit cube, `(count, controls)`."""
        rng = np.random.default_rng([seed, stream("design")])
        if self.kind == LATIN:
            return np.asarray(qmc.LatinHypercube(controls, rng=rng).random(self.count))
        return np.asarray(qmc.Sobol(controls, rng=rng).random_base2(self.count.bit_length() - 1))


def full_factorial(controls: Controls) -> list[Point]:
    """The Cartesian product in the order of the file, the last control fastest."""
    product = itertools.product(*(domain.values for domain in controls.values()))
    return [dict(zip(controls, point, strict=True)) for point in product]


def _drawn(controls: Controls, cube: NDArray[np.float64]) -> list[Point]:
    return [{key: domain.at(place) for (key, domain), place in zip(controls.items(), row, strict=True)} for row in cube]


def lay_out(design: Design, controls: Controls, base: Economy, seed: int) -> tuple[Point, ...]:
    """The design's points, and today's if it is not one of them."""
    points, today = design.points(controls, seed), own_values(base, controls)
    return tuple(points if today in points else [*points, today])


def build(base: Economy, points: Sequence[Point], file: Reader) -> tuple[Economy, ...]:
    """Every design point's economy; a setting that no economy can have is a problem of the file."""
    built = []
    for point in points:
        with file.anywhere.noting():
            built.append(override(base, point, f"{file.where}: controls"))
    return tuple(built)


def read_design(at: Reader, base: Economy, folder: Path) -> Design | None:
    """How controls are laid out; None with what is wrong noted. A file of points is read from `folder`."""
    if at.found is None or at.found == GRID:
        return Design()
    if not isinstance(at.found, dict) or "kind" not in at.found:
        allowed = "grid, {kind: latin_hypercube, points: 64}, {kind: sobol, points: 64} or {kind: list, points: [...]}"
        at.note(UnfitError(show(at.found), allowed))
        return None
    before = at.noted
    kind = at.at("kind").read(lambda found: validate.choice(found, KINDS), "")
    if not kind:
        return None
    at.only(KEYS[kind], f"a {kind} design")
    design = _listed(at, base, folder) if kind == LIST else _sampled(kind, at.at("points"))
    return design if at.noted == before else None


def _sampled(kind: str, at: Reader) -> Design:
    if kind == GRID:
        return Design()
    count = at.read(lambda found: validate.whole(found, 2, MOST_POINTS, "points"), 2)
    if kind == SOBOL and count & (count - 1):
        above = 1 << count.bit_length()
        at.note(UnfitError(show(count), f"a power of two; nearest: {above // 2}, {above}"))
    return Design(kind, count)


def _listed(at: Reader, base: Economy, folder: Path) -> Design:
    given = [key for key in ("points", "file") if at.found.get(key) is not None]
    if len(given) != 1:
        at.note(UnfitError(" and ".join(given) or "neither", "one of points, a list, and file, a CSV file"))
        return Design(LIST)
    place = at.at(given[0])
    is_file = given == ["file"]
    rows = place.file(folder, lambda path: read_table(path, _refusal)) or [] if is_file else _points(place)
    if len(rows) > MOST_POINTS:
        place.note(UnfitError(f"{len(rows):,} points", f"at most {MOST_POINTS:,}"))
    keys = list(dict.fromkeys(key for row in rows for key in row))
    own = own_values(base, keys)
    return Design(LIST, 0, tuple(own | row for row in rows))


def _refusal(column: str) -> str:
    return "" if column in (*SCALARS, *SWITCHES) else no_such(column, "control")


def _points(at: Reader) -> list[Point]:
    if not isinstance(at.found, list) or not at.found:
        at.note(UnfitError(show(at.found), "a list of points, such as [{fees.burn_share: 0.3}]"))
        return []
    rows: list[Point] = []
    for position, item in enumerate(at.found):
        place = at.sub(f"[{position}]", item)
        if not isinstance(item, dict) or not item:
            place.note(UnfitError(show(item), "parameters and their values"))
            continue
        rows.append(_point(place))
    return rows


def _point(at: Reader) -> Point:
    read: Point = {}
    for key, value in at.found.items():
        if sentence := _refusal(key):
            at.note(sentence, key)
            continue
        with at.sub(key).noting():
            read[key] = setting_value(key, value)
    return read


def read_controls(at: Reader, design: Design | None) -> dict[str, Domain]:
    """The parameters that vary and what each may be; notes what is wrong with them."""
    if design is None and at.found is None:
        return {}
    if design is not None and design.kind == LIST:
        if at.found is not None:
            at.note(UnfitError("controls and a list of points", "one or the other"))
        keys = design.listed[0] if design.listed else {}
        return {key: Domain(key, tuple(dict.fromkeys(point[key] for point in design.listed))) for key in keys}
    before = at.noted
    given = at.keys("parameters and the values that each takes")
    if not given and at.noted == before:
        at.note(UnfitError("none", "at least one parameter and the values that it takes"))
    domains = {key: _control(key, place, design) for key, place in given.items()}
    controls = {key: domain for key, domain in domains.items() if domain is not None}
    points = math.prod(len(domain.values) for domain in controls.values())
    if design is not None and design.kind == GRID and points > MOST_POINTS:
        at.note(UnfitError(f"{points:,} settings", f"at most {MOST_POINTS:,}"))
    return controls


def _control(key: str, at: Reader, design: Design | None) -> Domain | None:
    if sentence := _refusal(key):
        at.note(sentence)
        return None
    if not isinstance(at.found, dict):
        return read_values(key, at)
    domain = read_range(key, at, levels=True)
    if domain is not None and not domain.values and design is not None and design.kind == GRID:
        allowed = "a list of values, or levels in the range, or a design that draws points (sobol, latin_hypercube)"
        at.note(UnfitError("a range in a grid", allowed))
        return None
    return domain
