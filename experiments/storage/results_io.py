"""Results of an analysis on disk: tables as CSV, one JSON document, in a folder named after what was asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.storage.folder import Folder
from experiments.words import plain_data


def folder_of(out: Path, name: str, kind: str, asked: Mapping[str, Any]) -> Path:
    """`out/NAME-KIND-` and six hex digits of what is asked."""
    digest = hashlib.sha256(json.dumps(plain_data(dict(asked)), sort_keys=True).encode()).hexdigest()
    return out / f"{name}-{kind}-{digest[:6]}"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a list of rows for JSON."""
    return [plain_data(row) for row in frame.to_dict("records")]


def write_text(text: str, path: Path) -> None:
    """A file, whole or not at all."""
    Folder.at(path.parent).write(path.name, text)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """A table with a header and without an index."""
    write_text(frame.to_csv(index=False), path)


def json_text(content: Any) -> str:
    """One document as text; a figure that is no number is null."""
    return json.dumps(plain_data(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(content: Any, path: Path) -> None:
    """One document in a file, as `json_text` has it."""
    write_text(json_text(content), path)
