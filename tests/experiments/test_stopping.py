"""Stopping rules: the decision on frames with known intervals, and a sweep that runs no longer than it must."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments import load
from experiments.cli import app
from experiments.inputs.experiment import load_experiment
from experiments.inputs.stopping import Rule, half_width, run_batches, stopping_decision
from experiments.sweeps import run
from experiments.sweeps.planning import plan_of
from experiments.sweeps.run import run_sweep

T9 = 2.2621571627409915
"""Student's 97.5 % quantile with nine degrees of freedom, from a table."""


def frame(*designs: np.ndarray) -> pd.DataFrame:
    """KPIs `a` of design points by run."""
    parts = [pd.DataFrame({"design": i, "run": range(len(v)), "a": v}) for i, v in enumerate(designs)]
    return pd.concat(parts, ignore_index=True)


EVEN = np.array([1.0, -1.0] * 5)
"""Ten values of mean 0 and variance 10 / 9."""

WIDTH = T9 * math.sqrt(10.0 / 9.0) / math.sqrt(10.0)


def test_an_interval_is_students() -> None:
    assert half_width(EVEN, 0.95) == pytest.approx(WIDTH)
    assert half_width(np.append(EVEN, np.nan), 0.95) == pytest.approx(WIDTH)
    assert half_width(EVEN[:1], 0.95) == math.inf
    assert half_width(EVEN, 0.99) > half_width(EVEN, 0.95)


def test_the_widest_design_point_decides() -> None:
    kpis = frame(EVEN, 3.0 * EVEN + 100.0, 2.0 * EVEN)
    enough, short = (stopping_decision(kpis, [Rule("a", 3.0 * WIDTH * by, 99)], 10) for by in (1.001, 0.999))
    assert (enough.stop, short.stop) == (True, False)
    assert enough.rules[0].design == short.rules[0].design == 1
    assert short.rules[0].half_width == pytest.approx(3.0 * WIDTH)


def test_paired_differences_are_free_of_what_runs_share() -> None:
    shared = 1000.0 * np.arange(10.0)
    kpis = frame(shared, shared + EVEN)
    alone = stopping_decision(kpis, [Rule("a", 2.0 * WIDTH, 99)], 10, 0)
    paired = stopping_decision(kpis, [Rule("a", 2.0 * WIDTH, 99, difference=True)], 10, 0)
    assert (alone.stop, paired.stop) == (False, True)
    assert paired.rules[0].half_width == pytest.approx(WIDTH)
    assert paired.rules[0].design == 1


def test_runs_are_paired_by_number_and_not_by_place() -> None:
    kpis = frame(EVEN, EVEN + 7.0).sample(frac=1.0, random_state=1)
    assert stopping_decision(kpis, [Rule("a", 1e-9, 99, difference=True)], 10, 0).stop
    lost = kpis[~((kpis["design"] == 1) & (kpis["run"] == 3))]
    assert stopping_decision(lost, [Rule("a", 1e-9, 99, difference=True)], 10, 0).stop


def test_a_rule_at_its_most_asks_for_no_more() -> None:
    decision = stopping_decision(frame(EVEN), [Rule("a", WIDTH / 2.0, 10)], 10)
    assert decision.stop
    assert not decision.rules[0].met
    assert "not reached" in decision.why
    waiting = stopping_decision(frame(EVEN), [Rule("a", WIDTH / 2.0, 11)], 10)
    assert not waiting.stop
    assert "more runs needed" in waiting.why


def test_every_rule_must_hold_or_be_spent() -> None:
    kpis = frame(EVEN).assign(b=0.0)
    easy, hard = Rule("b", 0.1, 99), Rule("a", WIDTH / 2.0, 99)
    assert stopping_decision(kpis, [easy], 10).stop
    assert not stopping_decision(kpis, [easy, hard], 10).stop
    assert stopping_decision(kpis, [easy, replace(hard, max_runs=10)], 10).stop


def test_a_record_says_why() -> None:
    record = stopping_decision(frame(EVEN, EVEN[:1]), [Rule("a", 1.0, 10)], 10).record()
    assert record["runs"] == 10
    assert record["rules"][0]["reached"] is None
    assert record["rules"][0]["met"] is False
    assert record["rules"][0]["design"] == 1
    assert "± inf at design point 1 after 10 runs, asked ± 1" in record["why"]


def test_a_kpi_without_values_is_never_narrow() -> None:
    assert stopping_decision(frame(np.full(10, np.nan)), [Rule("a", 1.0, 99)], 10).rules[0].half_width == math.inf
    assert not stopping_decision(frame(EVEN), [Rule("a", 1.0, 99, difference=True)], 10, None).stop


def test_blocks_cover_the_runs_in_the_smallest_batch() -> None:
    rules = [Rule("a", 1.0, 120, batch=50), Rule("b", 1.0, 120, batch=60)]
    assert run_batches(rules, 120) == [range(50), range(50, 100), range(100, 120)]
    assert run_batches([], 120) == [range(120)]


FILE = """
scenario: quiet
days: 3
seed: 7
keep: kpis
stopping: {kpi: price, difference: true, half_width: 1.0, max_runs: 9, batch: 3}
controls: {fees.burn_share: [0.25, 0.5]}
environment: {market.initial_price_usd: {low: 0.05, high: 0.2}}
kpis: [{name: price, metric: price_usd, aggregation: last}]
"""


def write(folder: Path, text: str = FILE) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sweep_stops_when_the_interval_is_narrow(tmp_path: Path) -> None:
    """A difference of prices stays far below one USD, so the first batch is enough."""
    file = write(tmp_path)
    result = CliRunner().invoke(app, ["sweep", str(file), "--out", str(tmp_path / "r"), "--workers", "0"])
    assert result.exit_code == 0, result.output
    assert "2 settings, at most 9 runs each" in result.stderr
    assert "stopped after 3 runs of each setting; price, difference to today: ± " in result.stderr
    stopped = load(result.stdout.strip())
    assert stopped.manifest["runs"] == stopped.manifest["stopping"]["runs"] == 3
    assert stopped.manifest["stopping"]["rules"][0]["met"] is True
    assert len(stopped.environment) == 3
    plan = replace(plan_of(load_experiment(file)), runs=3, stopping=())
    whole = load(run_sweep(plan, tmp_path / "whole", 0))
    assert whole.manifest["parts"]["kpis.parquet"] == stopped.manifest["parts"]["kpis.parquet"]
    assert whole.manifest["parts"]["summary.parquet"] == stopped.manifest["parts"]["summary.parquet"]
    assert whole.manifest["stopping"] is None


def test_a_sweep_goes_on_to_its_most_and_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(load_experiment(write(tmp_path, FILE.replace("half_width: 1.0", "half_width: 1.0e-15"))))
    asked: list[tuple[int, int]] = []
    real = run.run_chunk

    def noted(plan: run.Plan, folder: run.Folder, chunk: run.Chunk) -> run.ChunkRecord:
        asked.append((chunk.start, chunk.stop))
        if len(asked) == 2:
            raise KeyboardInterrupt
        return real(plan, folder, chunk)

    monkeypatch.setattr(run, "run_chunk", noted)
    with pytest.raises(KeyboardInterrupt):
        run_sweep(plan, tmp_path, 0)
    manifest = load(run_sweep(plan, tmp_path, 0)).manifest
    assert asked == [(0, 3), (3, 6), (3, 6), (6, 9)]
    assert (manifest["runs"], manifest["counts"]["trajectories"]) == (9, 18)
    assert manifest["stopping"]["rules"][0]["met"] is False
    assert "not reached" in manifest["stopping"]["why"]
