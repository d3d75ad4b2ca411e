"""Which code made a result: the release and a digest of the files that decide its numbers."""

from __future__ import annotations

import functools
import hashlib
from importlib import metadata, util
from pathlib import Path

DECIDING = ("model", "policies", "state_updates", "experiments")
SUFFIXES = (".py", ".yaml", ".html", ".css", ".js")
"""Of files that ship; whatever else lies in a package's folder decides nothing."""

PACKAGES = ("cadCAD", "radcad", "numpy", "pandas", "pyarrow", "duckdb", "ray", "array-api-compat")


@functools.cache
def code_version(*more: str) -> str:
    """`release+digest`, the digest over what ships in the packages that decide a result's numbers, and in `more`."""
    digest = hashlib.sha256()
    for package in (*DECIDING, *more):
        folder = Path(getattr(util.find_spec(package), "origin", None) or "").parent
        for source in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
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
