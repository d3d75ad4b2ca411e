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
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from experiments.errors import MOST_SHOWN, RequestError, UnfitError, show
from experiments.inputs.reader import Reader
from experiments.inputs.text_file import MOST_BYTES, read_text
from experiments.words import counted

MOST_REPORTED = 5
MOST_CELL = 131_072
"""Characters of a cell: the limit of Python's `csv`, which only the whole process can raise."""

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
LINE_END = re.compile("\r\n|\r|\n")
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
    if hidden := INVISIBLE.search(text):
        name = unicodedata.name(hidden[0], "control character")
        wrong = UnfitError(f"the character U+{ord(hidden[0]):04X} ({name.lower()})", "characters that can be seen")
        raise RequestError(f"{where}, line {_line(text, hidden.start())}: {wrong}")
    return parse_rows(text, where)


def parse_rows(text: str, where: str) -> list[CsvRow]:
    """The rows of a CSV text, the header first; blank ones above and below the others are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    rows, done = [], 0
    try:
        for cells in reader:
            rows.append(CsvRow(done + 1, [cell.strip() for cell in cells]))
            done = reader.line_num
    except csv.Error:
        raise RequestError(_unreadable(text, done, where)) from None
    filled = [place for place, row in enumerate(rows) if any(row.cells)]
    rows = rows[filled[0] : filled[-1] + 1] if filled else []
    if rows and len(rows[0].cells) == 1:
        _check_separator(rows[0], where)
    return rows


def _line(text: str, place: int) -> int:
    return 1 + len(LINE_END.findall(text, 0, place))


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
    return f"{where}, line {_line(text, start)}: not readable as CSV ({why})"


def _check_separator(header: CsvRow, where: str) -> None:
    """Refuse a header that is one cell because something else than commas is between the columns."""
    (cell,) = header.cells
    for mark, name in SEPARATORS.items():
        if mark in cell:
            found = f"the columns {one_line(cell)}, separated by {name}"
            raise RequestError(f"{where}, line {header.line}: {UnfitError(found, 'columns separated by commas')}")


def one_line(cell: str) -> str:
    """A cell as a sentence shows it: on one line, cut short."""
    text = repr(cell)[1:-1]
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."


def check_header(header: CsvRow, file: Reader, refusal: Callable[[str], str]) -> None:
    """Raise a `RequestError` where a column has no name, another's, or one against which `refusal(name)` speaks."""
    line = file.line(header.line)
    for position, name in enumerate(header.cells):
        if not name.isprintable():
            line.note(UnfitError(f"the column {show(name)}", "names in plain characters, on one line"))
        elif name in header.cells[:position]:
            line.note(UnfitError(f"the column {name} again", "each column once"))
        elif why := refusal(name):
            line.note(why, name or "a column without a name")
    file.problems.raise_any()


def check_width(row: CsvRow, header: CsvRow) -> None:
    """Raise an `UnfitError` where a row has more or fewer cells than there are columns."""
    if len(row.cells) != len(header.cells):
        columns = f"{counted(len(header.cells), 'column')} ({', '.join(header.cells)})"
        raise UnfitError(counted(len(row.cells), "column"), columns)


def raise_first(file: Reader, noun: str) -> None:
    """Raise a `RequestError` with the first problems of a file and how many more there are."""
    if file.noted > MOST_REPORTED:
        more = counted(file.noted - MOST_REPORTED, f"more {noun}")
        raise RequestError(*file.problems.sentences[:MOST_REPORTED], f"{file.where}: {more} like this")
    file.problems.raise_any()
