"""JSON documents of a store. Each has the SHA-256 of its own content, so that none is believed because it is there.

A document that was cut short, edited by hand or mixed up is refused by `read_document` in one sentence; so is one of
an earlier version, which had no such digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from experiments.errors import RequestError
from experiments.storage.folder import NO_FILE, Folder

SEAL = "sha256"
"""The key of the digest, which is over all other keys in their order."""


class DamagedError(RequestError):
    """A document is not as it was written; the message says how, and not where."""


def digest_of(content: Mapping[str, Any]) -> str:
    """The digest of a document: of its keys, but for the digest's own, and values as JSON has them."""
    own = {key: value for key, value in content.items() if key != SEAL}
    return hashlib.sha256(json.dumps(own).encode()).hexdigest()


def write_document(folder: Folder, name: str, content: Mapping[str, Any]) -> None:
    """Write a document with its digest, whole or not at all. The order of keys is kept."""
    plain = json.loads(json.dumps(content))
    folder.write(name, json.dumps(plain | {SEAL: digest_of(plain)}, indent=1, ensure_ascii=False) + "\n")


def read_document(folder: Folder, name: str) -> dict[str, Any]:
    """A document that is as it was written; FileNotFoundError where there is none, DamagedError where it is not."""
    if folder.exists(name) and not folder.is_file(name):
        raise DamagedError(f"it {NO_FILE}")
    try:
        found = json.loads(folder.read(name).decode("utf-8"))
    except RecursionError:
        raise DamagedError("its brackets are nested too deep") from None
    except ValueError as error:
        raise DamagedError(str(error)) from None
    if not isinstance(found, dict):
        raise DamagedError(f"found {type(found).__name__}; allowed: keys and values")
    if SEAL not in found:
        raise DamagedError(f"it has no {SEAL} of its own: it was altered, or an earlier version wrote it")
    if found[SEAL] != digest_of(found):
        raise DamagedError(f"its content does not match its {SEAL}")
    return {key: value for key, value in found.items() if key != SEAL}
