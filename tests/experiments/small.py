"""A small sweep for tests of the store: four settings of two structures, three runs each, a few days and metrics."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from experiments.inputs.experiment import load_experiment
from experiments.inputs.plan import Plan
from experiments.sweeps import chunk
from experiments.sweeps.planning import plan_of
from experiments.sweeps.results import load

TEXT = """
title: Small
scenario: whitepaper
days: 8
runs: 3
seed: 5
keep: full
metrics: [burned_quiv, price_usd, gini]
controls:
  staking.unbonding_days: [7, 21]
  fees.burn_share: [0.25, 0.5]
kpis:
  - {name: burned, metric: burned_quiv, aggregation: last}
  - {name: price, metric: price_usd, aggregation: mean}
"""


def write(folder: Path, text: str = TEXT) -> Path:
    """The experiment's file in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def plan(folder: Path, text: str = TEXT) -> Plan:
    """The experiment, resolved."""
    return plan_of(load_experiment(write(folder, text)))


def parts(store: Path | str) -> dict[str, str]:
    """The SHA-256 of every part, which must be what the manifest says."""
    results = load(store)
    assert results.verify() == []
    return dict(results.manifest["parts"])


def failing(monkeypatch: pytest.MonkeyPatch, broken: Callable[[Any, int], bool]) -> None:
    """Trajectories `(economy, run)` for which `broken` holds fail."""
    real = chunk.execute

    def run(economies: Any, seed: int, runs: list[int], metrics: Any) -> Any:
        if any(broken(economy, number) for economy, number in zip(economies, runs, strict=True)):
            raise ArithmeticError("a burnt fuse")
        return real(economies, seed, runs, metrics)

    monkeypatch.setattr(chunk, "execute", run)
