"""Reference pages: `python -m docs.generate [declared] [measured] [PAGE...]` writes them beside this file.

A page is a module of `docs.declared`, which is written from declarations in seconds, or of `docs.measured`, which
simulates for minutes. It has the name of its `FILE` and returns its `text()`. Without arguments all are written.

`measured.json` notes of each measured page what made it: a digest of what decides its figures, and one of its text. A
page whose note still holds is what its code says, and need not be simulated again to know.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from experiments.storage.results_io import write_text

FOLDER = Path(__file__).resolve().parent
KINDS = ("declared", "measured")
NOTES = FOLDER / "measured.json"
DECIDING = ("experiments/validation/*.py", "docs/markdown.py", "docs/measured/{name}.*")
"""What decides a measured page besides the code that decides every number, from the root."""


def modules(kind: str) -> list[str]:
    """Full names of a kind's modules; none is imported."""
    return [f"docs.{kind}.{found.name}" for found in pkgutil.iter_modules([str(FOLDER / kind)])]


def chosen(names: Sequence[str]) -> Iterator[str]:
    """The modules of some kinds and pages, of all if none is named."""
    for kind in KINDS:
        for module in modules(kind):
            if not names or kind in names or module.rpartition(".")[2] in names:
                yield module


def note(module: str, text: str) -> dict[str, str]:
    """What makes a measured page today, and its text, as digests."""
    from experiments.storage.version import code_version, package_versions

    deciding = hashlib.sha256(f"{code_version()} {package_versions()}".encode())
    for pattern in DECIDING:
        for path in sorted(FOLDER.parent.glob(pattern.format(name=module.rpartition(".")[2]))):
            deciding.update(path.name.encode() + b"\0" + path.read_bytes())
    return {"code": deciding.hexdigest()[:12], "text": hashlib.sha256(text.encode()).hexdigest()[:12]}


def notes() -> dict[str, dict[str, str]]:
    """The note of each measured page by its file's name."""
    return dict(json.loads(NOTES.read_text(encoding="utf-8"))) if NOTES.exists() else {}


def write(names: Sequence[str]) -> None:
    """Write the pages of some kinds or names, each as it is made, and note what made those that are measured."""
    known = {*KINDS, *(module.rpartition(".")[2] for kind in KINDS for module in modules(kind))}
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"docs.generate: {', '.join(unknown)}: no such page; there are {', '.join(sorted(known))}")
    for name in chosen(names):
        module = import_module(name)
        text = module.text()
        write_text(text, FOLDER / module.FILE)
        if name in modules("measured"):
            found = notes() | {module.FILE: note(name, text)}
            write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", NOTES)


if __name__ == "__main__":
    write(sys.argv[1:])
