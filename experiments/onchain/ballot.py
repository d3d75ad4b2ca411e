"""The same proposal as Snapshot takes it: a vote off chain, as JSON within Snapshot's limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from experiments.errors import Problems, UnfitError, show, unknown

SCHEMA = Path(__file__).parent / "ballot.schema.json"
USUAL: dict[str, Any] = {"type": "basic", "choices": ["For", "Against", "Abstain"]}
"""The kind of vote where the user asks for no other."""


def ballot(title: str, body: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Snapshot's proposal; `asked` may set type, choices, discussion, start, end and snapshot, in Snapshot's terms.

    `start` and `end` are seconds since 1970, `snapshot` a block's number. A `RequestError` names what is beyond limits.
    """
    found = {"name": title, "body": body, **USUAL, **asked}
    problems = Problems()
    for error in sorted(_validator().iter_errors(found), key=lambda error: str(error.json_path)):
        problems.add("snapshot", error.json_path.removeprefix("$").removeprefix("."), _sentence(error, found))
    if not problems.sentences and found.get("start", 0) >= found.get("end", float("inf")):
        problems.add("snapshot", "end", UnfitError(show(found["end"]), f"a time after the start, {found['start']}"))
    problems.raise_any()
    return found


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _sentence(error: Any, found: Mapping[str, Any]) -> str:
    known, rule = error.schema.get("properties", {}), error.validator
    if rule == "additionalProperties":
        return unknown(next(key for key in found if key not in known), "key of a Snapshot proposal", known)
    size = f"{len(error.instance)} of them" if rule in ("minLength", "maxLength", "minItems", "maxItems") else ""
    return str(UnfitError(size or show(error.instance), error.schema.get("description", "")))
