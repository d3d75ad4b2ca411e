"""Which code made a result: the release and a digest of what decides its numbers.

The digest is one of meaning, not of text: of the syntax trees of the deciding modules without docstrings, and of the
values of the shipped presets and scenarios without titles and descriptions. Comments, docstrings and layout cannot
change a number, so they do not outdate a result or keep a sweep from being resumed; a sign, a name or a default does.
It is the same under every supported Python. What only shows or judges numbers (analysis, validation, pages of
proposals, the command line, dashboards) is not in it, nor is the catalogue: an experiment is what a store is asked,
and named after.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import json
import os
import re
from importlib import metadata
from pathlib import Path

from experiments.errors import RequestError, StoppedError
from experiments.storage.folder import Folder

HERE = Path(__file__).parents[2]

DECIDING = (
    *("model", "policies", "state_updates"),
    *(f"experiments/{room}" for room in ("inputs", "engines", "sweeps", "storage", "words", "presets", "scenarios")),
    *(f"experiments/{module}.py" for module in ("api", "errors", "statistics", "validation/attack_value")),
    *(f"experiments/proposals/{module}.py" for module in ("attacks", "groups", "proposal_file", "simulate", "stress")),
)
"""Folders and modules that can change a number of a store or of a pack, by their path; what they import from this
project is among them."""

DIGEST = re.compile("[0-9a-f]{12}")
"""What is kept of a digest; anything else in its file is made again."""

UNSAID = ("title", "description")
"""Keys of a preset or scenario that change no number."""

PACKAGES = ("cadCAD", "radcad", "numpy", "scipy", "pandas", "pyarrow", "duckdb", "ray", "array-api-compat")


@functools.cache
def code_version() -> str:
    """`release+digest`, the digest being that of the program that runs."""
    return f"{release()}+{code_digest(HERE)}"


def code_digest(root: Path) -> str:
    """Twelve hex digits of what decides numbers in the sources below a folder.

    To parse them takes the better part of a second, so what is found is kept in the user's cache, by their bytes.
    """
    places = [place for name in DECIDING for place in _sources(root / name)]
    sources = {place.relative_to(root).as_posix(): place.read_bytes() for place in places}
    every = b"".join(b"%s\0%d\0%s" % (name.encode(), len(text), text) for name, text in sources.items())
    cache = _cache()
    kept = cache / hashlib.sha256(every).hexdigest() if cache else None
    with contextlib.suppress(OSError, ValueError):
        if kept and DIGEST.fullmatch(found := kept.read_text(encoding="ascii")):
            return found
    meanings = {name: _meaning(name, text) for name, text in sources.items()}
    digest = hashlib.sha256(json.dumps(meanings).encode()).hexdigest()[:12]
    if kept:
        with contextlib.suppress(RequestError, StoppedError):
            Folder.at(kept.parent).write(kept.name, digest)
    return digest


def _sources(place: Path) -> list[Path]:
    """A module, or the modules below a folder and the files of values in it."""
    return [*sorted(place.rglob("*.py")), *sorted(place.glob("*.yaml"))] if place.is_dir() else [place]


def _cache() -> Path | None:
    """Where digests are kept between processes; None where the user has no home."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    return place / "quiver-sim" / "code" if place.is_absolute() else None


def _meaning(name: str, text: bytes) -> str:
    """What a source says to the program."""
    if name.endswith(".py"):
        said: list[str] = []
        _say(ast.parse(text), said)
        return " ".join(said)
    import yaml

    content = yaml.load(text, Loader=yaml.BaseLoader)
    return json.dumps({key: value for key, value in content.items() if key not in UNSAID})


def _say(part: object, said: list[str]) -> None:
    """Append a part of a syntax tree: kinds of nodes and what is in their fields, but for what is empty.

    `ast.dump` would have fields that one Python has and another has not.
    """
    if isinstance(part, ast.AST):
        said.append(f"({type(part).__name__}")
        for name, value in ast.iter_fields(part):
            if value is not None and value != [] and not isinstance(value, ast.expr_context):
                said.append(name)
                _say(value, said)
        said.append(")")
    elif isinstance(part, list):
        said.append("[")
        for one in part:
            if not _is_docstring(one):
                _say(one, said)
        said.append("]")
    else:
        said.append(repr(part))


def _is_docstring(part: object) -> bool:
    """A statement that is nothing but text, which does nothing."""
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)


def release() -> str:
    """The installed release, or 0 where the packages are used from a folder."""
    try:
        return metadata.version("quiver-sim")
    except metadata.PackageNotFoundError:
        return "0"


def package_versions() -> dict[str, str]:
    """Versions of the libraries that a result depends on."""
    return {name: metadata.version(name) for name in PACKAGES}
