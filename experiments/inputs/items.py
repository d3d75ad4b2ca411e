"""One item of a list in a user's file: a mapping with required and optional keys, each key checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from experiments.errors import Problems, UnfitError, a, show, unknown


def read_item(
    item: Any,
    key: str,
    noun: str,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    field: Callable[[str], Any],
    where: str,
    problems: Problems,
) -> dict[str, Any] | None:
    """The item's values as `field(name)` reads them, or None with what is wrong noted under `key`."""
    if not isinstance(item, dict):
        problems.add(where, key, UnfitError(show(item), f"{a(noun)} with " + ", ".join(required)))
        return None
    before = len(problems.sentences)
    for name in item:
        if name not in required + optional:
            problems.add(where, f"{key}.{name}", unknown(name, f"key of {a(noun)}", required + optional))
    for name in required:
        if name not in item:
            problems.add(where, f"{key}.{name}", f"missing; every {noun} has " + ", ".join(required))
    values: dict[str, Any] = {}
    for name in (name for name in required + optional if name in item):
        try:
            values[name] = field(name)
        except UnfitError as error:
            problems.add(where, f"{key}.{name}", error)
    return values if len(problems.sentences) == before else None
