r"""Liquidity that comes and goes.

Theory: a pool without fee loses $\sigma^2 / 8$ of its value a year against rebalancing (Milionis, Moallemi, Roughgarden
and Zhang 2022), so a volatile token keeps less liquidity (Capponi and Jia 2021). Both legs move by the same factor: the
price stands, nobody is the richer for it, and a smaller pool is moved farther by the same order.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State, genesis
from experiments.validation.limits import book
from experiments.validation.theory_price import arbitraged, beside_a_pool, moving
from model.economy import Economy
from model.metrics import METRICS, Reading
from model.parameters import Parameters
from model.parameters.pool import Pool
from model.parameters.valuation import Valuation
from policies.liquidity_providers import move_liquidity
from tests.economics.limits import DEEP, QUIV, by_day, flow, last, total
from tests.engines.daily import small

HALF = 0.5
"""The part of the pool that may leave, where a case says nothing else."""


def half(**terms: float) -> Pool:
    """A pool of 50 M QUIV and 5 M USD of which half may leave, by a tolerance of a half, in days."""
    quick = {"withdrawable_share": HALF, "return_tolerance": 0.5, "return_days": 2.0, "adjustment_days": 2.0}
    return DEEP.model_copy(update=quick | terms)


def beside(days: int, *, fee: float = 0.0, **terms: float) -> Economy:
    """Such a pool, in which nobody trades but who a case says."""
    return beside_a_pool(days=days, fee=fee, deep=half(**terms))


def in_pool(reading: Reading) -> Any:
    """The part of liquidity providers' own that is in the pool, `(runs,)`."""
    return reading.state["lp_liquidity"] / reading.params["pool.withdrawable_share"]


def owned(reading: Reading) -> float:
    return float(METRICS["wealth_usd_pool"].read(reading)[0])


def test_where_nothing_is_earned_and_nothing_asked_nothing_moves() -> None:
    for reading in by_day(beside(60)):
        assert reading.state["lp_liquidity"][0] == HALF
        assert total(reading, "lp_nquiv") == 0


def test_who_asks_for_more_than_is_earned_leaves_as_far_as_its_tolerance_goes() -> None:
    """Nothing is earned; of required returns spread evenly from 0.1 down to -0.4 four fifths are below it."""
    end = last(by_day(beside(40, required_return=0.1)))
    assert in_pool(end)[0] == pytest.approx(0.8, abs=1e-4)
    assert METRICS["liquidity_withdrawn"].read(end)[0] == pytest.approx(0.1, abs=1e-4)
    assert total(end, "lp_nquiv") == pytest.approx(5e6 * QUIV, rel=1e-3)


def test_a_loss_by_hand() -> None:
    """A hundredth of the pool's value lost in a day: 3.65 a year, a thirtieth of it believed, a tenth acted upon."""

    def lost(state: State, params: State) -> None:
        state["lvr_usd"] = state["lvr_usd"] + 0.01 * 10e6

    before, after = by_day(beside(1, return_days=30.0, adjustment_days=10.0), lost)
    believed = 3.65 * (1.0 - np.exp(-1.0 / 30.0))
    part = HALF * believed / 0.5 * (1.0 - np.exp(-1.0 / 10.0))
    assert after.state["lp_return"][0] == pytest.approx(-believed, rel=1e-12)
    assert flow(after, "liquidity_withdrawn") == pytest.approx(part * 50e6 * QUIV, rel=1e-12)
    assert after.state["lp_cash_usd"][0] == pytest.approx(part * 5e6, rel=1e-12)
    assert after.state["lp_liquidity"][0] == pytest.approx(HALF - part, rel=1e-12)
    for name in ("depth_usd", "liquidity_usd", "pool_usd"):
        kept = METRICS[name].read(after)[0] / METRICS[name].read(before)[0]
        assert kept == pytest.approx(1.0 - part, rel=1e-9), name


def test_what_a_sale_costs_the_pool_is_counted_by_what_has_stayed() -> None:
    """q sold to x and y without fee gets y q / (x + q) of USD for what is worth x y / (x + q)^2 each at the close."""
    before, after = by_day(
        beside(1, required_return=0.5), lambda state, _: state["treasury_order_nquiv"].fill(-(10**15))
    )
    moved = 0.5 * 1.0 * (1.0 - np.exp(-0.5)) * (1.0 - np.exp(-0.5))
    kept, sold = 1.0 - moved, 1e6
    assert total(after, "lp_nquiv") == pytest.approx(moved * 50e6 * QUIV, rel=1e-9)
    lost = 5e6 * kept * (sold / (50e6 * kept + sold)) ** 2
    assert after.state["lvr_usd"][0] - before.state["lvr_usd"][0] == pytest.approx(lost, rel=1e-6)


def test_what_leaves_moves_no_price_and_makes_nobody_richer() -> None:
    case = beside(40, required_return=0.5)
    days = list(by_day(case))
    assert total(days[-1], "lp_nquiv") > 20e6 * QUIV
    for reading in days:
        assert reading.state["price_usd"][0] == pytest.approx(0.1, rel=1e-12)
        assert owned(reading) == pytest.approx(10e6, rel=1e-12)


def test_what_was_withdrawn_comes_back_as_it_went() -> None:
    """They ask for more than is earned for a month, and then for nothing; nobody trades meanwhile."""
    days: list[Reading] = []
    for reading in by_day(beside(80, required_return=0.5)):
        days.append(reading)
        reading.params["pool.required_return"][...] = 0.5 * (len(days) <= 30)  # type: ignore[index]
    assert in_pool(days[30])[0] < 0.01
    assert in_pool(days[-1])[0] == pytest.approx(1.0, abs=1e-6)
    assert total(days[-1], "lp_nquiv") < 1e-6 * 50e6 * QUIV
    assert owned(days[-1]) == pytest.approx(10e6, rel=1e-12)


def test_at_another_price_the_scarcer_leg_says_how_much_comes_back() -> None:
    """Half has left at 0.10 USD, 25 M QUIV and 2.5 M USD; at four times that the pool has 12.5 M QUIV and 5 M USD.

    It can grow by half, for that takes all the USD; three quarters of the tokens wait.
    """
    days: list[Reading] = []
    for reading in arbitraged(np.asarray([[0.1]] * 60 + [[0.4]] * 80), 0.0, half(required_return=0.5)):
        days.append(reading)
        reading.params["pool.required_return"][...] = 0.5 if len(days) <= 62 else -100.0  # type: ignore[index]
    end = days[-1]
    assert in_pool(days[60])[0] == pytest.approx(0.0, abs=1e-6)
    assert in_pool(end)[0] == pytest.approx(0.5, abs=1e-5)
    assert end.state["price_usd"][0] == pytest.approx(0.4, rel=1e-9)
    assert end.state["lp_cash_usd"][0] == pytest.approx(0.0, abs=1e-6 * 2.5e6)
    assert total(end, "lp_nquiv") == pytest.approx(0.75 * 25e6 * QUIV, rel=1e-5)
    assert owned(end) == pytest.approx(owned(days[61]), rel=1e-9)


@pytest.mark.parametrize("volatility", [0.5, 1.0])
def test_a_pool_keeps_what_its_loss_by_variance_leaves(volatility: float) -> None:
    """A return of -s^2 / 8 against a tolerance of a half: 1 - s^2 / 4 of who may leave stays, over runs and days."""
    path = moving(160, 40, volatility, 5)
    pool = half(return_days=30.0, adjustment_days=10.0)
    kept = np.stack([in_pool(reading) for reading in arbitraged(path, 0.0, pool)])[100:]
    assert np.mean(kept) == pytest.approx(1.0 - volatility**2 / 4.0, abs=0.02)
    assert np.all((kept >= 0.0) & (kept <= 1.0))


def test_a_fee_pays_for_the_loss_and_keeps_the_liquidity() -> None:
    path = moving(60, 40, 1.0, 6)
    free, paid = (np.mean(in_pool(last(arbitraged(path, fee, half(return_days=30.0))))) for fee in (0.0, 0.01))
    assert paid > free + 0.02


@pytest.mark.parametrize(("asked", "kept"), [(0.0, 1.0), (0.5, 0.5)])
def test_the_same_sale_moves_a_smaller_pool_farther(asked: float, kept: float) -> None:
    """A million QUIV to x without fee: the price falls to 1 / (1 + q / x)^2, and x is what has stayed of 50 M."""
    case = beside(31, required_return=asked)
    days = []
    for reading in by_day(case):
        days.append(reading)
        book(reading)["treasury_order_nquiv"][...] = -(10**15) * (len(days) == 31)
    fallen = days[-1].state["price_usd"][0] / days[-2].state["price_usd"][0]
    assert fallen == pytest.approx((1.0 + 1.0 / (50.0 * kept)) ** -2, rel=1e-5)


STATE, PARAMS = genesis([beside(1)], 1, [0])


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    share=st.floats(0.0, 0.99),
    inside=st.floats(0.0, 1.0),
    outside=st.tuples(st.floats(0.0, 1e8), st.floats(0.0, 1e8)),
    reserves=st.tuples(st.floats(1e-3, 1e8), st.floats(1e-3, 1e8)),
    earned=st.floats(-3.0, 3.0),
    days=st.floats(0.1, 100.0),
)
def test_nothing_is_made_or_overdrawn(
    share: float,
    inside: float,
    outside: tuple[float, float],
    reserves: tuple[float, float],
    earned: float,
    days: float,
) -> None:
    quiv, usd = reserves
    changed = {"pool_nquiv": round(quiv * QUIV), "lp_nquiv": round(outside[0] * QUIV)} | {
        "pool_usd": usd,
        "lp_cash_usd": outside[1],
        "price_usd": usd / quiv,
        "lp_liquidity": share * inside,
        "lp_return": earned,
    }
    state = STATE | {name: np.asarray([value]) for name, value in changed.items()}
    params = PARAMS | {"pool.withdrawable_share": np.asarray(share), "pool.adjustment_days": np.asarray(days)}
    done = move_liquidity(params, None, None, state)
    moved = int(done["liquidity_added"][0]) - int(done["liquidity_withdrawn"][0])
    assert min(int(done["liquidity_added"][0]), int(done["liquidity_withdrawn"][0])) == 0
    assert -int(state["pool_nquiv"][0]) <= moved <= int(state["lp_nquiv"][0])
    assert done["lp_cash_usd"][0] >= 0.0
    assert done["lp_cash_usd"][0] + done["pool_inflow_usd"][0] == pytest.approx(outside[1], rel=1e-12, abs=1e-9)
    factor = moved / int(state["pool_nquiv"][0])
    assert done["pool_inflow_usd"][0] == pytest.approx(factor * usd, rel=1e-9, abs=1e-9)
    assert -1e-12 <= done["lp_liquidity"][0] <= share + 1e-12


def test_who_may_not_leave_is_the_pool_as_it_was() -> None:
    """Bit for bit that of liquidity providers who are content with everything, and of a pool of the network alone."""
    path = moving(30, 4, 1.0, 7)
    alone, content = (
        [r.state["price_usd"] for r in arbitraged(path, 0.003, half(**terms))]
        for terms in ({"withdrawable_share": 0.0}, {"required_return": -1.0, "return_tolerance": 100.0})
    )
    assert np.array_equal(alone, content)


def test_by_default_most_stays_and_news_drives_it_out() -> None:
    """The same draws with the usual news and with twice as much, which costs liquidity four times as much."""
    sigma = Valuation().news_sigma
    cases = [Economy(days=150, parameters=Parameters(valuation=Valuation(news_sigma=s))) for s in (sigma, 2.0 * sigma)]
    names = ("liquidity_withdrawn", "lp_return")
    with_runs = execute([case for case in cases for _ in range(4)], 3, [0, 1, 2, 3] * 2, names)["record"][60:]
    usual, volatile = np.split(with_runs, 2, axis=2)
    share = Pool().withdrawable_share
    assert np.mean(usual[:, 0]) < 0.3 * share
    assert np.mean(volatile[:, 0]) > 1.5 * np.mean(usual[:, 0])
    assert np.all((with_runs[:, 0] >= -1e-12) & (with_runs[:, 0] <= share))
    assert np.mean(volatile[:, 1]) < np.mean(usual[:, 1]) < 0.0


def test_tokens_outside_come_from_the_pool_alone() -> None:
    """In a whole economy; the audit of each day sees to all others."""
    case = small(days=40, contracts={"valuation": {"news_sigma": 2.0}})
    out = 0
    for before, after in pairwise(by_day(case)):
        moved = flow(after, "liquidity_withdrawn") - flow(after, "liquidity_added")
        assert total(after, "lp_nquiv") - total(before, "lp_nquiv") == moved
        cash = after.state["lp_cash_usd"] - before.state["lp_cash_usd"]
        np.testing.assert_allclose(cash, -after.state["pool_inflow_usd"], rtol=0.0, atol=1e-6)
        out += abs(moved)
    assert out > QUIV
