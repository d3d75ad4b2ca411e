"""Tables of a user: CSV files with a column for each parameter and a row for each setting, every cell checked."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.errors import Problems, RequestError, UnfitError, counted
from experiments.inputs.ranges import fit, numeric
from experiments.inputs.strict_yaml import read_text

MOST_REPORTED = 5


def read_table(path: Path, refusal: Callable[[str], str]) -> list[dict[str, Any]]:
    """The rows of a CSV file by column; `refusal(column)` says why a column cannot be, or nothing.

    Raises `RequestError` naming the file and its lines.
    """
    where, problems = str(path), Problems()
    try:
        rows = [row for row in csv.reader(read_text(path, where).splitlines(), strict=True) if row]
    except csv.Error as error:
        raise RequestError(f"{where}: not readable as CSV ({error})") from None
    if len(rows) < 2:
        raise RequestError(f"{where}: found {counted(len(rows), 'row')}; allowed: names of columns and a row or more")
    header = [cell.strip() for cell in rows[0]]
    for position, name in enumerate(header):
        if name in header[:position]:
            problems.add(f"{where}, line 1", "", UnfitError(f"the column {name} again", "each column once"))
        elif why := refusal(name):
            problems.add(f"{where}, line 1", name or "a column without a name", why)
    problems.raise_any()
    read = [_row(header, row, f"{where}, line {line}", problems) for line, row in enumerate(rows[1:], start=2)]
    if len(problems.sentences) > MOST_REPORTED:
        more = len(problems.sentences) - MOST_REPORTED
        raise RequestError(*problems.sentences[:MOST_REPORTED], f"{where}: {counted(more, 'more cell')} like this")
    problems.raise_any()
    return read


def _row(header: list[str], row: list[str], where: str, problems: Problems) -> dict[str, Any]:
    if len(row) != len(header):
        wrong = UnfitError(counted(len(row), "column"), f"{counted(len(header), 'column')} ({', '.join(header)})")
        problems.add(where, "", wrong)
        return {}
    read = {}
    for name, cell in zip(header, row, strict=True):
        try:
            read[name] = fit(name, _plain(name, cell.strip()))
        except UnfitError as error:
            problems.add(where, name, error)
    return read


def _plain(name: str, cell: str) -> Any:
    """A cell as YAML would have it, but for numbers, which may be written as `1e6` or `21.0`."""
    if not numeric(name):
        return {"true": True, "false": False}.get(cell.lower(), cell)
    try:
        number = float("" if "_" in cell else cell)
    except ValueError:
        return cell or None
    return int(number) if number.is_integer() else number
