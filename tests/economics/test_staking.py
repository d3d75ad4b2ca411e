r"""Staking: reward is a pool, so the yield falls as the stake rises until nobody wants to move.

Theory: with a pool of $E$ a year and a required return $\rho$ the stake satisfies $E/S = \rho$, hence the staked
share $s^* = \min(1, E/(\rho M))$ (Cong, He and Tang 2022; John, Rivera and Saleh 2021). A logit choice of slope
$\beta$ rests where $s = 1/(1 + e^{-\beta(E/(sM) - \rho)})$, which tends to $s^*$. Its undamped best response has
slope $-\beta(1-s)E/(sM)$, -2.79 at $\beta = 50$, and oscillates. Class pools of 70 and 25 pay alike where delegated
stake is 25/95 of both (the white paper's split). Oderbolz et al. 2024: longer lock-ups and slashes lower the share.
John, Rivera and Saleh: what is staked may be worth less where more is paid for staking, for dilution lowers the price.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State
from experiments.validation.theory_staking import (
    GENESIS_QUIV,
    HOLDERS_ONLY,
    STAKERS,
    SUPPLY,
    at_rest,
    constant_emission,
    holders_tokens,
    one_class,
    path_to_rest,
    staked_value,
)
from model.formulas import staking as formulas
from model.metrics import METRICS
from model.parameters.emission import Emission
from model.parameters.staking import Staking
from tests.economics.limits import (
    YEAR,
    Change,
    by_day,
    economy,
    give_holders,
    last,
    record,
)


@pytest.mark.parametrize(("rate", "compounded"), [(0.08, 0.08328), (0.10, 0.10516), (0.12, 0.12747), (0.15, 0.16180)])
def test_daily_compounding(rate: float, compounded: float) -> None:
    """A pool of 1 M QUIV a year and a stake of 1 M / rate yield the rate, and its compounded value."""
    stake = 1e6 / rate
    case = economy(
        "emission", "rewards", days=30, supply=SUPPLY, population=HOLDERS_ONLY,
        emission=constant_emission(1e6), staking=Staking(direct_share=0.0, delegator_share=1.0),
    )  # fmt: skip

    def staked(state: State, params: State) -> None:
        give_holders(state, {3: 1e6}, {2: stake})

    end = last(by_day(case, staked))
    assert METRICS["delegator_apr"].read(end)[0] == pytest.approx(rate, rel=1e-9)
    assert METRICS["delegator_apy"].read(end)[0] == pytest.approx((1.0 + rate / 365) ** 365 - 1.0, abs=1e-6)
    assert METRICS["delegator_apy"].read(end)[0] == pytest.approx(compounded, abs=5.1e-6)


@pytest.mark.parametrize(
    ("emission_ratio", "required", "share", "adjustment"),
    [(0.035, 0.10, 0.350, 0.002), (0.035, 0.12, 0.2917, 0.002), (0.07, 0.10, 0.70, 0.002), (0.15, 0.10, 1.0, 0.2)],
)
def test_arbitrage_equilibrium(emission_ratio: float, required: float, share: float, adjustment: float) -> None:
    path, ratio = path_to_rest(emission_ratio, required, sensitivity=5000.0, adjustment=adjustment, days=500)
    assert ratio[-1] == pytest.approx(emission_ratio, rel=1e-3)
    assert path[-1] == pytest.approx(share, abs=0.01 if share == 1.0 else 0.002)
    assert path[-1] == pytest.approx(min(1.0, ratio[-1] / required), abs=0.01 if share == 1.0 else 0.002)


@pytest.mark.parametrize(("sensitivity", "share"), [(20.0, 0.4187), (50.0, 0.3859), (200.0, 0.3603)])
@pytest.mark.parametrize("at_start", [0.02, 0.9])
def test_logit_equilibrium(sensitivity: float, share: float, at_start: float) -> None:
    path, ratio = path_to_rest(0.035, 0.10, sensitivity, adjustment=0.02, days=600, at_start=at_start)
    assert path[-1] == pytest.approx(share, abs=0.002)
    assert formulas.logit_share(ratio[-1] / path[-1], 0.10, np.float64(sensitivity)) == pytest.approx(
        path[-1], abs=0.002
    )
    at_rest = path[-200:]
    assert np.all(np.diff(at_rest) < 0.0), "only the drift of E/M is left, no oscillation"
    assert np.ptp(at_rest * ratio[-1] / ratio[-200:]) < 0.01
    assert np.ptp(at_rest) < 0.01


def test_an_undamped_response_oscillates_and_a_damped_one_does_not() -> None:
    """Slope -2.79: damped to 0.4 it settles, at 0.7 or undamped it does not (the border is 2 / 3.79 = 0.53)."""
    swing = {}
    for adjustment in (0.4, 0.7, 1.0):
        path, _ = path_to_rest(0.035, 0.10, sensitivity=50.0, adjustment=adjustment, days=300)
        swing[adjustment] = float(np.ptp(path[-20:]))
    assert swing[0.4] < 0.002 < 0.1 < swing[0.7]
    assert swing[1.0] > 0.1


def test_across_economies_share_and_yield_rise_together() -> None:
    """More emission raises both (Cong, He and Tang's sign)."""
    ends = [path_to_rest(ratio, 0.10, 50.0, 0.05, days=300) for ratio in (0.02, 0.035, 0.05, 0.07)]
    shares = np.asarray([path[-1] for path, _ in ends])
    yields = np.asarray([ratio[-1] / path[-1] for path, ratio in ends])
    assert np.all(np.diff(shares) > 0.0)
    assert np.all(np.diff(yields) > 0.0)


def test_a_class_that_stakes_more_by_taste_earns_less() -> None:
    """Within one economy a shift of preference moves share and yield against each other (Livepeer: -0.33)."""
    ends = [path_to_rest(0.035, required, 50.0, 0.05, days=300) for required in (0.06, 0.08, 0.10, 0.14)]
    shares = np.asarray([path[-1] for path, _ in ends])
    yields = np.asarray([ratio[-1] / path[-1] for path, ratio in ends])
    assert np.corrcoef(shares, yields)[0, 1] < -0.9


def class_yields(delegated_part: float) -> tuple[float, float]:
    """Yields of own and of delegated stake when they are set to given parts of 19 M QUIV."""
    case = economy("emission", "rewards", days=1, emission=Emission(staking_share=1.0))

    def split(state: State, params: State) -> None:
        give_holders(state, {3: 0.0}, {2: delegated_part * 19e6})
        state["provider_stake_nquiv"][...] = round((1.0 - delegated_part) * 19e15 / 3)

    end = last(by_day(case, split)).state
    return float(end["direct_apr"][0]), float(end["delegator_apr"][0])


def test_classes_are_paid_alike_exactly_where_delegated_stake_is_25_of_95() -> None:
    direct, delegated = class_yields(25.0 / 95.0)
    assert direct == pytest.approx(delegated, rel=1e-9)
    direct, delegated = class_yields(0.25)
    assert direct < delegated
    direct, delegated = class_yields(0.28)
    assert direct > delegated


def test_two_classes_that_respond_steeply_end_at_a_delegated_share_of_0_2632() -> None:
    """1 M QUIV a year at 12 %: 6.1 M of the providers' tokens and 2.2 M of the holders', both within what they own.

    Nobody validates: the 5 % that nobody can be paid are offered again, until the two classes have been paid all.
    """
    case = economy(
        *STAKERS,
        days=1500,
        emission=constant_emission(1e6),
        staking=Staking(
            sensitivity=2000.0, required_return=0.12, adjustment_per_day=0.005, unbonding_days=1, lockup_premium=0.0
        ),
    )

    def some_delegation(state: State, params: State) -> None:
        give_holders(state, dict.fromkeys(range(2, 7), 2250000.0), dict.fromkeys(range(2, 7), 500000.0))

    readings = list(by_day(case, some_delegation))
    own = np.asarray([r.held("provider_stake_nquiv")[0] for r in readings])
    delegated = np.asarray([r.held("holder_delegated_nquiv")[0] for r in readings])
    part = delegated / (own + delegated)
    assert part[-1] == pytest.approx(25.0 / 95.0, abs=0.01)
    assert own[-1] + delegated[-1] == pytest.approx(1e6 / 0.12, rel=0.02)
    assert np.ptp(part[-200:]) < 0.002
    end = readings[-1].state
    assert end["direct_apr"][0] == pytest.approx(end["delegator_apr"][0], abs=0.005)


def test_with_the_ensemble_the_yield_is_the_pool_over_the_stake() -> None:
    """Nobody validates, so 70 and 25 of 95 are paid."""
    case = economy(*STAKERS, days=200, emission=constant_emission(1e6))
    taken = record(case, "direct_apr", "delegator_apr", "staked_quiv", "delegated_quiv")
    for share, rate, stake in ((0.70, "direct_apr", "staked_quiv"), (0.25, "delegator_apr", "delegated_quiv")):
        assert taken[rate][101:] == pytest.approx(share / 0.95 * 1e6 / taken[stake][100:-1], rel=1e-6)


def preference(change: Change | None = None, price_usd: np.ndarray | None = None, **more: Any) -> tuple[float, float]:
    """Staked share after 600 days with E/M = 3.5 % at slope 50 and a required return of 10 %, and E/M then."""
    taste = one_class(50.0, 0.10, 0.02).model_copy(update={"price_weight": 0.0, **more})
    yearly = 0.035 * GENESIS_QUIV
    exogenous = None if price_usd is None else {"price_usd": price_usd}
    on = STAKERS if price_usd is None else (*STAKERS, "price")
    case = economy(
        *on,
        days=600,
        supply=SUPPLY,
        population=HOLDERS_ONLY,
        emission=constant_emission(yearly),
        staking=taste,
        exogenous=exogenous,
    )

    def near(state: State, params: State) -> None:
        give_holders(state, dict.fromkeys(range(2, 7), 24e6), dict.fromkeys(range(2, 7), 16e6))
        if change is not None:
            change(state, params)

    end = last(by_day(case, near))
    return float(end.held("holder_delegated_nquiv")[0]) / holders_tokens(end), yearly / holders_tokens(end)


@pytest.mark.parametrize("days", [1, 21, 90])
def test_a_longer_unbonding_lowers_the_staked_share(days: int) -> None:
    """A premium of 10 % a year locked asks for 0.1 U / 365 more (Oderbolz et al.'s sign): 2.5 points at 90 days."""
    share, ratio = preference(unbonding_days=days, lockup_premium=0.1)
    assert share == pytest.approx(at_rest(ratio, 0.10 + 0.1 * days / 365.0, 50.0), abs=2e-3)
    assert (share < preference()[0] - 0.02) == (days == 90)


@pytest.mark.parametrize(("rate", "weight"), [(0.02, 1.0), (0.02, 2.0), (0.05, 1.0)])
def test_slashes_that_are_expected_lower_it_by_what_they_take(rate: float, weight: float) -> None:
    def feared(state: State, params: State) -> None:
        state["slash_rate"][...] = rate

    share, ratio = preference(feared, risk_weight=weight)
    assert share == pytest.approx(at_rest(ratio, 0.10 + weight * rate, 50.0), abs=2e-3)
    assert share < preference()[0] - 0.02


@pytest.mark.parametrize("trend", [-0.5, 0.5])
def test_a_rising_price_raises_it_and_a_falling_one_lowers_it(trend: float) -> None:
    """A log trend of one half a year at a weight of a tenth is worth five points of yield."""
    path = np.exp(trend * np.arange(601) / 365.0)
    share, ratio = preference(price_usd=path, price_weight=0.1)
    assert share == pytest.approx(at_rest(ratio, 0.10 - 0.1 * trend, 50.0), abs=2e-3)
    assert (share > preference()[0]) == (trend > 0.0)


def test_more_emission_raises_the_value_that_is_staked_at_a_short_horizon_and_lowers_it_at_a_long_one() -> None:
    """With 2,000 QUIV a day and with twice that; more are staked all the time (John, Rivera and Saleh's sign).

    The price goes to burned USD over minted QUIV, 100 / E, so that doubling E halves it. The share solves s = logit(E /
    (s M)), of elasticity k / (1 + k) < 1 with k = beta (1 - s) y, and none at its corner: value, s M 100 / E, must
    fall. But the share moves in weeks, the price only as sales wear it down.
    """
    few, many = (staked_value(minted, 700) for minted in (2000.0, 4000.0))
    for (shares, prices, _), minted, near in ((few, 2000.0, 0.01), (many, 4000.0, 0.12)):
        held = GENESIS_QUIV + 700 * minted
        assert shares[-1] == pytest.approx(at_rest(minted * YEAR / held, 0.003, 400.0), abs=2e-3)
        assert prices[-1] == pytest.approx(100.0 / minted, rel=near)
    assert np.all(many[0][1:] >= few[0][1:])
    assert np.all(many[2][30:90] > 1.05 * few[2][30:90])
    assert np.all(many[2][300:] < 0.9 * few[2][300:])
    assert np.all(np.diff(many[2])[90:] < 0.0), "and goes on falling, to 0.63 of it in the end"
    assert many[2][-1] < 0.72 * few[2][-1]
    in_the_end = [at_rest(minted * YEAR / GENESIS_QUIV, 0.003, 400.0) * 100.0 / minted for minted in (2000.0, 4000.0)]
    assert in_the_end[1] / in_the_end[0] == pytest.approx(0.63, abs=0.005)
