"""CSV files as spreadsheets and exporters write them: read right, or refused with the file and the line."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.errors import RequestError
from experiments.inputs.csv_table import MOST_CELL, CsvRow, parse_rows, read_rows
from experiments.inputs.design_table import read_table
from experiments.inputs.exogenous import read_process
from experiments.inputs.snapshot.files import read_document
from experiments.inputs.text_file import MOST_BYTES

PLAIN = [CsvRow(1, ["a", "b"]), CsvRow(2, ["1", "2"]), CsvRow(3, ["3", "4"])]

READ: dict[str, tuple[str | bytes, list[CsvRow]]] = {
    # a file, and its rows with the lines on which they start
    "LF": ("a,b\n1,2\n3,4\n", PLAIN),
    "no end of the last line": ("a,b\n1,2\n3,4", PLAIN),
    "CRLF": ("a,b\r\n1,2\r\n3,4\r\n", PLAIN),
    "CR": ("a,b\r1,2\r3,4\r", PLAIN),
    "mixed ends of lines": ("a,b\r\n1,2\r3,4\n", PLAIN),
    "blank lines below": ("a,b\n1,2\n3,4\n\n  \n,\n", PLAIN),
    "blank lines above": ("\n\r\na,b\n1,2\n", [CsvRow(3, ["a", "b"]), CsvRow(4, ["1", "2"])]),
    "blank line between": ("a,b\n\n1,2\n", [CsvRow(1, ["a", "b"]), CsvRow(2, []), CsvRow(3, ["1", "2"])]),
    "empty cells between": ("a,b\n,\n1,2\n", [CsvRow(1, ["a", "b"]), CsvRow(2, ["", ""]), CsvRow(3, ["1", "2"])]),
    "mark of UTF-8": (b"\xef\xbb\xbfa,b\n1,2\n3,4\n", PLAIN),
    "UTF-16, little-endian": ("\ufeffa,b\n1,2\n3,4\n".encode("utf-16-le"), PLAIN),
    "UTF-16, big-endian": ("\ufeffa,b\r\n1,2\r\n3,4\r\n".encode("utf-16-be"), PLAIN),
    "everything in quotes": ('"a","b"\n"1","2"\n"3","4"\n', PLAIN),
    "spaces around cells": ("a , b\n 1,2 \n3\u00a0,\t4\n", PLAIN),
    "quotes after a space": ('a, "b"\n1, "2"\n3, "4"\n', PLAIN),
    "separator in quotes": ('a,b\n"1,5",2\n', [CsvRow(1, ["a", "b"]), CsvRow(2, ["1,5", "2"])]),
    "doubled quotes": ('a,b\n"x ""y"" z",""""\n', [CsvRow(1, ["a", "b"]), CsvRow(2, ['x "y" z', '"'])]),
    "quote within a cell": ('a,b\n5",2\n', [CsvRow(1, ["a", "b"]), CsvRow(2, ['5"', "2"])]),
    "line breaks in quotes": (
        'a,b\n"1\r\n\r\n1","2\n2"\r\n3,4\n',
        [CsvRow(1, ["a", "b"]), CsvRow(2, ["1\r\n\r\n1", "2\n2"]), CsvRow(6, ["3", "4"])],
    ),
    "separators of lines that are none": ("a\nx\u2028y\u2029z\n", [CsvRow(1, ["a"]), CsvRow(2, ["x\u2028y\u2029z"])]),
    "longest cell": ("a\n" + "x" * MOST_CELL + "\n", [CsvRow(1, ["a"]), CsvRow(2, ["x" * MOST_CELL])]),
    "ragged": ("a,b\n1\n1,2,3\n", [CsvRow(1, ["a", "b"]), CsvRow(2, ["1"]), CsvRow(3, ["1", "2", "3"])]),
    "only a header": ("a,b\n", [CsvRow(1, ["a", "b"])]),
    "nothing": ("", []),
    "nothing but blank lines": ("\n \r\n\n", []),
}

NOT_CSV = "not readable as CSV"
LONG = f"{NOT_CSV} (a cell of more than 131,072 characters)"
OPENED = f"{NOT_CSV} (a quote opens here and is not closed)"
FOLLOWED = f"{NOT_CSV} (a closing quote is followed by text; allowed: a comma, or the end of the line)"
SEEN = "allowed: characters that can be seen"

REFUSED: dict[str, tuple[str | bytes, str]] = {
    # a file, and what is said after its name
    "quote not closed": ('a,b\n1,"2\n3,4\n', f", line 2: {OPENED}"),
    "quote not closed after line breaks": ('a,b\n"1\n1","x\ny", "2\n3,4\n', f", line 4: {OPENED}"),
    "quote at the end": ('a,b\n1,"', f", line 2: {OPENED}"),
    "quote not closed but doubled": ('a,b\n1,"2""3\n', f", line 2: {OPENED}"),
    "quote not closed in a long file": ('a,b\n\n1,"2\n' + "3,4\n" * 100_000, f", line 3: {OPENED}"),
    "text after a quote": ('a,b\n1,2\n"1"x,2\n', f", line 3: {FOLLOWED}"),
    "text after a quote over lines": ('a,b\n"1\n"x,2\n', f", line 2: {FOLLOWED}"),
    "long cell": ("a,b\n1,2\n3," + "x" * 200_000 + "\n", f", line 3: {LONG}"),
    "long cell in quotes": ('a,b\n"1\n",2\n3,"' + "x" * 200_000 + '"\n', f", line 4: {LONG}"),
    "long cell before others": ('a,b\n"1\n","' + "x" * 200_000 + '",4\n', f", line 3: {LONG}"),
    "long header": ("a" * 200_000 + "\n1\n", f", line 1: {LONG}"),
    "semicolons": ("a;b\n1;2\n", ", line 1: found columns separated by semicolons; allowed: columns "),
    "tabs": ("\na\tb\n1\t2\n", ", line 2: found columns separated by tabs; allowed: columns separated by"),
    "bars": ("a|b\n1|2\n", ", line 1: found columns separated by vertical bars; allowed: columns separated"),
    "line of Excel": ("sep=;\na;b\n", ", line 1: found columns separated by semicolons; allowed: columns"),
    "NUL": ("a,b\n1,\x00\n", f", line 2: found the character U+0000 (control character); {SEEN}"),
    "direction": ('a,b\n"1\n",\u202e2\n', f", line 3: found the character U+202E (right-to-left override); {SEEN}"),
    "no width": ("a\u200b\n1\n", f", line 1: found the character U+200B (zero width space); {SEEN}"),
    "mark within": ("a\n\ufeff1\n", f", line 2: found the character U+FEFF (zero width no-break space); {SEEN}"),
    "form feed": ("a\r\n1\x0c\r\n", f", line 2: found the character U+000C (control character); {SEEN}"),
    "UTF-16 without its mark": ("a,b\n".encode("utf-16-le"), ", line 1: found the character U+0000 (control "),
    "UTF-32": ("a,b\n".encode("utf-32"), ", line 1: found the character U+0000 (control character); "),
    "Latin": ("a\n\u00e9\n".encode("latin-1"), ": not a text file in UTF-8"),
    "half a character": (b"\xff\xfea", ": not a text file in UTF-8"),
    "too large": (b"a\n" * MOST_BYTES, f": the file has more than {MOST_BYTES:,} bytes; this is not such a file"),
}


def file(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    """A file of some text, its ends of lines as they are, or of some bytes."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("case", READ)
def test_a_file_is_read_right(case: str, tmp_path: Path) -> None:
    content, rows = READ[case]
    assert read_rows(file(tmp_path, content)) == rows


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    content, said = REFUSED[case]
    path = file(tmp_path, content)
    with pytest.raises(RequestError) as caught:
        read_rows(path)
    assert str(caught.value).startswith(f"{path}{said}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.csv", "none.csv: no such file"),
        (".", ": a folder; allowed: a file"),
        ("a\x00b.csv", "a\\x00b.csv': cannot be read (no file has such a name)"),
        ("\ud800.csv", "\\ud800.csv': cannot be read (no file has such a name)"),
        ("~nobody-of-this-name/a.csv", "no such file (whose home folder ~ stands for is not known)"),
    ],
)
def test_a_name_of_no_file_is_refused(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        read_process("price_usd", name, tmp_path)
    assert str(caught.value).endswith(said)


CELLS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs"], include_characters="\n\r\t"), max_size=8)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(TABLES, st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]))
@settings(max_examples=300)
def test_what_is_written_is_read_back(table: list[list[str]], quoting: int) -> None:
    """Whatever is quoted: every cell without the spaces around it, on the line on which its row starts."""
    names = [f"column {place}" for place in range(len(table[0]))]
    text, rows = io.StringIO(newline=""), []
    for cells in (names, *table, names):
        line = 1 + len(re.findall("\r\n|\r|\n", text.getvalue()))
        csv.writer(text, quoting=quoting).writerow(cells)  # type: ignore[arg-type]
        rows.append(CsvRow(line, [cell.strip() for cell in cells]))
    assert parse_rows(text.getvalue(), "a table") == rows


DESIGNS = {
    # a design's table with the columns fees.burn_share and mechanisms.staking, and what is said after its name
    "no header": ("0.3\n0.4\n", ", line 1: column 1: no such column"),
    "only a header": ("fees.burn_share\n", ": found 1 row; allowed: names of columns and a row or more"),
    "nothing": ("", ": found 0 rows; allowed: names of columns and a row or more"),
    "column twice": (
        "fees.burn_share,fees.burn_share\n1,1\n",
        ", line 1: found the column fees.burn_share again; allowed: each column once",
    ),
    "column without a name": ("fees.burn_share,\n0.3,\n", ", line 1: column 2: no such column"),
    "name on two lines": (
        '"fees.\nburn_share"\n0.3\n',
        ", line 1: column 1: no such column",
    ),
    "row too short": (
        'fees.burn_share,mechanisms.staking\n"0.3\n",true\n0.4\n',
        ", line 4: found 1 column; allowed: 2 columns (fees.burn_share, mechanisms.staking)",
    ),
    "row too long": (
        "fees.burn_share\n\n0.4,true\n",
        ", line 3: found 2 columns; allowed: 1 column (fees.burn_share)",
    ),
    "space that does not break": (
        "fees.burn_share\n1\u00a0000\n",
        ", line 2: fees.burn_share: found '1\\xa0000'; allowed: a number from 0 to 1 (share of the network fee)",
    ),
    "empty cell": (
        "fees.burn_share,mechanisms.staking\n0.3,true\n,true\n",
        ", line 3: fees.burn_share: found nothing; allowed: a number from 0 to 1 (share of the network fee)",
    ),
}


def refusal(column: str) -> str:
    return "" if column in ("fees.burn_share", "mechanisms.staking") else "no such column"


@pytest.mark.parametrize("case", DESIGNS)
def test_a_design_table_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    content, said = DESIGNS[case]
    path = file(tmp_path, content)
    with pytest.raises(RequestError) as caught:
        read_table(path, refusal)
    assert str(caught.value) == f"{path}{said}"


def test_a_design_table_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    content = '"fees.burn_share","mechanisms.staking"\r\n\r\n"2.5e-1",TRUE\r\n1,"false"\r\n,\r\n'
    table = read_table(file(tmp_path, "\ufeff" + content), refusal)
    assert table == [
        {"fees.burn_share": 0.25, "mechanisms.staking": True},
        {"fees.burn_share": 1.0, "mechanisms.staking": False},
    ]


def test_a_path_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file(tmp_path, '\ufeff\r\nday,price_usd\r\n0,"0.1"\r\n1, 2e-1 \r\n,\r\n\r\n', "price.csv")
    assert np.array_equal(read_process("price_usd", "price.csv", tmp_path), [0.1, 0.2])


def test_a_hole_in_a_path_is_no_blank_line(tmp_path: Path) -> None:
    """Every row is a day: a line that is left out would move all that follow."""
    path = file(tmp_path, "price_usd\n1\n\n1\n", "price.csv")
    with pytest.raises(RequestError, match=r"price.csv, line 3: found 0 columns; allowed: 1 column \(price_usd\)"):
        read_process("price_usd", path.name, tmp_path)


LISTS = {
    # a list of a snapshot's providers, and what is said after its name
    "no header": ("ann,1,2\n", ", line 1: column 1: no such column; allowed: id, wallet, stake"),
    "column twice": ("id,id\nann,1\n", ", line 1: found the column id again; allowed: each column once"),
    "row too short": ('id,wallet\n\n"an\nn",1\nbob\n', ", line 5: found 1 column; allowed: 2 columns (id, wallet)"),
    "nothing": ("\n", ": the file is empty; allowed: a line of column names, and one for each entry"),
    "semicolons": ("id;wallet\nann;1\n", ", line 1: found columns separated by semicolons"),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_list_of_a_snapshot_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    content, said = LISTS[case]
    path = file(tmp_path, content, "providers.csv")
    lists = '"validators": [], "consumers": [], "holders": []'
    head = '{"version": 1, "day": 0, "price_usd": 1.0, "supply": {"minted": "0", "burned": "0"}, "accounts": {}'
    snapshot = file(tmp_path, f'{head}, "providers": "providers.csv", {lists}}}', "snapshot.json")
    with pytest.raises(RequestError) as caught:
        read_document(snapshot, str(snapshot))
    assert str(caught.value).startswith(f"{path}{said}")
