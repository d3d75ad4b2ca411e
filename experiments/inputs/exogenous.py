"""What is given from outside: a constant or a daily path from a CSV file, in place of an endogenous process.

A CSV file has one column of numbers named like the process, or a `day` column (0, 1, 2, ... without gaps) and that one.
The first row is day 0. A path is an array `(days or more,)`, a constant one of `(1,)`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import RequestError, UnfitError, show
from experiments.inputs.csv_table import CsvRow, check_width, read_rows
from experiments.inputs.reader import Reader
from experiments.inputs.text_file import path_of
from experiments.inputs.validate import real
from experiments.words import counted
from model.economy import EXOGENOUS
from model.formulas.valuation import LEAST_USD, MOST_USD
from model.parameters import REGISTRY

_PRICE = REGISTRY["market.initial_price_usd"]
BOUNDS = {
    "price_usd": (_PRICE.low or 0.0, _PRICE.high or math.inf),
    "value_usd": (LEAST_USD, MOST_USD),
    "demand_tokens": (0.0, 1e15),
}
"""Inclusive bounds in the unit of `EXOGENOUS`: those of initial price and value, and what whole-token counters hold."""


def read_process(name: str, found: Any, base: Path) -> NDArray[np.float64]:
    """The array of one process; raises `UnfitError`, or `RequestError` naming the CSV file and its lines."""
    if isinstance(found, str) and not _is_number(found):
        return _read_path(name, path_of(found, base))
    try:
        return np.array([real(found, *BOUNDS[name], EXOGENOUS[name])])
    except UnfitError as error:
        raise UnfitError(show(found), error.allowed + ", or the path of a CSV file") from None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _read_path(name: str, path: Path) -> NDArray[np.float64]:
    file, rows = Reader(str(path)), read_rows(path)
    if not rows:
        raise RequestError(f"{path}: the file is empty; allowed: the columns {name}, or day and {name}")
    header = rows.pop(0)
    if header.cells not in ([name], ["day", name]):
        wrong = UnfitError("other columns", f"{name}, or day and {name}")
        raise RequestError(f"{path}, line {header.line}: {wrong}")
    values = []
    for day, row in enumerate(rows):
        with file.line(row.line).noting():
            values.append(_cell(name, row, header, day))
    file.problems.raise_any()
    if len(values) < 2:
        wrong = UnfitError(counted(len(values), "row"), "a row for each day, or a constant in the scenario")
        raise RequestError(f"{path}: {wrong}")
    return np.array(values)


def _cell(name: str, row: CsvRow, header: CsvRow, day: int) -> float:
    check_width(row, header)
    (low, high), unit = BOUNDS[name], EXOGENOUS[name]
    if len(row.cells) == 2 and row.cells[0] != str(day):
        raise UnfitError(f"day {show(row.cells[0])}", f"day {day} (days count 0, 1, 2, ... without gaps)")
    text = row.cells[-1]
    if not _is_number(text) or "_" in text or not text.isascii():
        raise UnfitError(show(text), f"a number from {low:.12g} to {high:.12g} ({unit})")
    return real(float(text), low, high, unit)
