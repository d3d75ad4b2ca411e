"""Snapshots as they lie on disk: JSON, whose lists may be CSV files beside it, checked against the schema."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from experiments.errors import RequestError, UnfitError, kind_of, nearest, show, unknown
from experiments.inputs.csv_table import MOST_ROWS, check_header, check_width, read_rows
from experiments.inputs.reader import Reader
from experiments.inputs.snapshot.layout import LISTS, SCHEMA
from experiments.inputs.text_file import path_of, read_text, unseen
from experiments.words import UNSEEN_IN_NAMES

MOST_BYTES = 64_000_000
"""Bytes of a snapshot or of a list: the balances of half a million holders, which take half a minute."""

MOST_COMPARED = 100
"""Things wrong with a snapshot among which the one to tell is chosen."""

NUMBERS = ("day",)
"""Columns of a CSV file that are numbers; the others are text, amounts too."""

WHOLE = re.compile("[0-9]{1,18}")


def read_document(path: Path, where: str) -> dict[str, Any]:
    """The content of a snapshot, lists in place of their files; `RequestError` has the first thing that is wrong."""
    content: dict[str, Any] = _json(read_text(path, where, MOST_BYTES), where)
    _check(content, where)
    files = {name: content[name] for name in LISTS if isinstance(content.get(name), str)}
    for name, file in files.items():
        content[name] = _rows(path_of(file, path.parent), name)
    if files:
        _check(content, where)
    return content


def document_of(text: str, where: str) -> dict[str, Any]:
    """The content of a snapshot that stands alone; `RequestError` where it does not, or is none."""
    content: dict[str, Any] = _json(text, where)
    _check(content, where)
    for name in LISTS:
        if isinstance(content.get(name), str):
            raise RequestError(
                f"{where}: {name}: {UnfitError(show(content[name]), 'a list, as the file stands alone')}"
            )
    return content


def as_text(document: dict[str, Any]) -> str:
    """The content of a snapshot as a text that stands alone, which reads back to the same; one text for each."""
    return json.dumps(document, indent=1, ensure_ascii=False, default=float) + "\n"


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_float=_decimal, parse_constant=_refused, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{where}: not readable as JSON ({error})") from None


def _decimal(text: str) -> Decimal:
    """A number with every digit as written, if a float can hold one of its size."""
    value = float(text)
    if not math.isfinite(value) or (not value and any(digit in "123456789" for digit in text.lower().split("e")[0])):
        raise ValueError(f"{show(text)[1:-1]} is too large or too small a number")
    return Decimal(text)


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are there once, and whose texts are made of characters that can be seen."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {show(key)[1:-1]} is there twice")
        for text in (key, value):
            if isinstance(text, str) and (hidden := UNSEEN_IN_NAMES.search(text)):
                raise ValueError(str(unseen(hidden[0])))
        found[key] = value
    return found


def _rows(path: Path, name: str) -> list[dict[str, Any]]:
    """The entries of a list from a CSV file, an empty cell for a key that an entry does not have."""
    file, rows = Reader(str(path)), read_rows(path, MOST_BYTES)
    if not rows:
        raise RequestError(f"{path}: the file is empty; allowed: a line of column names, and one for each entry")
    header, known = rows[0], SCHEMA["properties"][name]["items"]["properties"]
    check_header(header, file, lambda column: "" if column in known else unknown(column, "column", known))
    entries = []
    for row in (row for row in rows[1:] if any(row.cells)):
        with file.line(row.line).noting():
            check_width(row, header)
        cells = {column: cell for column, cell in zip(header.cells, row.cells, strict=False) if cell}
        entries.append({k: int(v) if k in NUMBERS and WHOLE.fullmatch(v) else v for k, v in cells.items()})
    file.problems.raise_any()
    return entries


def _check(content: Any, where: str) -> None:
    known = SCHEMA["properties"]
    if not isinstance(content, dict):
        raise RequestError(f"{where}: {UnfitError(kind_of(content), SCHEMA['description'])}")
    if content and not any(key in known or nearest(key, known) for key in islice(content, MOST_COMPARED)):
        raise RequestError(f"{where}: {UnfitError('no key of a snapshot', ', '.join(known))}")
    for name in LISTS:
        if isinstance(content.get(name), list) and len(content[name]) > MOST_ROWS:
            raise RequestError(f"{where}: {name}: {UnfitError(f'more than {MOST_ROWS:,} entries', 'fewer')}")
    error = best_match(islice(Draft202012Validator(SCHEMA).iter_errors(content), MOST_COMPARED))
    if error is not None:
        raise RequestError(f"{where}: {_sentence(error)}")


def _sentence(error: ValidationError) -> str:
    """Where in the file, what was found there, what is allowed."""
    place = ".".join(map(str, error.absolute_path))
    inside = f"{place}." if place else ""
    known = error.schema.get("properties", {})
    if error.validator == "additionalProperties":
        wrong = next(name for name in error.instance if name not in known)
        return f"{inside}{wrong}: {unknown(wrong, 'key', known)}"
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return f"{inside}{missing}: missing; allowed: {known[missing]['description']}"
    found = UnfitError(show(error.instance), error.schema["description"])
    return f"{place}: {found}" if place else str(found)
