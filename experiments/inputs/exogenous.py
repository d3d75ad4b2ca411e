"""What is given from outside: a constant or a daily path from a CSV file, in place of an endogenous process.

A CSV file has one column of numbers named like the process, or a `day` column (0, 1, 2, ... without gaps) and that one.
The first row is day 0. A path is an array `(days or more,)`, a constant one of `(1,)`.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import Problems, RequestError, UnfitError, counted, show
from experiments.inputs.strict_yaml import read_text
from experiments.inputs.validate import number
from model.economy import EXOGENOUS
from model.parameters import REGISTRY

_PRICE = REGISTRY["market.initial_price_usd"]
BOUNDS = {"price_usd": (_PRICE.low or 0.0, _PRICE.high or math.inf), "demand_tokens": (0.0, 1e15)}
"""Inclusive bounds in the unit of `EXOGENOUS`: the initial price's own, and what whole-token counters can hold."""

MOST_REPORTED = 5


def read_process(name: str, found: Any, base: Path) -> np.ndarray:
    """The array of one process; raises `UnfitError`, or `RequestError` naming the CSV file and its lines."""
    low, high = BOUNDS[name]
    if isinstance(found, str) and not _is_number(found):
        return _read_csv(name, base / Path(found).expanduser(), low, high)
    try:
        return np.array([number(found, low, high, EXOGENOUS[name])])
    except UnfitError as error:
        raise UnfitError(show(found), error.allowed + ", or the path of a CSV file") from None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _read_csv(name: str, path: Path, low: float, high: float) -> np.ndarray:
    where, problems = str(path), Problems()
    rows = list(csv.reader(read_text(path, where).splitlines()))
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise RequestError(f"{where}: the file is empty; allowed: the columns {name}, or day and {name}")
    header = [cell.strip() for cell in rows[0]]
    if header not in ([name], ["day", name]):
        found = ", ".join(header) or "nothing"
        raise RequestError(f"{where}, line 1: found the columns {found}; allowed: {name}, or day and {name}")
    values = []
    for line, row in enumerate(rows[1:], start=2):
        try:
            values.append(_cell(row, header, line - 2, low, high, EXOGENOUS[name]))
        except UnfitError as error:
            problems.add(f"{where}, line {line}", "", error)
    if len(problems.sentences) > MOST_REPORTED:
        more = len(problems.sentences) - MOST_REPORTED
        raise RequestError(*problems.sentences[:MOST_REPORTED], f"{where}: {counted(more, 'more line')} like this")
    problems.raise_any()
    if len(values) < 2:
        allowed = "a row for each day, or a constant in the scenario"
        raise RequestError(f"{where}: found {counted(len(values), 'row')}; allowed: {allowed}")
    return np.array(values)


def _cell(row: list[str], header: list[str], day: int, low: float, high: float, unit: str) -> float:
    if len(row) != len(header):
        raise UnfitError(counted(len(row), "column"), f"{counted(len(header), 'column')} ({', '.join(header)})")
    if len(row) == 2 and row[0].strip() != str(day):
        raise UnfitError(f"day {show(row[0])}", f"day {day} (days count 0, 1, 2, ... without gaps)")
    text = row[-1].strip()
    if not _is_number(text) or "_" in text:
        raise UnfitError(show(text), f"a number from {low:.12g} to {high:.12g} ({unit})")
    return number(float(text), low, high, unit)
