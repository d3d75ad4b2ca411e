"""Snapshots as they lie on disk: JSON, whose lists may be CSV files beside it, checked against the schema."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from experiments.errors import RequestError, UnfitError, show, unknown
from experiments.inputs.csv_table import check_header, check_width, raise_first, read_rows
from experiments.inputs.reader import Reader
from experiments.inputs.snapshot.layout import LISTS, SCHEMA
from experiments.inputs.text_file import read_text

MOST_BYTES = 200_000_000
NUMBERS = ("day",)
"""Columns of a CSV file that are numbers; the others are text, amounts too."""


def read_document(path: Path, where: str) -> dict[str, Any]:
    """The content of a snapshot, lists in place of their files; `RequestError` has the first thing that is wrong."""
    content: dict[str, Any] = _json(read_text(path, where, MOST_BYTES), where)
    _check(content, where)
    for name in LISTS:
        if isinstance(content.get(name), str):
            content[name] = _rows(path.parent / content[name], name)
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
        return json.loads(text, parse_float=Decimal, parse_constant=_refused, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{where}: not readable as JSON ({error})") from None


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = [key for key in keys if keys.count(key) > 1] if len(set(keys)) < len(keys) else []
    if twice:
        raise ValueError(f"the key {twice[0]} is there twice")
    return dict(pairs)


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
        entries.append({k: int(v) if k in NUMBERS and v.isdecimal() and len(v) < 19 else v for k, v in cells.items()})
    raise_first(file, "line")
    return entries


def _check(content: Any, where: str) -> None:
    error = best_match(Draft202012Validator(SCHEMA).iter_errors(content))
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
