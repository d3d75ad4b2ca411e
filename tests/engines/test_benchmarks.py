"""What the benchmarks make of what they measure."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.engines import _same
from benchmarks.limits import Limits, Work, work_of
from benchmarks.scaling import BASE, VARIED, Size, against_limits, measure_size, sizes
from experiments.engines import device


def test_each_of_three_is_varied_alone_and_no_size_comes_twice() -> None:
    asked = sizes(["ensemble", "jax"], most=10**9)
    assert len(asked) == len(set(asked)) == 2 * (1 + sum(len(values) for values in VARIED.values()) - 2)
    for size in asked:
        assert sum(getattr(size, name) != BASE[name] for name in VARIED) <= 1
    assert {size.providers for size in asked} == set(VARIED["providers"])
    assert max(size.work for size in sizes(["jax"], most=90_000)) == 90_000


def test_a_size_is_measured_alone() -> None:
    found = measure_size(Size("ensemble", 3, 5, 2))
    assert found["trajectory_days_per_s"] == pytest.approx(6 / found["seconds"])
    assert 50.0 < found["peak_mb"] < 20_000.0
    assert (found["compile_s"], found["work"]) == (0.0, None)


def test_the_nearest_limit_counts() -> None:
    row = {"trajectory_days_per_s": 10.0, "work": {"operations": 4.0, "bytes": 5.0}}
    found = against_limits(row, Limits(operations=400.0, bytes=100.0))
    assert (found["by_arithmetic"], found["by_bytes"], found["reached"]) == (100.0, 20.0, 0.5)
    assert against_limits({"work": None}, Limits(1.0, 1.0)) == {"work": None}


def test_a_loop_of_unknown_length_is_counted_once() -> None:
    pytest.importorskip("jax")
    with device.ready() as jax:

        def days(x: np.ndarray, count: int) -> np.ndarray:
            return jax.lax.fori_loop(0, count, lambda _, x: x * x + 1.0, x)

        program = jax.jit(days).lower(np.ones(1000), 7).compile()
    work = work_of(program, trajectories=10)
    assert 200.0 <= work.operations < 202.0
    assert work.bytes >= 1_600.0
    assert isinstance(work, Work)


def test_the_same_number_is_the_same_bits_unless_a_difference_is_allowed() -> None:
    expected = np.array([[1.0, np.nan], [2.0, 3.0], [4.0, 5.0]])
    assert _same(expected[:2], expected, 0.0)
    assert not _same(expected[:2] * (1.0 + 1e-12), expected, 0.0)
    assert _same(expected[:2] * (1.0 + 1e-12), expected, 1e-9)
    assert not _same(expected[:2] * (1.0 + 1e-6), expected, 1e-9)
