"""A store that is damaged in any way: every command ends in a sentence, and what a sweep makes again is whole."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.storage.document import DamagedError, read_document, write_document
from experiments.storage.folder import Folder
from experiments.sweeps import progress
from experiments.sweeps.run import run_sweep
from tests.experiments import small

TEXT = small.TEXT.replace("days: 8", "days: 2")

Harm = Callable[[Path], Any]


def resealed(**changed: Any) -> Harm:
    """A change by somebody who works out the digest again."""

    def harm(file: Path) -> None:
        folder = Folder.at(file.parent)
        write_document(folder, file.name, read_document(folder, file.name) | changed)

    return harm


def edited(file: Path) -> None:
    """Another number in a document, with its old digest."""
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | {"seed": 8, "trajectories": 1}))


def folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


def pipe_instead(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


DOCUMENT: dict[str, Harm] = {
    "cut": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "empty": lambda file: file.write_bytes(b""),
    "missing": lambda file: file.unlink(),
    "edited": edited,
    "brackets": lambda file: file.write_text("[" * 100_000),
    "a list": lambda file: file.write_text("[1, 2]"),
    "no UTF-8": lambda file: file.write_bytes(b'{"seed": "\xff\xfe"}'),
    "a long number": lambda file: file.write_text('{"seed": ' + "9" * 5000 + "}"),
    "zeros": lambda file: file.write_bytes(b"\0" * 100),
    "a folder": folder_instead,
    "a pipe": pipe_instead,
}
"""What can happen to a JSON document."""

SOME = {how: DOCUMENT[how] for how in ("cut", "edited", "brackets", "a folder")}
"""Those of the kinds that each command is shown; all of them are `read_document`'s."""

TABLE: dict[str, Harm] = {
    "cut": DOCUMENT["cut"],
    "text": lambda file: file.write_text("design,run\n0,0\n"),
    "a folder": folder_instead,
}
"""What can happen to a Parquet file."""

FINISHED = {
    "manifest.json": SOME
    | {
        "title": resealed(title="A lie"),
        "runs": resealed(runs=2),
        "a word for counts": resealed(counts="many"),
        "no parts": resealed(parts={}),
    },
    "plan.json": SOME | {"seed": resealed(seed=8), "a word": resealed(kpis="x")},
    "kpis.parquet": TABLE,
    "failures.parquet": TABLE,
    "trajectories/part-00001.parquet": {"missing": DOCUMENT["missing"]},
}
"""What is done to a finished store, by file."""

BEGUN = {
    "RECORD": SOME
    | {
        "other designs": resealed(chunk={"designs": [0, 3], "start": 0, "stop": 3, "whole": True}),
        "no designs": resealed(chunk={"designs": [], "start": 0, "stop": 3, "whole": True}),
        "a number for parts": resealed(parts=7),
        "no parts": resealed(parts={}),
        "another experiment": resealed(experiment="another"),
        "a count": resealed(trajectories=10**30),
    },
    "PART": TABLE,
    "plan.json": {"brackets": SOME["brackets"], "seed": resealed(seed=8)},
    "chunks/decision.json": {"brackets": lambda file: file.write_text("[" * 100_000)},
    ".lock": {
        "brackets": lambda file: file.write_text("[" * 4000),
        "words": lambda file: file.write_text('{"pid": "x", "host": 7, "workers": "many"}'),
        "a folder": lambda file: file.mkdir(),
    },
}
"""What is done to a store that is half done, by file; RECORD is a chunk's record and PART its KPIs."""


@pytest.mark.parametrize("how", DOCUMENT)
def test_a_document_is_as_it_was_written_or_refused(how: str, tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    content = {"seed": 7, "text": "é \n", "points": [{"b": 1.0, "a": 2}], "none": None, "small": 1e-300}
    write_document(folder, "x.json", content)
    assert read_document(folder, "x.json") == content
    assert list(read_document(folder, "x.json")["points"][0]) == ["b", "a"]
    DOCUMENT[how](tmp_path / "x.json")
    with pytest.raises(FileNotFoundError if how == "missing" else DamagedError) as found:
        read_document(folder, "x.json")
    assert "\n" not in str(found.value)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.write(tmp_path_factory.mktemp("asked"), TEXT)


@pytest.fixture(scope="module")
def finished(asked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(run_sweep(small.plan(asked.parent, TEXT), tmp_path_factory.mktemp("finished"), 0))


@pytest.fixture(scope="module")
def begun(asked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two chunks of four are done."""

    def stop(done: int, total: int) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    plan, out = small.plan(asked.parent, TEXT), tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patched, contextlib.suppress(KeyboardInterrupt):
        patched.setattr(progress, "BATCH", 3)
        run_sweep(plan, out, 0, progress=stop)
    return out / plan.folder


@pytest.mark.parametrize(("name", "how"), [(name, how) for name, harms in FINISHED.items() for how in harms])
def test_a_damaged_finished_store(name: str, how: str, asked: Path, finished: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(finished, tmp_path / finished.name))
    FINISHED[name][how](store / name)
    replay = ("replay", store, "--design", 1, "--run", 0, "--engine", "ensemble")
    for command in (("status", store), ("status", store, "--verify"), ("report", store), replay):
        answer(*command, listing=command[-1] == "--verify")
    if name != "trajectories/part-00001.parquet":
        assert answer("publish", store, "--out", tmp_path / "site")[0] == 2
        assert not (tmp_path / "site").exists()
    mended(store, asked, finished)


@pytest.mark.parametrize(("name", "how"), [(name, how) for name, harms in BEGUN.items() for how in harms])
def test_a_damaged_store_that_is_half_done(
    name: str, how: str, asked: Path, begun: Path, finished: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copytree(begun, tmp_path / begun.name))
    record = sorted(store.glob("chunks/*.json"))[0]
    file = {"RECORD": record, "PART": record.with_suffix(".kpis.parquet")}.get(name, store / name)
    BEGUN[name][how](file)
    replay = ("replay", store, "--design", 1, "--run", 0, "--engine", "ensemble")
    for command in (("status", store), ("status", store, "--verify"), ("report", store), ("publish", store), replay):
        answer(*command, listing=command[-1] == "--verify")
    mended(store, asked, finished)


def mended(store: Path, asked: Path, whole: Path) -> None:
    """The same sweep makes it whole or says what is in its way; with that moved away a fresh one does."""
    told = answer("sweep", asked, "--out", store.parent, "--workers", 0)
    if told[0] == 2:
        for path in [path for path in store.rglob("*.*") if path.is_dir()]:
            path.rmdir()
        told = answer("sweep", asked, "--out", store.parent, "--workers", 0, "--fresh")
    assert told[0] == 0, told
    assert small.parts(store) == small.parts(whole)
    assert not list(store.glob(".*"))
    assert not (store / "chunks").exists()


def answer(*arguments: object, listing: bool = False) -> tuple[int, str]:
    """Exit code and what is said: success, or sentences with exit code 2; 1 only where damage is listed."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code in ((0, 1, 2) if listing else (0, 2)), result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    assert ("error: " in result.stderr) == bool(result.exit_code), result.stderr
    return result.exit_code, result.stderr
