"""What lies in a pack's folder: its files and its manifest, read with caution, and whether their hashes agree."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from experiments.errors import RequestError
from experiments.proposals import pack
from experiments.proposals.attacks import CHOICES
from experiments.proposals.case import SCHEMA_VERSION
from experiments.proposals.proposal_file import iso_date
from experiments.proposals.schema import SCHEMA
from experiments.words import counted

MOST_BYTES = 100_000_000
MOST_SAID = 300


@dataclass(frozen=True)
class PackFinding:
    """One thing that was looked at; `holds` is None where it could not be or was not asked for."""

    check: str
    holds: bool | None
    said: str


def read_pack(folder: Path) -> tuple[PackFinding, dict[str, bytes]]:
    """Whether just the files of a pack are there, as plain files; and what is in them."""
    if not folder.is_dir():
        raise RequestError(f"{folder}: no such folder; allowed: a pack that quiver-sim propose wrote")
    inside = {path.name: path for path in sorted(folder.iterdir())}
    fit = [n for n, path in inside.items() if path.is_file() and not path.is_symlink()]
    wrong = [f"{name} is missing" for name in pack.FILES if name not in inside]
    known = (*pack.FILES, *pack.OPTIONAL)
    wrong += [f"{name} is not a pack's" for name in inside if name not in known]
    wrong += [f"{name} is no plain file" for name in inside if name in known and name not in fit]
    wrong += [f"{name} is too large" for name in fit if inside[name].stat().st_size > MOST_BYTES]
    if wrong:
        readable = [n for n in fit if n in known and inside[n].stat().st_size <= MOST_BYTES]
        return PackFinding("files", False, ", ".join(wrong)), {name: inside[name].read_bytes() for name in readable}
    said = f"{counted(len(inside), 'file')}, none missing and none besides"
    return PackFinding("files", True, said), {name: path.read_bytes() for name, path in inside.items()}


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
    return PackFinding(
        "hashes", not wrong, f"not as listed: {', '.join(wrong)}" if wrong else f"all {len(found)} as listed"
    )


def schema_version(manifest: dict[str, Any]) -> PackFinding:
    """Whether the pack's schema is this program's."""
    found = manifest.get("schema_version")
    return PackFinding("schema version", found == SCHEMA_VERSION, f"found {found!r}; this program has {SCHEMA_VERSION}")


def schema(contents: dict[str, bytes]) -> PackFinding:
    """Whether the document is as its schema says."""
    try:
        document = json.loads(contents.get(pack.DOCUMENT, b""))
        error = best_match(Draft202012Validator(SCHEMA).iter_errors(document))
    except (ValueError, RecursionError):
        return PackFinding("schema", False, f"{pack.DOCUMENT} is missing, or no JSON")
    if error is None:
        return PackFinding("schema", True, f"{pack.DOCUMENT} is as the published schema says")
    place = ".".join(map(str, error.absolute_path)) or "the document"
    return PackFinding("schema", False, f"{pack.DOCUMENT}: {place}: {error.message[:MOST_SAID]}")
