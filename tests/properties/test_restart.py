"""A run that stops and goes on from a file is the run that did not stop, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.engines.checkpoint import load_state, save_state
from experiments.engines.ensemble import execute
from experiments.errors import RequestError
from experiments.storage.folder import Folder
from model.economy import Economy
from model.metrics import METRICS
from model.shocks import Shock
from state_updates import VARIABLES
from tests.engines.daily import QUICK, RAISE_BURN, small

SEED, RUNS, HALF, DAYS = 3, [0, 4], 20, 40
BUSY = QUICK | {"ideas_per_year": 365.0, "deposit_quiv": 0.0}

CASES: dict[str, dict[str, Any]] = {
    "agents who govern": {"contracts": {"governance": BUSY}},
    "a vote that is open over the stop": {
        "contracts": {"governance": QUICK},
        "proposals": (RAISE_BURN.__class__(**{**vars(RAISE_BURN), "day": 18}),),
    },
    "shocks on both sides": {"shocks": (Shock(10, "price_jump", 0.3), Shock(15, "volatility_regime", 3.0, 12))},
    "a price from outside": {"exogenous": {"price_usd": np.linspace(0.1, 0.2, DAYS + 1)}},
    "queues, windows and a late controller": {
        "contracts": {
            "jobs": {"expiry_days": 3, "challenge_hours": 48.0},
            "demand": {"budget_usd_per_day": 600.0},
            "fees": {"controller_delay_days": 5},
            "emission": {"growth_window_days": 7},
        }
    },
    "without noise": {"noise": False},
}


def economy(case: str, days: int = DAYS) -> Economy:
    return small(days, **{key: dict(value) if key == "contracts" else value for key, value in CASES[case].items()})


@pytest.mark.parametrize("case", CASES)
def test_a_run_that_went_on_from_a_file_is_the_run_that_did_not_stop(case: str, tmp_path: Path) -> None:
    names = list(METRICS)
    whole = execute([economy(case)] * 2, SEED, RUNS, names)
    first = execute([economy(case, HALF)] * 2, SEED, RUNS, names)
    with Folder.at(tmp_path).create("half.npz") as file:
        save_state(file, first["state"])
    second = execute([economy(case)] * 2, SEED, RUNS, names, load_state(tmp_path / "half.npz"))
    np.testing.assert_array_equal(first["record"], whole["record"][: HALF + 1])
    np.testing.assert_array_equal(second["record"], whole["record"][HALF:])
    for name in VARIABLES:
        np.testing.assert_array_equal(second["state"][name], whole["state"][name], err_msg=name)


@pytest.fixture(scope="module")
def half() -> dict[str, Any]:
    """The state in the middle of a run of two trajectories."""
    state: dict[str, Any] = execute([small(HALF)] * 2, SEED, RUNS, [])["state"]
    return state


def go_on(start: dict[str, Any], trajectories: int = 2, days: int = HALF + 3) -> dict[str, Any]:
    return execute([small(days)] * trajectories, SEED, RUNS[:trajectories], ["supply_quiv"], start)


def test_the_state_that_is_given_is_not_written(half: dict[str, Any]) -> None:
    before = {name: np.array(value) for name, value in half.items()}
    go_on(half)
    for name, value in before.items():
        np.testing.assert_array_equal(half[name], value, err_msg=name)


def test_one_trajectory_can_be_the_start_of_many(half: dict[str, Any]) -> None:
    """As a live state is: the first trajectory goes on as it did, the second from where the first was."""
    alone = {name: value if np.ndim(value) == 0 else value[0] for name, value in half.items()}
    both, went_on = go_on(alone), go_on(half)
    np.testing.assert_array_equal(both["record"][..., 0], went_on["record"][..., 0])
    assert both["record"][0, 0, 0] == both["record"][0, 0, 1]
    assert both["record"][0, 0, 1] != went_on["record"][0, 0, 1]


def test_live_parameters_are_those_of_the_state(half: dict[str, Any]) -> None:
    """Whatever the economy that goes on would begin with."""
    voted = half | {"fees.burn_share": half["fees.burn_share"] * 0.0 + 0.9}
    assert np.all(go_on(voted)["state"]["fees.burn_share"] == 0.9)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price_usd": None}, "start: price_usd: found nothing; allowed: an array of shape"),
        ({"price_usdd": np.zeros(2)}, "no such state variable; .*nearest: price_usd"),
        ({"price_usd": np.zeros(3)}, "start: price_usd: found shape"),
        ({"price_usd": np.full(2, np.nan)}, "start: price_usd: found a value that is no number"),
        ({"minted_nquiv": np.zeros(2)}, "of float64; allowed: .* of int64"),
        ({"burned_nquiv": np.zeros(2, dtype=np.int64)}, "minted less burned is the sum of all accounts"),
        ({"day": np.int64(HALF + 3)}, "start: day: found day 23; allowed: a day from 0 to 22"),
        ({"treasury_nquiv": np.full(2, -1, dtype=np.int64)}, "start: treasury_nquiv: found an amount below zero"),
    ],
)
def test_a_state_that_does_not_fit_is_refused(half: dict[str, Any], change: dict[str, Any], said: str) -> None:
    start = {name: value for name, value in (half | change).items() if value is not None}
    with pytest.raises(RequestError, match=said):
        go_on(start)


def test_a_file_that_is_no_state_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("not a state", encoding="utf-8")
    for name in ("text.npz", "missing.npz"):
        with pytest.raises(RequestError, match="found no state"):
            load_state(tmp_path / name)
