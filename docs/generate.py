"""Reference pages: `python -m docs.generate [declared] [measured] [PAGE...]` writes them beside this file.

A page is a module of `docs.declared`, which is written from declarations in seconds, or of `docs.measured`, which
simulates for minutes. It has the name of its `FILE` and returns its `text()`. Without arguments all are written.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
KINDS = ("declared", "measured")


def modules(kind: str) -> list[str]:
    """Full names of a kind's modules; none is imported."""
    return [f"docs.{kind}.{found.name}" for found in pkgutil.iter_modules([str(FOLDER / kind)])]


def chosen(names: Sequence[str]) -> Iterator[str]:
    """The modules of some kinds and pages, of all if none is named."""
    for kind in KINDS:
        for module in modules(kind):
            if not names or kind in names or module.rpartition(".")[2] in names:
                yield module


def write(names: Sequence[str], folder: Path = FOLDER) -> list[Path]:
    """Write the pages of some kinds or names into a folder, as each is made."""
    known = {*KINDS, *(module.rpartition(".")[2] for kind in KINDS for module in modules(kind))}
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"docs.generate: {', '.join(unknown)}: no such page; there are {', '.join(sorted(known))}")
    written = []
    for name in chosen(names):
        module = import_module(name)
        written.append(folder / module.FILE)
        written[-1].write_text(module.text(), encoding="utf-8")
    return written


if __name__ == "__main__":
    write(sys.argv[1:])
