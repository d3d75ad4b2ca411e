"""Files of changes: title, body, and each parameter's value before and after; optionally Snapshot's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.errors import Problems, UnfitError, unknown
from experiments.inputs import validate
from experiments.inputs.items import read_item
from experiments.inputs.strict_yaml import read_exact
from experiments.proposals.onchain.assemble import forms
from experiments.proposals.onchain.targets import TargetMap

REQUIRED = ("title", "body", "changes")
KEYS = (*REQUIRED, "snapshot")


def forms_of(path: str | Path, targets: TargetMap) -> dict[str, Any]:
    """On-chain forms (`assemble.forms`) of a file's changes; `RequestError` lists what is wrong with the file."""
    where = str(path)
    content, problems = read_exact(Path(path), where), Problems()
    for key in content:
        if key not in KEYS:
            problems.add(where, key, unknown(key, "key of a file of changes", KEYS))
    for key in REQUIRED:
        if key not in content:
            problems.add(where, key, "missing; every file of changes has " + ", ".join(REQUIRED))
    changes = {}
    for name, item in _mapping(content, "changes", where, problems).items():
        change = _change(name, item, where, problems)
        if change is not None:
            changes[name] = (change["from"], change["to"])
    options = _mapping(content, "snapshot", where, problems)
    problems.raise_any()
    return forms(content["title"], content["body"], changes, targets, options, where)


def _change(name: str, item: Any, where: str, problems: Problems) -> dict[str, Any] | None:
    return read_item(item, f"changes.{name}", "change", ("from", "to"), (), lambda side: item[side], where, problems)


def _mapping(content: dict[str, Any], key: str, where: str, problems: Problems) -> dict[str, Any]:
    try:
        return validate.mapping(content.get(key), "names and what each has")
    except UnfitError as error:
        problems.add(where, key, error)
        return {}
