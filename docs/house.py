"""The house as a picture: which room imports which, drawn by Mermaid in CONTRIBUTING.md.

An arrow points from a room to one that it uses; those that follow from others are left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from experiments.storage.results_io import write_text

ROOT = Path(__file__).resolve().parents[1]
PAPER = ROOT / "CONTRIBUTING.md"
TOPS = ("model", "policies", "state_updates", "experiments", "dashboards")
MARKS = ("<!-- the house, drawn from the imports -->\n", "<!-- end of the house -->")

Arrows = Mapping[str, set[str]]


def room_of(module: str) -> str:
    """The room of a dotted module: a folder of `experiments` or `dashboards`, else the top; files beside have none."""
    top, _, rest = module.partition(".")
    name = rest.split(".")[0]
    if top not in ("experiments", "dashboards"):
        return top
    return f"{top}.{name}" if (ROOT / top / name).is_dir() and name else ""


def arrows_by_file() -> Iterator[tuple[str, int, str, str]]:
    """Every import of a room by another: the file, the line, the room that imports, the room imported."""
    for path in sorted(path for top in TOPS for path in (ROOT / top).rglob("*.py")):
        file = path.relative_to(ROOT)
        here = room_of(".".join(file.with_suffix("").parts))
        for name, line in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            there = room_of(name) if name.split(".")[0] in TOPS else ""
            if here and there and there != here:
                yield str(file), line, here, there


def arrows() -> Arrows:
    """The rooms that each room uses."""
    found: dict[str, set[str]] = {}
    for _, _, here, there in arrows_by_file():
        found.setdefault(here, set()).add(there)
        found.setdefault(there, set())
    return found


def picture() -> str:
    """The house in Mermaid's words: the folders as boxes, the rooms in them, the arrows that no others imply."""
    drawn = arrows()
    lines = ["```mermaid", "flowchart TD"]
    for top in ("dashboards", "experiments"):
        inside = sorted(room for room in drawn if room.startswith(f"{top}."))
        lines += [f"  subgraph {top}", *(f"    {_id(room)}[{room.split('.')[1]}/]" for room in inside), "  end"]
    lines += [f"  {_id(room)}[{room}/]" for room in sorted(drawn) if "." not in room]
    lines += [f"  {_id(room)} --> {_id(used)}" for room in sorted(drawn) for used in sorted(_direct(drawn, room))]
    return "\n".join([*lines, "```"]) + "\n"


def paper() -> str:
    """CONTRIBUTING.md with the house as it is today."""
    start, end = (re.escape(mark) for mark in MARKS)
    text = PAPER.read_text(encoding="utf-8")
    return re.sub(f"(?s)(?<={start}).*?(?={end})", lambda _: picture(), text)


def _direct(drawn: Arrows, room: str) -> set[str]:
    """Rooms used that no other room used by this one uses in turn."""
    return drawn[room] - {far for near in drawn[room] for far in _reached(drawn, near)}


def _reached(drawn: Arrows, room: str) -> set[str]:
    """Every room below one."""
    return drawn[room] | {far for near in drawn[room] for far in _reached(drawn, near)}


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Full names of the modules that a tree imports, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            short = node.module in TOPS
            yield from ((f"{node.module}.{name.name}" if short else node.module, node.lineno) for name in node.names)


def _id(room: str) -> str:
    return room.replace(".", "_")


if __name__ == "__main__":
    write_text(paper(), PAPER)
