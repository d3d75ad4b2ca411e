"""The environment of an experiment: parameters that governance cannot set, drawn once for each run.

Run k has draw k at every design point (common random numbers). Draws are a scrambled Sobol sequence over runs, one
dimension for each parameter and each file, by the experiment's seed. The sequence goes on where it ended, so more runs
leave the first ones as they are, and any number of runs fills the space more evenly than independent draws would. An
interval that takes runs as independent is then, if anything, too wide.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from experiments.errors import RequestError, UnfitError, show, unknown
from experiments.inputs.design import Point
from experiments.inputs.design_table import read_table
from experiments.inputs.ranges import SCALARS, SWITCHES, Domain, no_such, read_range, read_values
from experiments.inputs.reader import Reader
from experiments.inputs.scenario import override
from model.draws import stream
from model.economy import Economy
from model.parameters import STRUCTURAL

FREE = tuple(name for name in SCALARS if name not in STRUCTURAL)
"""Parameters that may differ between trajectories of one batch."""

FORMS = "{low: 0.1, high: 0.5}, {values: [0.1, 0.5]} or {file: a CSV file with this column}"
LISTED = "a parameter of one value (quiver-sim params)"
MOST_CORNERS = 4096


@dataclass(frozen=True)
class Rows:
    """Rows of a CSV file, all as likely; a row is drawn whole, so that its parameters keep company."""

    keys: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def at(self, place: float) -> Point:
        """The row at a place from 0 to below 1."""
        return dict(zip(self.keys, self.rows[min(int(place * len(self.rows)), len(self.rows) - 1)], strict=True))


@dataclass(frozen=True)
class Environment:
    """What is uncertain: parameters by their domain, and rows of files."""

    domains: tuple[Domain, ...] = ()
    files: tuple[Rows, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every parameter of it."""
        return (*(domain.key for domain in self.domains), *(key for rows in self.files for key in rows.keys))

    def draws(self, runs: int, seed: int) -> tuple[Point, ...]:
        """The environment of each run; the first ones do not depend on how many there are."""
        sources = len(self.domains) + len(self.files)
        if not sources:
            return ({},) * runs
        rng = np.random.default_rng([seed, stream("environment")])
        cube = qmc.Sobol(sources, rng=rng).random_base2((runs - 1).bit_length())[:runs]
        return tuple(self._draw(row) for row in cube)

    def _draw(self, places: NDArray[np.float64]) -> Point:
        drawn = {domain.key: domain.at(float(place)) for domain, place in zip(self.domains, places, strict=False)}
        for rows, place in zip(self.files, places[len(self.domains) :], strict=True):
            drawn |= rows.at(float(place))
        return drawn

    def corners(self, contract: str) -> Iterator[Point]:
        """Every combination of the ends of a contract's own parameters, and every row of files."""
        own = [domain for domain in self.domains if domain.key.startswith(f"{contract}.")]
        files = self._rows(contract)
        for ends in itertools.product(*(domain.ends for domain in own)):
            end = dict(zip([domain.key for domain in own], ends, strict=True))
            for rows in itertools.product(*files):
                yield end | {key: value for row in rows for key, value in row.items()}

    def _rows(self, contract: str) -> list[list[Point]]:
        """For each file with parameters of a contract, the different rows of those."""
        cut = []
        for rows in self.files:
            own = [place for place, key in enumerate(rows.keys) if key.startswith(f"{contract}.")]
            different = dict.fromkeys(tuple(row[place] for place in own) for row in rows.rows)
            cut.append([dict(zip([rows.keys[place] for place in own], row, strict=True)) for row in different])
        return [rows for rows in cut if rows[0]]


def check_corners(environment: Environment, built: Sequence[Economy], at: Reader) -> None:
    """Rules between parameters hold in every design point at every corner of the environment.

    Such rules stay within a contract and are linear, so what holds at the corners holds between them.
    """
    for contract in dict.fromkeys(key.split(".")[0] for key in environment.keys):
        corners = list(itertools.islice(environment.corners(contract), MOST_CORNERS + 1))
        if len(corners) > MOST_CORNERS:
            at.note(UnfitError(f"more corners of {contract}'s parameters", f"at most {MOST_CORNERS:,}"))
            continue
        sentence = next(_broken(contract, corners, built), None)
        if sentence:
            at.note(sentence)


def _broken(contract: str, corners: list[Point], built: Sequence[Economy]) -> Iterator[str]:
    """What is wrong with corners of a contract's parameters, at each design point that has others of that contract."""
    different = {getattr(economy.parameters, contract): place for place, economy in reversed(list(enumerate(built)))}
    for place, corner in itertools.product(reversed(different.values()), corners):
        try:
            override(built[place], corner)
        except RequestError as error:
            at = ", ".join(f"{key} {show(value)}" for key, value in corner.items())
            yield f"with {at} at design point {place}: {error.problems[0].removeprefix('override: ')}"


def read_environment(at: Reader, controls: Mapping[str, Any], folder: Path) -> Environment:
    """The uncertain parameters, by name in order; notes what is wrong with them."""
    given = at.keys(f"parameters that governance cannot set, each {FORMS}")
    domains: list[Domain] = []
    files: dict[str, list[str]] = {}
    for key, place in sorted(given.items()):
        if sentence := _refusal(key, controls):
            place.note(sentence)
        elif not isinstance(place.found, dict) or not place.found:
            place.note(UnfitError(show(place.found), FORMS))
        elif "file" in place.found:
            if _alone(place, "file"):
                files.setdefault(str(place.found["file"]), []).append(key)
        elif domain := _domain(key, place):
            domains.append(domain)
    rows = [_rows([given[key].at("file") for key in keys], keys, folder) for keys in files.values()]
    return Environment(tuple(domains), tuple(read for read in rows if read.rows))


def _refusal(key: str, controls: Mapping[str, Any]) -> str:
    if key in controls:
        return "found under controls too; allowed: one or the other"
    if key in STRUCTURAL or key in SWITCHES:
        sentence = "it shapes the state or chooses the rules, which all runs of a design point share"
        return f"found a structural parameter, and {sentence}; allowed: a parameter that can differ by run, or controls"
    return "" if key in FREE else no_such(key, "environment parameter", FREE, LISTED)


def _domain(key: str, at: Reader) -> Domain | None:
    if "values" not in at.found:
        return read_range(key, at, levels=False)
    return read_values(key, at.at("values")) if _alone(at, "values") else None


def _alone(at: Reader, name: str) -> bool:
    others = [other for other in at.found if other != name]
    for other in others:
        at.note(f"no such key beside {name}; allowed: {FORMS}", other)
    return not others


def _rows(places: list[Reader], keys: list[str], folder: Path) -> Rows:
    """The rows of one file, whose columns are those keys that name it, each at its place."""

    def refusal(column: str) -> str:
        return "" if column in keys else unknown(column, "key of environment", keys)

    before = places[0].noted
    read = places[0].file(folder, lambda path: read_table(path, refusal))
    for key, place in zip(keys, places, strict=True):
        if read and key not in read[0]:
            place.note(UnfitError(f"{show(place.found)} without this column", ", ".join(read[0])))
    if not read or places[0].noted > before:
        return Rows((), ())
    return Rows(tuple(keys), tuple(tuple(row[key] for key in keys) for row in read))
