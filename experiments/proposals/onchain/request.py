"""Files of changes: title, body, and each parameter's value before and after; optionally Snapshot's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.inputs.reader import Reader
from experiments.inputs.strict_yaml import read_exact
from experiments.inputs.text_file import path_of
from experiments.proposals.onchain.assemble import forms
from experiments.proposals.onchain.targets import TargetMap

REQUIRED = ("title", "body", "changes")
KEYS = (*REQUIRED, "snapshot")
KEYED = "names and what each has"


def forms_of(path: str | Path, targets: TargetMap) -> dict[str, Any]:
    """On-chain forms (`assemble.forms`) of a file's changes; `RequestError` lists what is wrong with the file."""
    where = str(path)
    file = Reader(where, read_exact(path_of(path), where))
    file.only(KEYS, "a file of changes")
    for key in REQUIRED:
        if key not in file.found:
            file.note("missing; every file of changes has " + ", ".join(REQUIRED), key)
    changes = {}
    for name, place in file.at("changes").keys(KEYED).items():
        change = _change(place)
        if change is not None:
            changes[name] = (change["from"], change["to"])
    options = file.at("snapshot").mapping(KEYED)
    file.problems.raise_any()
    return forms(file.found["title"], file.found["body"], changes, targets, options, where)


def _change(at: Reader) -> dict[str, Any] | None:
    return at.item("change", ("from", "to"), (), lambda side: at.found[side])
