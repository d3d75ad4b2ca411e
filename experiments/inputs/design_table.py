"""Design tables: CSV files with a column for each parameter and a row for each setting, every cell checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.errors import RequestError, UnfitError
from experiments.inputs.csv_table import CsvRow, check_header, check_width, read_rows
from experiments.inputs.ranges import numeric, setting_value
from experiments.inputs.reader import Reader
from experiments.words import counted


def read_table(path: Path, refusal: Callable[[str], str]) -> list[dict[str, Any]]:
    """The rows of a file with a column for each parameter and a row for each setting, every cell checked.

    `refusal(column)` says why a column cannot be, or nothing. Raises `RequestError` naming the file and its lines.
    """
    file = Reader(str(path))
    rows = [row for row in read_rows(path) if any(row.cells)]
    if len(rows) < 2:
        found = UnfitError(counted(len(rows), "row"), "names of columns and a row or more")
        raise RequestError(f"{path}: {found}")
    check_header(rows[0], file, refusal)
    read = [_setting(row, rows[0], file.line(row.line)) for row in rows[1:]]
    file.problems.raise_any()
    return read


def _setting(row: CsvRow, header: CsvRow, line: Reader) -> dict[str, Any]:
    read: dict[str, Any] = {}
    with line.noting():
        check_width(row, header)
        for name, cell in zip(header.cells, row.cells, strict=True):
            with line.sub(name).noting():
                read[name] = setting_value(name, _as_yaml(name, cell))
    return read


def _as_yaml(name: str, cell: str) -> Any:
    """A cell as YAML would have it, but for numbers, which may be written as `1e6` or `21.0`."""
    if not numeric(name):
        return {"true": True, "false": False}.get(cell.lower(), cell)
    try:
        number = float("" if "_" in cell or not cell.isascii() else cell)
    except ValueError:
        return cell or None
    return int(number) if number.is_integer() else number
