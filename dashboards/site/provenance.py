"""The page on provenance: what was run, with which code, what failed, and how to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboards.site.grids import Cell, Column, Page, Row, Section, Table
from dashboards.source import Store
from experiments.words import counted

MOST_FAILURES = 50
FACTS = {
    "name": "Sweep",
    "hash": "Hash",
    "seed": "Seed",
    "runs": "Runs a setting",
    "days": "Days",
    "scenario": "Scenario",
    "keep": "Trajectories kept",
    "code_version": "Code version",
    "created": "Simulated",
}
"""What the manifest says in one word or number."""


def provenance_page(store: Store) -> Page:
    """Where the numbers come from."""
    sections = [_facts(store), _again(store.manifest), _failures(store), _parts(store.manifest)]
    intro = "What was run, with which code and seed, what failed, and how to make it again."
    return Page("provenance", "Provenance", intro, [section for section in sections if section is not None])


def _facts(store: Store) -> Section:
    manifest = store.manifest
    facts = [(title, str(manifest[key])) for key, title in FACTS.items() if manifest.get(key) is not None]
    overrides = manifest.get("overrides") or {}
    if overrides:
        facts.append(("Changed by hand", ", ".join(f"{key} = {value}" for key, value in sorted(overrides.items()))))
    facts.append(("Settings", str(len(store.design))))
    counts = manifest.get("counts") or {}
    if "trajectories" in counts:
        facts.append(("Trajectories", f"{counts['trajectories']:,}"))
    left_out = (
        ": left out of every mean and band; the numbers of runs count what is left" if len(store.failures) else ""
    )
    facts.append(("Failed trajectories", f"{len(store.failures)}{left_out}"))
    packages = manifest.get("packages") or {}
    if packages:
        facts.append(("Packages", ", ".join(f"{name} {version}" for name, version in sorted(packages.items()))))
    return Section("facts", "Where this comes from", facts=facts)


def _again(manifest: Mapping[str, Any]) -> Section | None:
    """The experiment file, and the commands that run it again."""
    if not manifest.get("experiment"):
        return None
    name = str(manifest.get("name") or "experiment")
    text = [
        f"Save the file below as {name}.yaml beside the files that it names, if any, with the same version of the "
        f"code, and give these commands. The same experiment, seed and code give the same tables, and the store's "
        f"folder ends in the first digits of the same hash, {manifest['hash']}.",
    ]
    commands = [
        ("Run", f"quiver-sim sweep {name}.yaml"),
        ("Check", f"quiver-sim status results/{name}-{str(manifest['hash'])[:6]} --verify"),
        ("Publish", f"quiver-sim publish results/{name}-{str(manifest['hash'])[:6]}"),
    ]
    return Section("again", "How to make it again", text, facts=commands, code=str(manifest["experiment"]))


def _failures(store: Store) -> Section:
    failures = store.failures
    if failures.empty:
        return Section("failures", "Failed trajectories", ["No trajectory failed."])
    names = [name for name in ("design", "run", "seed", "error") if name in failures]
    rows = [Row([Cell(str(row[name])) for name in names], 2) for row in failures.head(MOST_FAILURES).to_dict("records")]
    columns = [Column(name.capitalize(), words=name == "error") for name in names]
    shown = f"The first {MOST_FAILURES}; all are in the CSV." if len(failures) > MOST_FAILURES else ""
    text = [f"{counted(len(failures), 'trajectory', 'trajectories')} failed and took no part in any figure."]
    table = Table("failures", shown, columns, rows, failures[names])
    return Section("failures", "Failed trajectories", text, tables=[table])


def _parts(manifest: Mapping[str, Any]) -> Section | None:
    """The store's files with their digests."""
    parts = dict(manifest.get("parts") or {})
    if not parts:
        return None
    digests = {name: str(digest).removeprefix("sha256:") for name, digest in sorted(parts.items())}
    rows = [Row([Cell(name, code=True), Cell(digest, code=True)]) for name, digest in digests.items()]
    columns = [Column("File", words=True), Column("SHA-256", words=True)]
    frame = pd.DataFrame({"file": list(digests), "sha256": list(digests.values())})
    text = ["The store's files were as these digests say when the site was made."]
    return Section("parts", "Files of the store", text, tables=[Table("parts", "", columns, rows, frame)])
