r"""Unbonding: what leaves stake waits, and a queue holds what arrives in the time that it takes to pass.

Theory: with an exit hazard $u$ a day bonded stake decays as $B_0(1-u)^t$. Released at the end of $U$ days, what is
unbonding is $B_0[(1-u)^{t-U} - (1-u)^t]$; released in $U$ equal daily parts from the next day on, an amount waits
$(U+1)/2$ days on average. A stationary queue holds flow times waiting time (Little 1961): flow x U, and flow x
(U+1)/2. A slash that takes a tenth of what is bonded and of what is unbonding leaves nine tenths of every later figure.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validation.theory_staking import BONDED, HOLDER, Shape, balance, leaving_by_day
from model.metrics import Reading
from model.parameters.slashing import Slashing
from tests.economics.limits import QUIV


def exits(shape: Shape, hazard: float, days: int, unbonding_days: int = 21) -> list[Reading]:
    """One delegation of 100 M QUIV whose owner wants none of it: a steep response to no yield at all."""
    return list(leaving_by_day(shape, hazard, days, unbonding_days))


def path(readings: list[Reading], account: str) -> np.ndarray:
    return np.asarray([balance(reading, account) for reading in readings], dtype=np.int64)


def ring(reading: Reading) -> np.ndarray:
    return reading.state["holder_released_nquiv"][0, :, HOLDER]


@pytest.mark.parametrize(
    ("shape", "bonded", "unbonding", "liquid"),
    [("cliff", 54.7157, 12.8572, 32.4271), ("linear", 54.7157, 6.5093, 38.7750)],
)
def test_after_sixty_days(shape: Shape, bonded: float, unbonding: float, liquid: float) -> None:
    end = exits(shape, 0.01, 60)[-1]
    for account, millions in (("delegated", bonded), ("unbonding", unbonding), ("wallet", liquid)):
        assert balance(end, account) / QUIV == pytest.approx(millions * 1e6, abs=51.0)
    assert sum(balance(end, account) for account in ("delegated", "unbonding", "wallet")) == BONDED


@pytest.mark.parametrize("shape", ["cliff", "linear"])
def test_bonded_stake_decays_geometrically(shape: Shape) -> None:
    bonded = path(exits(shape, 0.01, 100), "delegated")
    np.testing.assert_allclose(bonded, BONDED * 0.99 ** np.arange(101), rtol=1e-9)
    assert bonded[68] > BONDED / 2 > bonded[69]


def test_a_cliff_holds_the_exits_of_the_last_period() -> None:
    readings = exits("cliff", 0.01, 80)
    t = np.arange(81)
    left = BONDED * 0.99 ** np.maximum(t - 21, 0)
    np.testing.assert_allclose(path(readings, "unbonding"), left - BONDED * 0.99**t, rtol=1e-9, atol=100)
    np.testing.assert_allclose(path(readings, "wallet"), BONDED - left, rtol=1e-9, atol=100)


def test_linear_release_holds_what_is_left_of_each_exit() -> None:
    """Of what left k days before the last exit, (U - k) / U is still unbonding."""
    leaving = BONDED * 0.01 * 0.99 ** np.arange(80)
    still = np.arange(21, 0, -1) / 21
    unbonding = path(exits("linear", 0.01, 80), "unbonding")
    np.testing.assert_allclose(unbonding[1:], np.convolve(leaving, still)[:80], rtol=1e-9)


@pytest.mark.parametrize("days", [1, 7, 14, 21, 28])
@pytest.mark.parametrize("shape", ["cliff", "linear"])
def test_a_stationary_queue_holds_flow_times_wait(shape: Shape, days: int) -> None:
    """With a hazard of a millionth a day the flow is constant to four digits."""
    readings = exits(shape, 1e-6, 3 * days, days)
    bonded, unbonding = path(readings, "delegated"), path(readings, "unbonding")
    wait = days if shape == "cliff" else (days + 1) / 2
    assert unbonding[-1] == pytest.approx((bonded[-2] - bonded[-1]) * wait, rel=1e-4)
    assert unbonding[-1] == pytest.approx(BONDED * 1e-6 * wait, rel=1e-4)


@pytest.mark.parametrize("days", [1, 2, 7, 21])
def test_nothing_is_released_before_the_end_of_a_cliff(days: int) -> None:
    wallet = path(exits("cliff", 1.0, 2 * days + 2, days), "wallet")
    assert np.all(wallet[: days + 1] == 0)
    assert np.all(wallet[days + 1 :] == BONDED)


@pytest.mark.parametrize("days", [1, 2, 7, 21])
def test_linear_release_is_equal_parts_from_the_next_day(days: int) -> None:
    readings = exits("linear", 1.0, 2 * days + 2, days)
    first = BONDED // days * days
    wallet = path(readings, "wallet")
    assert balance(readings[1], "unbonding") == first
    np.testing.assert_array_equal(wallet[1 : days + 2], first // days * np.arange(days + 1))


@pytest.mark.parametrize("hazard", [0.01, 0.3])
def test_a_cliff_ring_sums_to_the_unbonding_account(hazard: float) -> None:
    for reading in exits("cliff", hazard, 70):
        assert int(ring(reading).sum()) == balance(reading, "unbonding")


@pytest.mark.parametrize("hazard", [0.01, 0.3])
def test_a_linear_ring_sums_to_the_daily_release_and_its_rest_to_the_account(hazard: float) -> None:
    """An instalment that began k days ago has U - k parts to come."""
    for reading in exits("linear", hazard, 70):
        entries, day = ring(reading), int(reading.state["day"])
        slots = len(entries)
        age = (day - 1 - np.arange(slots)) % slots
        assert int(entries.sum()) == int(reading.state["holder_release_rate_nquiv"][0, HOLDER])
        assert int((entries * (slots - age)).sum()) == balance(reading, "unbonding")


def test_what_unbonds_earns_nothing_and_cannot_be_unstaked_twice() -> None:
    readings = exits("linear", 1.0, 60)
    assert max(balance(reading, "delegated") for reading in readings[1:]) < 21
    assert np.all(np.diff(path(readings, "unbonding")[1:]) <= 0)
    assert BONDED - balance(readings[-1], "wallet") < 21


def slashed(shape: Shape, day: int, share: float, all_out: int, days: int) -> dict[str, np.ndarray]:
    """Daily balances where a verdict falls on one day, and all that is left is withdrawn at once from another on."""
    found: dict[str, list[int]] = {account: [] for account in ("delegated", "unbonding", "wallet")}
    uncapped = Slashing(tier_cap=(0.9,) * 4)
    for reading in leaving_by_day(shape, 0.01, days, slashing=uncapped):
        today = int(reading.state["day"])
        reading.state["verdict_share"][...] = share * (today == day)
        if today == all_out:
            reading.params["staking.adjustment_per_day"][...] = 1.0
        for account, balances in found.items():
            balances.append(balance(reading, account))
    return {account: np.asarray(balances, dtype=np.int64) for account, balances in found.items()}


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("shape", ["cliff", "linear"])
def test_a_slash_takes_its_share_of_all_that_is_left_and_of_every_later_release(shape: Shape, share: float) -> None:
    """Bonded, unbonding and each release are the same part of the unslashed run's, from the slash on."""
    free, hit = (slashed(shape, 40, part, all_out=100, days=130) for part in (0.0, share))
    for account in ("delegated", "unbonding", "wallet"):
        np.testing.assert_array_equal(hit[account][:41], free[account][:41])
    at_work = slice(41, 101)
    for account in ("delegated", "unbonding"):
        np.testing.assert_allclose(hit[account][at_work], (1.0 - share) * free[account][at_work], rtol=1e-9)
    released = {name: np.diff(run["wallet"])[40:] for name, run in (("free", free), ("hit", hit))}
    np.testing.assert_allclose(released["hit"], (1.0 - share) * released["free"], rtol=1e-9, atol=50)
    assert np.all(released["free"][:60] > 0)
    lost = BONDED - sum(int(balances[-1]) for balances in hit.values())
    at_stake = int(free["delegated"][40] + free["unbonding"][40])
    assert lost == pytest.approx(share * at_stake, rel=1e-9)
    assert hit["unbonding"][-1] == 0
    assert hit["delegated"][-1] < 21
