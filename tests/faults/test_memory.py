"""A sweep whose workers run out of memory ends in a sentence, and goes on to the same bytes once there is more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from experiments.inputs.plan import Plan
from experiments.sweeps import chunk, progress, run
from experiments.sweeps.run import run_sweep
from tests.experiments import small
from tests.faults import memory
from tests.faults.commands import call

SENTENCE = "error: the memory that this process may use is used up; run the same command again to resume"


def test_a_process_without_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = small.write(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(progress, "BATCH", 3)
        patch.setattr(chunk, "execute", after(2, chunk.execute))
        code, _, said = call("sweep", file, "--out", tmp_path, "--workers", 0)
    assert (code, said.splitlines()[-1]) == (1, SENTENCE)
    goes_on(small.plan(tmp_path), tmp_path)


def test_workers_without_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = small.plan(tmp_path)
    monkeypatch.setattr(run, "run_chunk", memory.run_chunk)
    with pytest.raises(MemoryError):
        run_sweep(plan, tmp_path, 2)
    monkeypatch.undo()
    goes_on(plan, tmp_path)


def goes_on(plan: Plan, out: Path) -> None:
    """With memory, a sweep that was begun ends as one that nothing happened to."""
    assert small.parts(run_sweep(plan, out, 0)) == small.parts(run_sweep(plan, out / "whole", 0))


def after(most: int, real: Any) -> Any:
    """A function for which there is no memory after a few calls."""
    calls: list[int] = []

    def called(*given: Any) -> Any:
        calls.append(1)
        if len(calls) > most:
            raise MemoryError
        return real(*given)

    return called
