"""The house: rooms use only rooms below them, are few, and hold functions that are read at a glance."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from docs.house import PAPER, arrows_by_file, paper
from tests.structure.sources import ROOT, trees

TOPS = ("model", "policies", "state_updates", "experiments", "dashboards")

FLOORS = {
    "model": 0,
    "policies": 1,
    "state_updates": 1,
    "experiments.words": 1,
    "experiments.storage": 2,
    "experiments.engines": 2,
    "experiments.inputs": 3,
    "experiments.sweeps": 4,
    "experiments.validation": 4,
    "experiments.analysis": 5,
    "experiments.proposals": 6,
    "dashboards.figures": 7,
    "dashboards.site": 8,
    "dashboards.explorer": 8,
    "dashboards.evidence": 9,
    "experiments.cli": 10,
}
"""Every room and the floor that it stands on: it may use what stands on lower floors."""

NEIGHBOURS = 16
LINES = 60
TWICE = 30


def test_rooms_use_only_rooms_below() -> None:
    upward = [
        f"{file}:{line}: {here} uses {there}"
        for file, line, here, there in arrows_by_file()
        if FLOORS[there] >= FLOORS[here]
    ]
    assert upward == []


def test_the_rooms_of_experiments_are_few() -> None:
    """Folders and files, what ships as data included."""
    marks = ("__pycache__", "py.typed")
    found = [path.name for path in (ROOT / "experiments").iterdir() if path.name not in marks]
    assert len(found) <= NEIGHBOURS, sorted(found)


def test_functions_are_read_at_a_glance() -> None:
    long = []
    for path, tree in trees(*TOPS).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [f"{path}:{node.lineno}: {node.name} has {length} lines"] if length > LINES else []
    assert long == []


def test_a_name_means_one_thing() -> None:
    """Public functions and classes of the same name in several modules are few."""
    places: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees(*TOPS).items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].add(path)
    twice = {name: sorted(found) for name, found in places.items() if len(found) > 1}
    assert len(twice) < TWICE, twice


def test_the_picture_of_the_house_is_fresh() -> None:
    assert Path(PAPER).read_text(encoding="utf-8") == paper(), "run `python -m docs.house`"
