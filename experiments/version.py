"""Which code made a result: the release and a digest of the sources that decide its numbers."""

from __future__ import annotations

import functools
import hashlib
import importlib
from importlib import metadata
from pathlib import Path

DECIDING = ("model", "policies", "state_updates", "experiments")
PACKAGES = ("cadCAD", "radcad", "numpy", "pandas", "pyarrow", "duckdb", "ray", "array-api-compat")


@functools.cache
def code_version() -> str:
    """`release+digest`, the digest over the Python sources of the packages that decide a result's numbers."""
    digest = hashlib.sha256()
    for package in DECIDING:
        folder = Path(importlib.import_module(package).__file__ or "").parent
        for source in sorted(folder.rglob("*.py")):
            digest.update(source.relative_to(folder.parent).as_posix().encode() + b"\0" + source.read_bytes())
    return f"{release()}+{digest.hexdigest()[:12]}"


def release() -> str:
    """The installed release, or 0 where the packages are used from a folder."""
    try:
        return metadata.version("quiver-sim")
    except metadata.PackageNotFoundError:
        return "0"


def package_versions() -> dict[str, str]:
    """Versions of the libraries that a result depends on."""
    return {name: metadata.version(name) for name in PACKAGES}
