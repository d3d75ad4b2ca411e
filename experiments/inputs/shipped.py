"""What ships with the package: presets, scenarios and experiments, by name, and how a name or a file is found."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from experiments.errors import RequestError, a, nearest, unknown
from experiments.inputs.strict_yaml import read_mapping
from experiments.inputs.text_file import path_of, read_text

HERE = Path(__file__).parents[1]
PRESETS, SCENARIOS, CATALOGUE = HERE / "presets", HERE / "scenarios", HERE / "catalogue"
PROPOSALS = HERE / "proposals" / "examples"
FIRST = "whitepaper"


class Shelf(NamedTuple):
    """Where files of a kind ship, and the command that takes their names."""

    folder: Path
    command: str


SHELVES = {
    "scenario": Shelf(SCENARIOS, "run"),
    "experiment": Shelf(CATALOGUE, "sweep"),
    "proposal": Shelf(PROPOSALS, "propose"),
}
"""What can be named on the command line, by kind."""

COMMENTED = re.compile(r"^\s+([a-z_]+\.[a-z_]+):.*?\s#\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A file to read: its path, the name of its content, what the user calls it, whether it is a shipped preset."""

    path: Path
    name: str
    where: str
    preset: bool = False


@dataclass(frozen=True)
class About:
    """What a shipped file is. `changes` are its own parameters, `sources` the document that each is from."""

    name: str
    kind: str
    title: str
    description: str
    changes: Mapping[str, Any]
    sources: Mapping[str, str]


def preset_names() -> tuple[str, ...]:
    """Presets: the documents' parameter sets."""
    return tuple(sorted(_names(PRESETS), key=lambda name: (name != FIRST, name)))


def scenario_names() -> tuple[str, ...]:
    """Everything that can be simulated by name: the presets, then the scenarios that build on them."""
    return preset_names() + _names(SCENARIOS)


def experiment_names() -> tuple[str, ...]:
    """Experiments that can be swept by name."""
    return _names(CATALOGUE)


def about(name: str) -> About:
    """Title, description and sources of a shipped preset, scenario or experiment."""
    folders = {"preset": PRESETS, "scenario": SCENARIOS, "experiment": CATALOGUE}
    for kind, folder in folders.items():
        if name in _names(folder):
            path = folder / f"{name}.yaml"
            content = read_mapping(path, path.name)
            sources = dict(COMMENTED.findall(read_text(path, path.name)))
            words = str(content.get("description") or content.get("question") or "")
            title = str(content.get("title", ""))
            return About(name, kind, title, " ".join(words.split()), content.get("parameters") or {}, sources)
    shipped = (*scenario_names(), *experiment_names())
    raise RequestError(f"{name}: {unknown(name, 'preset, scenario or experiment', shipped)}")


def find_scenario(name_or_path: str | Path, base: Path | None = None) -> Source:
    """A shipped preset or scenario, or a file; a relative path is read from `base`."""
    if isinstance(name_or_path, str) and name_or_path in preset_names():
        return Source(PRESETS / f"{name_or_path}.yaml", name_or_path, f"preset {name_or_path}", preset=True)
    return _find("scenario", name_or_path, base)


def find_experiment(name_or_path: str | Path) -> Source:
    """A shipped experiment, or a file."""
    return _find("experiment", name_or_path)


def find_proposal(name_or_path: str | Path) -> Source:
    """A shipped proposal, or a file."""
    return _find("proposal", name_or_path)


def _find(kind: str, name_or_path: str | Path, base: Path | None = None) -> Source:
    """What ships under a name of such a kind, or a file."""
    shelf, names = SHELVES[kind], _names_of(kind)
    if isinstance(name_or_path, str) and name_or_path in names:
        return Source(shelf.folder / f"{name_or_path}.yaml", name_or_path, f"{kind} {name_or_path}")
    found = _file(name_or_path, base, names)
    if found is None:
        raise RequestError(_missing(str(name_or_path), kind))
    return found


def _names_of(kind: str) -> tuple[str, ...]:
    """Every name of a kind; a preset is a scenario too."""
    return scenario_names() if kind == "scenario" else _names(SHELVES[kind].folder)


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def _file(name_or_path: str | Path, base: Path | None, names: tuple[str, ...]) -> Source | None:
    full = path_of(name_or_path, base)
    path = Path(name_or_path)
    looks_like_a_file = path.suffix in (".yaml", ".yml") or len(path.parts) > 1 or isinstance(name_or_path, Path)
    if str(name_or_path) and os.path.lexists(full):
        return Source(full, full.stem, str(full))
    if not looks_like_a_file:
        return None
    raise RequestError(f"{full}: no such file" + _nearest_files(full, names))


def _nearest_files(path: Path, names: tuple[str, ...]) -> str:
    """Files beside a missing one, and shipped names, whose stems resemble its own: all share the suffix."""
    beside = {found.stem: found.name for found in path.parent.glob("*.y*ml")} if os.path.isdir(path.parent) else {}
    known = {name: name for name in names} | beside
    near = nearest(path.stem, known)
    return f"; nearest: {', '.join(known[name] for name in near)}" if near else ""


def _missing(name: str, kind: str) -> str:
    """That no such name ships: what is one of another kind, or the nearest, which stand before a long list."""
    sentence = f"{name}: no such {kind} or file"
    for other, shelf in SHELVES.items():
        if other != kind and name in _names_of(other):
            return f"{sentence} ({name} is {a(other)}: quiver-sim {shelf.command} {name})"
    names = _names_of(kind)
    near = nearest(name, names) or [
        f"{close}, {a(other)} (quiver-sim {shelf.command})"
        for other, shelf in SHELVES.items()
        for close in nearest(name, _names_of(other))[:1]
    ]
    return sentence + (f"; nearest: {', '.join(near)}" if near else "") + f"; allowed: {', '.join(names)}"
