"""What lies in a pack's folder: its files and its manifest, read with caution, and whether their hashes agree."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from experiments.errors import RequestError, show
from experiments.inputs.text_file import read_bytes
from experiments.proposals import pack
from experiments.proposals.attacks import CHOICES
from experiments.proposals.case import SCHEMA_VERSION
from experiments.proposals.proposal_file import iso_date
from experiments.proposals.schema import SCHEMA
from experiments.words import counted

MOST_ENTRIES = 100
"""Names in a folder that are looked at: a pack has a dozen."""

MOST_SAID, MOST_ERRORS = 300, 100
"""Characters that are quoted of a schema's sentence, and departures from it that are compared."""

MOST_NAMED = 20
"""Files or trajectories that a finding names."""


@dataclass(frozen=True)
class PackFinding:
    """One thing that was looked at; `holds` is None where it could not be or was not asked for."""

    check: str
    holds: bool | None
    said: str


def read_pack(folder: Path) -> tuple[PackFinding, dict[str, bytes]]:
    """Whether just the files of a pack are there, as plain files of a fit size; and what is in them."""
    if not folder.is_dir():
        raise RequestError(f"{folder}: no such folder; allowed: a pack that quiver-sim propose wrote")
    names = _names(folder)
    if len(names) >= MOST_ENTRIES:
        return PackFinding("files", False, f"there are {MOST_ENTRIES} names or more, such as {show(names[0])}"), {}
    wrong = [f"{name} is missing" for name in pack.FILES if name not in names]
    wrong += [f"{show(name)} is not a pack's" for name in names if name not in pack.MOST_BYTES]
    contents = {}
    for name in (name for name in names if name in pack.MOST_BYTES):
        try:
            contents[name] = _read(folder / name)
        except RequestError as error:
            wrong.append(str(error))
    said = ", ".join(wrong) or f"{counted(len(names), 'file')}, none missing and none besides"
    return PackFinding("files", not wrong, said), contents


def _names(folder: Path) -> list[str]:
    """The names in a folder, in order; of very many only some."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in islice(entries, MOST_ENTRIES))
    except OSError as error:
        raise RequestError(f"{folder}: cannot be read ({error.strerror or error})") from None


def _read(path: Path) -> bytes:
    """What is in a plain file of a fit size, which no link is; `RequestError` says why not."""
    if path.is_symlink():
        raise RequestError(f"{path.name}: a link; allowed: a file")
    return read_bytes(path, path.name, pack.MOST_BYTES[path.name])


def manifest_of(contents: dict[str, bytes]) -> dict[str, Any] | None:
    """The manifest, or None if it does not say how the pack was made."""
    try:
        read = json.loads(contents.get(pack.MANIFEST, b""))
        if read["created"] is not None:
            iso_date(read["created"])
        fit = read["kind"] == pack.KIND and read["attacks"] in CHOICES and isinstance(read["code_version"], str)
        return read if fit and isinstance(read["sha256"], dict) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def hashes(contents: dict[str, bytes], manifest: dict[str, Any]) -> PackFinding:
    """Whether the files are those that the manifest lists."""
    listed = manifest["sha256"]
    found = {name: hashlib.sha256(text).hexdigest() for name, text in contents.items() if name != pack.MANIFEST}
    wrong = sorted(name for name in found.keys() | listed.keys() if found.get(name) != listed.get(name))
    said = f"not as listed: {named(wrong)}" if wrong else f"all {len(found)} as listed"
    return PackFinding("hashes", not wrong, said)


def named(wrong: list[str]) -> str:
    """Some names in a sentence, of very many the first."""
    more = len(wrong) - MOST_NAMED
    some = (name if name in pack.MOST_BYTES else show(name) for name in wrong[:MOST_NAMED])
    return ", ".join(some) + (f" and {more:,} more" if more > 0 else "")


def schema_version(manifest: dict[str, Any]) -> PackFinding:
    """Whether the pack's schema is this program's."""
    found = manifest.get("schema_version")
    return PackFinding(
        "schema version", found == SCHEMA_VERSION, f"found {show(found)}; this program has {SCHEMA_VERSION}"
    )


def schema(contents: dict[str, bytes]) -> PackFinding:
    """Whether the document is as its schema says."""
    try:
        document = json.loads(contents.get(pack.DOCUMENT, b""))
        errors: Iterator[ValidationError] = Draft202012Validator(SCHEMA).iter_errors(document)
        error = best_match(islice(errors, MOST_ERRORS))
    except (ValueError, RecursionError):
        return PackFinding("schema", False, f"{pack.DOCUMENT} is missing, or no JSON")
    if error is None:
        return PackFinding("schema", True, f"{pack.DOCUMENT} is as the published schema says")
    place = ".".join(map(str, error.absolute_path)) or "the document"
    return PackFinding("schema", False, f"{pack.DOCUMENT}: {place}: {error.message[:MOST_SAID]}")
