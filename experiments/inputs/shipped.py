"""What ships with the package: presets, scenarios and experiments, by name, and how a name or a file is found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.errors import RequestError, nearest
from experiments.inputs.strict_yaml import read_mapping
from experiments.inputs.text_file import path_of, read_text

HERE = Path(__file__).parents[1]
PRESETS, SCENARIOS, CATALOGUE = HERE / "presets", HERE / "scenarios", HERE / "catalogue"
PROPOSALS = HERE / "proposals" / "examples"
FIRST = "whitepaper"
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


def proposal_names() -> tuple[str, ...]:
    """Proposals that ship as examples."""
    return _names(PROPOSALS)


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
    raise RequestError(_missing(name, "preset, scenario or experiment", (*scenario_names(), *experiment_names())))


def find_scenario(name_or_path: str | Path, base: Path | None = None) -> Source:
    """A shipped preset or scenario, or a file; a relative path is read from `base`."""
    if isinstance(name_or_path, str) and name_or_path in preset_names():
        return Source(PRESETS / f"{name_or_path}.yaml", name_or_path, f"preset {name_or_path}", preset=True)
    if isinstance(name_or_path, str) and name_or_path in scenario_names():
        return Source(SCENARIOS / f"{name_or_path}.yaml", name_or_path, f"scenario {name_or_path}")
    found = _file(name_or_path, base, scenario_names())
    if found is None:
        raise RequestError(_missing(name_or_path, "scenario or file", scenario_names()) + _other(name_or_path, "sweep"))
    return found


def find_experiment(name_or_path: str | Path) -> Source:
    """A shipped experiment, or a file."""
    if isinstance(name_or_path, str) and name_or_path in experiment_names():
        return Source(CATALOGUE / f"{name_or_path}.yaml", name_or_path, f"experiment {name_or_path}")
    found = _file(name_or_path, None, experiment_names())
    if found is None:
        missing = _missing(name_or_path, "experiment or file", experiment_names())
        raise RequestError(missing + _other(name_or_path, "run"))
    return found


def find_proposal(name_or_path: str | Path) -> Source:
    """A shipped proposal, or a file."""
    if isinstance(name_or_path, str) and name_or_path in proposal_names():
        return Source(PROPOSALS / f"{name_or_path}.yaml", name_or_path, f"proposal {name_or_path}")
    found = _file(name_or_path, None, proposal_names())
    if found is None:
        raise RequestError(_missing(name_or_path, "proposal or file", proposal_names()))
    return found


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def _file(name_or_path: str | Path, base: Path | None, names: tuple[str, ...]) -> Source | None:
    path = path_of(name_or_path)
    full = path if path.is_absolute() or base is None else base / path
    looks_like_a_file = path.suffix in (".yaml", ".yml") or len(path.parts) > 1 or isinstance(name_or_path, Path)
    if full.is_file() or (str(name_or_path) and full.is_dir()):
        return Source(full, full.stem, str(full))
    if not looks_like_a_file:
        return None
    raise RequestError(f"{full}: no such file" + _nearest_files(full, names))


def _nearest_files(path: Path, names: tuple[str, ...]) -> str:
    """Files beside a missing one, and shipped names, whose stems resemble its own: all share the suffix."""
    beside = {found.stem: found.name for found in path.parent.glob("*.y*ml")} if path.parent.is_dir() else {}
    known = {name: name for name in names} | beside
    near = nearest(path.stem, known)
    return f"; nearest: {', '.join(known[name] for name in near)}" if near else ""


def _missing(name: str | Path, what: str, names: tuple[str, ...]) -> str:
    near = nearest(name, names)
    return f"{name}: no such {what}; allowed: {', '.join(names)}" + (f"; nearest: {', '.join(near)}" if near else "")


def _other(name: str | Path, command: str) -> str:
    names = experiment_names() if command == "sweep" else scenario_names()
    article = "an experiment" if command == "sweep" else "a scenario"
    return f" ({name} is {article}: quiver-sim {command} {name})" if str(name) in names else ""
