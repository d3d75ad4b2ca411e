"""CSV files of a user, as spreadsheets and exporters write them: one reader for paths, design tables and lists.

Rows are those of RFC 4180, read by Python's `csv` in strict mode: commas, quotes around cells with commas, line breaks
or doubled quotes in them, lines that end in LF, CRLF or CR, a byte-order mark. Spaces around cells are dropped. What
cannot be read is refused with its file and line: another separator, a quote that is not closed, a cell that is too
long, control and invisible characters.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from experiments.errors import RequestError, UnfitError
from experiments.inputs.reader import Reader
from experiments.inputs.text_file import MOST_BYTES, line_of, read_text, unseen
from experiments.words import UNSEEN_IN_NAMES, counted
from model.gone import instead

MOST_ROWS = 500_000
"""Rows of a table, and entries of a snapshot's list: half a minute's."""

MOST_CELL = 131_072
"""Characters of a cell: the limit of Python's `csv`, which only the whole process can raise."""

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
QUOTED = '"[^"]*(?:""[^"]*)*"(?!")'
CELL = re.compile(f' *(?:{QUOTED}|[^",\r\n][^,\r\n]*)?,')
OPENED, CLOSED = re.compile(f' *(?!{QUOTED})"'), re.compile(f" *{QUOTED}")


class CsvRow(NamedTuple):
    """The cells of a row and the line on which it starts, counted from 1."""

    line: int
    cells: list[str]


def read_rows(path: Path, most_bytes: int = MOST_BYTES) -> list[CsvRow]:
    """The rows of a user's CSV file, as `parse_rows` has them; `RequestError` names the file and the line."""
    where = str(path)
    text = read_text(path, where, most_bytes, newline="")
    if hidden := UNSEEN_IN_NAMES.search(text):
        raise RequestError(f"{where}, line {line_of(text, hidden.start())}: {unseen(hidden[0])}")
    return parse_rows(text, where)


def parse_rows(text: str, where: str) -> list[CsvRow]:
    """The rows of a CSV text, the header first; blank ones above and below the others are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    rows, done = [], 0
    try:
        for cells in reader:
            rows.append(CsvRow(done + 1, [cell.strip() for cell in cells]))
            done = reader.line_num
            if len(rows) > MOST_ROWS:
                raise RequestError(f"{where}: {UnfitError(f'more than {MOST_ROWS:,} rows', 'fewer')}")
    except csv.Error:
        raise RequestError(_unreadable(text, done, where)) from None
    filled = [place for place, row in enumerate(rows) if any(row.cells)]
    rows = rows[filled[0] : filled[-1] + 1] if filled else []
    if rows and len(rows[0].cells) == 1:
        _check_separator(rows[0], where)
    return rows


def _unreadable(text: str, done: int, where: str) -> str:
    """What is wrong with which cell of the row after `done` lines, and the line on which the cell starts."""
    start = sum(map(len, io.StringIO(text, newline="").readlines()[:done]))
    while (cell := CELL.match(text, start)) and cell.end() - start <= MOST_CELL + 1:
        start = cell.end()
    closed = CLOSED.match(text, start)
    if OPENED.match(text, start):
        why = "a quote opens here and is not closed"
    elif closed and closed.end() - start <= MOST_CELL:
        why = "a closing quote is followed by text; allowed: a comma, or the end of the line"
    else:
        why = f"a cell of more than {MOST_CELL:,} characters"
    return f"{where}, line {line_of(text, start)}: not readable as CSV ({why})"


def _check_separator(header: CsvRow, where: str) -> None:
    """Refuse a header that is one cell because something else than commas is between the columns."""
    (cell,) = header.cells
    for mark, name in SEPARATORS.items():
        if mark in cell:
            wrong = UnfitError(f"columns separated by {name}", "columns separated by commas")
            raise RequestError(f"{where}, line {header.line}: {wrong}")


def check_header(header: CsvRow, file: Reader, refusal: Callable[[str], str]) -> None:
    """Raise a `RequestError` where a column has no name, another's, or one against which `refusal(name)` speaks.

    A name that is near no valid one is not quoted: the file may be another than was meant, and not the user's to show.
    """
    line, seen = file.line(header.line), set[str]()
    for position, name in enumerate(header.cells, start=1):
        why = refusal(name)
        if name in seen:
            line.note(UnfitError(f"the column {name} again", "each column once"))
        elif why:
            line.note(why, name if "nearest: " in why or instead(name) else f"column {position}")
        else:
            seen.add(name)
    file.problems.raise_any()


def check_width(row: CsvRow, header: CsvRow) -> None:
    """Raise an `UnfitError` where a row has more or fewer cells than there are columns."""
    if len(row.cells) != len(header.cells):
        columns = f"{counted(len(header.cells), 'column')} ({', '.join(header.cells)})"
        raise UnfitError(counted(len(row.cells), "column"), columns)
