r"""Staking: reward is a pool, so the yield falls as the stake rises until nobody wants to move.

Theory: with a pool of $E$ a year and a required return $\rho$ the stake satisfies $E/S = \rho$, hence the staked
share $s^* = \min(1, E/(\rho M))$ (Cong, He and Tang 2022; John, Rivera and Saleh 2021). A logit choice of slope
$\beta$ rests where $s = 1/(1 + e^{-\beta(E/(sM) - \rho)})$, which tends to $s^*$. Its undamped best response has
slope $-\beta(1-s)E/(sM)$, -2.79 at $\beta = 50$, and oscillates. Class pools of 70 and 25 pay alike where delegated
stake is 25/95 of both (the white paper's split).
"""

from __future__ import annotations

import numpy as np
import pytest

from model.formulas import staking as formulas
from model.genesis import State
from model.metrics import METRICS, Reading
from model.parameters.emission import Emission
from model.parameters.population import Population
from model.parameters.staking import Staking
from model.parameters.supply import Supply
from tests.economics.limits import AT_ONCE, OPEN_MARKET, TINY, YEAR, by_day, economy, give_holders, last, record

HOLDERS_ONLY = Population(
    providers=3,
    consumers=2,
    validators=1,
    holders=8,
    provider_genesis_share=0.0,
    consumer_genesis_share=0.0,
    validator_genesis_share=0.0,
)
VALIDATED = TINY.model_copy(update={"validator_genesis_share": 0.02})
"""With a validator who has a stake: without one its part of the rewards would be offered again the next day."""

SUPPLY = Supply(allocation_share=OPEN_MARKET, tge_share=AT_ONCE)
GENESIS_QUIV = 200e6
STAKERS = ("emission", "rewards", "staking")


def constant_emission(quiv_a_year: float) -> Emission:
    years = (quiv_a_year,) * 10
    return Emission(yearly_quiv=years, staking_share=1.0)


def one_class(sensitivity: float, required: float, adjustment: float) -> Staking:
    """Holders alone are paid."""
    return Staking(
        direct_share=0.0,
        delegator_share=1.0,
        sensitivity=sensitivity,
        required_return=required,
        adjustment_per_day=adjustment,
        unbonding_days=1,
        lockup_premium=0.0,
    )


def path_to_rest(
    emission_ratio: float, required: float, sensitivity: float, adjustment: float, days: int, at_start: float = 0.5
) -> tuple[np.ndarray, np.ndarray]:
    """Daily staked share of the holders' tokens, and E/M, which is `emission_ratio` on the last day.

    Rewards add to the tokens, so E/M falls by 3.5 % a year or so: it is set for the end.
    """
    yearly = emission_ratio * GENESIS_QUIV / (1.0 - emission_ratio * days / YEAR)
    case = economy(
        *STAKERS,
        days=days,
        supply=SUPPLY,
        population=HOLDERS_ONLY,
        emission=constant_emission(yearly),
        staking=one_class(sensitivity, required, adjustment),
    )

    def half_staked(state: State, params: State) -> None:
        staked = dict.fromkeys(range(2, 7), at_start * GENESIS_QUIV / 5)
        give_holders(state, {holder: GENESIS_QUIV / 5 - quiv for holder, quiv in staked.items()}, staked)

    readings = list(by_day(case, half_staked))
    share = [float(r.held("holder_delegated_nquiv")[0] / holders_tokens(r)) for r in readings]
    return np.asarray(share), np.asarray([yearly / holders_tokens(r) for r in readings])


def holders_tokens(reading: Reading) -> float:
    held = reading.held("holder_wallet_nquiv", "holder_delegated_nquiv", "holder_unbonding_nquiv")
    return float(held[0])


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
    """1 M QUIV a year at 12 %: 5.8 M of the providers' tokens and 2.1 M of the holders', both within what they own."""
    case = economy(
        *STAKERS,
        days=1500,
        population=VALIDATED,
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
    assert own[-1] + delegated[-1] == pytest.approx(0.95e6 / 0.12, rel=0.02)
    assert np.ptp(part[-200:]) < 0.002
    end = readings[-1].state
    assert end["direct_apr"][0] == pytest.approx(end["delegator_apr"][0], abs=0.005)


def test_with_the_ensemble_the_yield_is_the_pool_over_the_stake() -> None:
    case = economy(*STAKERS, days=200, emission=constant_emission(1e6), population=VALIDATED)
    taken = record(case, "direct_apr", "delegator_apr", "staked_quiv", "delegated_quiv")
    for share, rate, stake in ((0.70, "direct_apr", "staked_quiv"), (0.25, "delegator_apr", "delegated_quiv")):
        assert taken[rate][101:] == pytest.approx(share * 1e6 / taken[stake][100:-1], rel=1e-6)
