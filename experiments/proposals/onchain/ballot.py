"""Snapshot proposals: a question and its choices; votes are signed messages, and nothing is executed.

The limits are Snapshot's own, of a space without a paid plan: those of its schema and its address format
(`src/schemas/proposal.json` and `customUrl` in `src/utils.ts` of github.com/snapshot-labs/snapshot.js, MIT), and those
that its sequencer checks of a message (`verify` in `src/writer/proposal.ts` and `validateChoices` of
github.com/snapshot-labs/snapshot-sequencer) with the figures of docs.snapshot.box/user-guides/create.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError, best_match

from experiments.errors import MOST_SHOWN, RequestError, show, unknown

TYPES = ("basic", "single-choice", "approval", "ranked-choice", "quadratic", "weighted", "copeland", "custom")
CHOICES = ("For", "Against", "Abstain")
OPTIONS = ("type", "choices", "discussion", "start", "end", "snapshot")
"""Optional keys of a file of changes; title and body are the proposal's own."""

FIRST, LAST = 10**9, 2 * 10**9
SECONDS = {
    "type": "integer",
    "minimum": FIRST,
    "maximum": LAST,
    "description": f"a time in seconds since 1970, from {FIRST} to {LAST} (May 2033), the last that Snapshot takes",
}
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
            "maxItems": 10,
            "uniqueItems": True,
            "description": "a list of 1 to 10 choices, all different",
            "items": {"type": "string", "minLength": 1, "maxLength": 256, "description": "1 to 256 characters"},
        },
        "discussion": {
            "type": "string",
            "maxLength": 256,
            "pattern": r"^((https?|ipfs|ipns|snapshot)://\S+)?\Z",
            "description": "an address (https, http, ipfs, ipns, snapshot) of at most 256 characters, or nothing",
        },
        "start": SECONDS,
        "end": SECONDS,
        "snapshot": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1, "description": "the number of a block"},
    },
    "if": {"properties": {"type": {"const": "basic"}}},
    "then": {
        "properties": {
            "choices": {
                "minItems": 2,
                "maxItems": 3,
                "description": f"two or three choices, such as {', '.join(CHOICES)}, for that is what basic means",
            }
        }
    },
}
"""The limits; lengths are those of JavaScript, `length`."""


def length(text: str) -> int:
    """Length of a text as JavaScript counts it, in units of UTF-16: most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _longest(validator: Any, most: int, text: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(text, str) and length(text) > most:
        yield ValidationError(f"more than {most} characters")


VALIDATOR = validators.extend(Draft202012Validator, {"maxLength": _longest})(SCHEMA)


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
    error = best_match(VALIDATOR.iter_errors(content))
    if error is not None:
        raise RequestError(_sentence(error))
    if "start" in content and content.get("end", content["start"] + 1) <= content["start"]:
        raise RequestError(f"snapshot.end: found {content['end']}; allowed: a time after the start, {content['start']}")


def _sentence(error: ValidationError) -> str:
    where = ".".join(["snapshot", *map(str, error.absolute_path)])
    if "description" not in error.schema:
        return f"{where}: {error.message}"
    found = error.instance
    shown = _characters(found) if isinstance(found, str) and len(found) > MOST_SHOWN else show(found)
    return f"{where}: found {shown}; allowed: {error.schema['description']}"


def _characters(text: str) -> str:
    """How long a text is, in words; with emoji, how Snapshot counts."""
    units = length(text)
    how = "" if units == len(text) else ", as Snapshot counts: most emoji are two"
    return f"{units} characters{how}"
