"""Snapshot proposals: a question and its choices; votes are signed messages, and nothing is executed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from experiments.errors import RequestError, show, unknown

TYPES = ("basic", "single-choice", "approval", "ranked-choice", "quadratic", "weighted", "copeland", "custom")
CHOICES = ("For", "Against", "Abstain")
OPTIONS = ("type", "choices", "discussion", "start", "end", "snapshot")
"""Optional keys of a file of changes; title and body are the proposal's own."""

SECONDS = {"type": "integer", "minimum": 10**9, "maximum": 10**10, "description": "a time in seconds since 1970"}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["name", "body", "type", "choices", "discussion"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 256, "description": "a title of 1 to 256 characters"},
        "body": {"type": "string", "maxLength": 10_000, "description": "text of at most 10,000 characters"},
        "type": {"enum": list(TYPES), "description": ", ".join(TYPES)},
        "choices": {
            "type": "array",
            "minItems": 1,
            "maxItems": 256,
            "uniqueItems": True,
            "description": "a list of 1 to 256 choices, all different",
            "items": {"type": "string", "minLength": 1, "maxLength": 256, "description": "1 to 256 characters"},
        },
        "discussion": {
            "type": "string",
            "maxLength": 256,
            "pattern": r"^(https?://[^\s]+)?$",
            "description": "an http address of at most 256 characters, or nothing",
        },
        "start": SECONDS,
        "end": SECONDS,
        "snapshot": {"type": "integer", "minimum": 0, "description": "the number of a block"},
    },
    "if": {"properties": {"type": {"const": "basic"}}},
    "then": {
        "properties": {
            "choices": {"const": list(CHOICES), "description": f"{', '.join(CHOICES)}, for that is what basic means"}
        }
    },
}
"""Limits of Snapshot's own schema, for a space without a paid plan."""


def ballot(name: str, body: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Snapshot proposal as plain data; start, end and block are left out unless they are in `options`."""
    for key in options:
        if key not in OPTIONS:
            raise RequestError(f"snapshot.{key}: {unknown(key, 'key of a Snapshot proposal', OPTIONS)}")
    content = {"name": name, "body": body, "type": "basic", "choices": list(CHOICES), "discussion": "", **options}
    check_ballot(content)
    return content


def check_ballot(content: Any) -> None:
    """Refuse what Snapshot would refuse; `RequestError` says where, what was found and what is allowed."""
    error = best_match(Draft202012Validator(SCHEMA).iter_errors(content))
    if error is not None:
        raise RequestError(_sentence(error))
    if "start" in content and content.get("end", content["start"] + 1) <= content["start"]:
        raise RequestError(f"snapshot.end: found {content['end']}; allowed: a time after the start, {content['start']}")


def _sentence(error: ValidationError) -> str:
    where = ".".join(["snapshot", *map(str, error.absolute_path)])
    if "description" not in error.schema:
        return f"{where}: {error.message}"
    found = error.instance
    long = isinstance(found, str) and len(found) > 60
    return (
        f"{where}: found {f'{len(found)} characters' if long else show(found)}; allowed: {error.schema['description']}"
    )
