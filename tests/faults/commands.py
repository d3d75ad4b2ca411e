"""The commands that are disturbed: what each finds, what it is asked, and what it must leave, byte for byte."""

from __future__ import annotations

import functools
import hashlib
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboards.site import publish
from experiments.cli import app
from experiments.proposals import pack, simulate
from experiments.proposals.case import Case
from experiments.proposals.evidence import csv_text
from experiments.sweeps import chunk, progress
from tests.experiments import small
from tests.proposals import packs

SWEEP = """
title: Small
scenario: whitepaper
days: 4
runs: 2
seed: 5
keep: thin
metrics: [burned_quiv]
controls: {fees.burn_share: [0.25]}
kpis: [{name: burned, metric: burned_quiv, aggregation: last}]
"""

TOLD = re.compile(rb'^ +"created": "20[^"]*T[^"]*"|^ "sha256": "[0-9a-f]{64}"', re.MULTILINE)
"""When a store was finished, the one thing in it that no two sweeps share, and the digest that has it in it."""


@dataclass(frozen=True)
class Command:
    """`prepare` makes what it finds in a folder; `arguments` are given there; `target` is what it must replace whole.

    `batch` is how many trajectories are simulated at once.
    """

    name: str
    prepare: Callable[[Path], object]
    arguments: tuple[str, ...]
    target: str = ""
    batch: int = progress.BATCH


def call(*arguments: object) -> tuple[int, str, str]:
    """Exit code and what is said on both streams; a traceback in it where the command ended with one."""
    found = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    ended = found.exception is None or isinstance(found.exception, SystemExit)
    return found.exit_code, found.stdout, found.stderr + ("" if ended else f"Traceback: {found.exception!r}")


def contents(folder: Path) -> dict[str, str]:
    """Digests of all files below a folder, hidden ones and empty folders included."""
    return {
        path.relative_to(folder).as_posix(): ""
        if path.is_dir()
        else hashlib.sha256(TOLD.sub(b"", path.read_bytes())).hexdigest()
        for path in sorted(folder.rglob("*"))
    }


def sweep_alone(folder: Path) -> None:
    """An experiment, and no store yet."""
    small.write(folder / "in", SWEEP)
    (folder / "out").mkdir()


def store(folder: Path) -> Path:
    """A finished store."""
    sweep_alone(folder)
    assert call("sweep", "in/small.yaml", "--out", "out", "--workers", 0)[0] == 0
    return next((folder / "out").iterdir())


def damaged_store(folder: Path) -> None:
    """A finished store of which a part was cut short."""
    part = next((store(folder) / "trajectories").iterdir())
    part.write_bytes(part.read_bytes()[:100])


def failed_store(folder: Path) -> None:
    """A finished store in which one trajectory has failed; its folder has a name that is known beforehand."""
    with pytest.MonkeyPatch.context() as patch:
        small.failing(patch, lambda economy, run: run == 1)
        sweep_alone(folder)
        assert call("sweep", "in/small.yaml", "--out", "out", "--workers", 0)[0] == 1
    next((folder / "out").iterdir()).rename(folder / "out" / "store")


def published_store(folder: Path) -> None:
    """A store with a site that is to be replaced."""
    store(folder).rename(folder / "out" / "store")
    assert call("publish", "out/store", "--out", "out/site")[0] == 0
    page = folder / "out" / "site" / "index.html"
    page.write_bytes(page.read_bytes() + b"<!-- older -->")


def proposal(folder: Path, date: str = "2026-11-01") -> None:
    """A proposal with a pack that is to be replaced."""
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    text = packs.TEXT.replace("days: 20", "days: 8").replace("{day: 8,", "{day: 4,").replace("runs: 4", "runs: 2")
    (folder / "in" / "ask.yaml").write_text(text, encoding="utf-8")
    assert call(*PROPOSE[:-1], date)[0] == 0
    assert call("verify", "out/pack", "--sample", "12")[0] == 0


PROPOSE = ("propose", "in/ask.yaml", "--out", "out/pack", "--attacks", "none", "--workers", "0", "--date", "2026-12-01")

COMMANDS = (
    Command("sweep", sweep_alone, ("sweep", "in/small.yaml", "--out", "out", "--workers", "0"), batch=1),
    Command("mend", damaged_store, ("sweep", "in/small.yaml", "--out", "out", "--workers", "0")),
    Command("retry", failed_store, ("retry", "out/store", "--workers", "0")),
    Command("publish", published_store, ("publish", "out/store", "--out", "out/site"), "out/site"),
    Command("propose", proposal, PROPOSE, "out/pack"),
    Command("verify", proposal, ("verify", "out/pack", "--sample", "12")),
)


def remember() -> None:
    """What follows from its input alone, and touches no file, is worked out once: faults are of the disk."""
    for module in (chunk, simulate):
        _remember(module, "execute", lambda *given: hashlib.sha256(pickle.dumps(given)).hexdigest())
    _remember(publish, "site_pages", lambda source, *_: str(source.manifest["parts"]))
    _remember(pack, "files", _evidence)


def _evidence(case: Case, made: pack.Made, report_files: object) -> str:
    """What the files of a pack follow from."""
    given = case.proposal
    return str((given.text, given.snapshot, case.targets, csv_text(case.outcomes), csv_text(case.attacks), made))


def _remember(module: ModuleType, name: str, key_of: Callable[..., str]) -> None:
    real, known = getattr(module, name), dict[str, Any]()

    @functools.wraps(real)
    def remembered(*given: Any) -> Any:
        key = key_of(*given)
        if key not in known:
            known[key] = real(*given)
        return known[key]

    setattr(module, name, remembered)
