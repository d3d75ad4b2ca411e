r"""The other controllers: the fee with a delay of what it sees, to a target, by points, within a limit; the burn.

Theory: the spec's fee always comes to rest where it answers today's utilisation (`test_fee_controller.py`). Where it
sees that of $L$ days ago it goes on stepping for $L$ days after it has crossed the zone of rest, so lasting cycles
appear once $\varepsilon$ is large: of a grid of elasticities first at 20, 10, 8, 4, 2, 1 for $L$ = 1, 2, 3, 5, 10, 20.
EIP-1559's rule has the linear factor $1 - \delta \varepsilon$ at its one point of rest: it converges where $\delta
\varepsilon < 2$ and not beyond (Leonardos et al. 2021). The limit of a fifth a quarter cuts the second up-step (1.21)
and the fifth down-step (0.774). A burn share that follows inflation is an integral controller on quarterly data.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State, genesis
from model.economy import Economy
from model.parameters.fees import Fees
from tests.economics.limits import QUIV, SEED, block, by_day, economy, flow, last, steady_demand
from tests.economics.test_fee_controller import HIGH, LOW, isoelastic, walk

GRID = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)
FIRST_CYCLE = [(0, None), (1, 20.0), (2, 10.0), (3, 8.0), (5, 4.0), (10, 2.0), (20, 1.0)]
STARTS = 120


def unsettled(delay: int, elasticities: np.ndarray) -> np.ndarray:
    """Part of the starts, by elasticity, whose fee still moves after six hundred steps."""
    rng = np.random.default_rng(11)
    spread = np.exp(rng.uniform(-0.5, 0.5, STARTS))
    elastic, start = np.meshgrid(elasticities, spread, indexing="ij")
    demand = isoelastic(np.sqrt(HIGH * LOW), elastic.ravel())
    walked = walk(demand, 900, start.ravel(), Fees(controller_delay_days=delay))
    moves = np.any(np.diff(walked.fee[-300:], axis=0) != 0.0, axis=0)
    return np.asarray(moves.reshape(elastic.shape).mean(axis=1))


@pytest.mark.parametrize(("delay", "first"), FIRST_CYCLE)
def test_lags_make_cycles(delay: int, first: float | None) -> None:
    """The smallest elasticity of the grid at which some start never settles; without delay there is none."""
    moving = unsettled(delay, np.asarray(GRID))
    cycling = [elasticity for elasticity, part in zip(GRID, moving, strict=True) if part > 0.0]
    assert (min(cycling) if cycling else None) == first


def test_a_delay_shows_what_was() -> None:
    """Utilisation jumps from rest on day 5; with a lag of three days the fee moves for the first time on day 8."""
    days = iter(range(100))
    walked = walk(lambda fee: 0.0 * fee + (0.9 if next(days) >= 5 else 0.5), 12, 1.0, Fees(controller_delay_days=3))
    steps = np.flatnonzero(np.diff(walked.fee[:, 0]))
    assert steps.tolist() == [8, 9, 10, 11]


TO_TARGET = {"controller": "eip1559", "controller_target": 0.5}


def to_target(product: float, elasticity: float = 4.0, steps: int = 2000) -> np.ndarray:
    """Utilisation where the step times the elasticity is given, from a start one percent off, day by day."""
    rule = Fees(**TO_TARGET, controller_step=product / elasticity)
    return walk(isoelastic(0.5, elasticity), steps, 1.01, rule).congestion[:, 0]


@pytest.mark.parametrize("elasticity", [0.5, 2.0, 8.0])
@pytest.mark.parametrize("product", [0.1, 1.0, 1.9])
def test_below_two_the_target_is_reached(product: float, elasticity: float) -> None:
    assert to_target(product, elasticity)[-1] == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize("elasticity", [1.0, 2.0, 8.0])
def test_above_two_it_never_is(elasticity: float) -> None:
    """The same start, a little more than two: it swings away, and comes back only to be driven away again."""
    seen = to_target(2.1, elasticity)[-1000:]
    assert np.ptp(seen) > 0.01
    assert seen.min() < 0.5 < seen.max()


@pytest.mark.parametrize("product", [0.5, 1.5, 1.9, 2.1, 3.0])
def test_the_distance_falls_by_the_linear_factor(product: float) -> None:
    """Near rest each day multiplies it by 1 - step x elasticity, so beyond two it grows."""
    rule = Fees(**TO_TARGET, controller_step=product / 4.0)
    fee = walk(isoelastic(0.5, 4.0), 3, 1.0 + 1e-6, rule).fee[:, 0]
    np.testing.assert_allclose((fee[1:] - 1.0) / (fee[:-1] - 1.0), 1.0 - product, rtol=1e-4)


def test_a_step_to_the_target_by_hand() -> None:
    """An eighth at twice the target, nothing at it, seven eighths where nothing is used."""
    rule = Fees(**TO_TARGET, controller_step=0.125)
    for level, factor in ((1.0, 1.125), (0.5, 1.0), (0.0, 0.875), (0.75, 1.0625)):
        assert walk(lambda fee, level=level: 0.0 * fee + level, 1, 1.0, rule).fee[1, 0] == factor


def test_a_step_to_the_target_is_never_below_nothing() -> None:
    rule = Fees(**TO_TARGET, controller_step=10.0)
    clamp = {"fees.multiplier_low": 0.25, "fees.multiplier_high": 4.0}
    assert walk(lambda fee: 0.0 * fee, 3, 1.0, rule, **clamp).fee[-1] == 0.25


def test_points_by_hand() -> None:
    """Ten points of a payment up and five down: of a share of 20 %, a half of the multiplier and a quarter."""
    rule = Fees(controller="points", network_share=0.2)
    up = walk(lambda fee: 0.0 * fee + 0.9, 3, 1.0, rule).fee[:, 0]
    down = walk(lambda fee: 0.0 * fee + 0.1, 3, 1.0, rule).fee[:, 0]
    np.testing.assert_allclose(0.2 * up, [0.2, 0.3, 0.4, 0.5], rtol=1e-12)
    np.testing.assert_allclose(0.2 * down[:3], [0.2, 0.15, 0.1], rtol=1e-12)
    for level in (0.3, 0.5, 0.8):
        assert np.all(walk(lambda fee, level=level: 0.0 * fee + level, 3, 1.0, rule).fee == 1.0)


@pytest.mark.parametrize(
    ("level", "limited", "fees"),
    [
        (0.9, True, [1.0, 1.1, 1.2, 1.2, 1.2, 1.2, 1.2]),
        (0.9, False, [1.1**k for k in range(7)]),
        (0.1, True, [1.0, 0.95, 0.95**2, 0.95**3, 0.95**4, 0.8, 0.8]),
        (0.1, False, [0.95**k for k in range(7)]),
    ],
)
def test_the_quarters_limit_cuts_the_second_step_up_and_the_fifth_down(
    level: float, limited: bool, fees: list[float]
) -> None:
    walked = walk(lambda fee: 0.0 * fee + level, 6, 1.0, Fees(controller_limited=limited))
    np.testing.assert_allclose(walked.fee[:, 0], fees, rtol=1e-12)


@pytest.mark.parametrize("controller", ["spec", "points", "eip1559"])
def test_within_any_quarter_a_limited_fee_stays_within_a_fifth(controller: Any) -> None:
    """Congested for a year: a fifth more each quarter, whatever the rule."""
    walked = walk(lambda fee: 0.0 * fee + 0.9, 364, 1.0, Fees(controller=controller, controller_limited=True))
    starts = walked.fee[::91, 0]
    np.testing.assert_allclose(starts, 1.2 ** np.arange(5), rtol=1e-12)
    quarters = walked.fee[:364, 0].reshape(4, 91) / starts[:4, None]
    assert quarters.max() <= 1.2 * (1.0 + 1e-12)


def governed(supplies: list[float], **fees: Any) -> list[float]:
    """The factor on the burn share after each quarter that ends with such a supply, QUIV."""
    case = economy(days=1, fees=Fees(burn_governor=True, **fees))
    policy = block(case, "burn_governor").policy
    assert policy is not None
    state, params = genesis([case], SEED, [0])
    factors: list[float] = []
    for day in range(91 * len(supplies)):
        state["day"] = np.int64(day)
        supply = round(supplies[day // 91] * QUIV)
        state["minted_nquiv"] = state["burned_nquiv"] + supply
        state |= policy(params, None, None, state)
        if day % 91 == 0:
            factors.append(float(state["burn_factor"][0]))
        else:
            assert float(state["burn_factor"][0]) == factors[-1]
    return factors


def grown(rates: list[float]) -> list[float]:
    """Supplies of 500 M that grow at such yearly rates, quarter by quarter."""
    supplies = [500e6]
    for rate in rates:
        supplies.append(supplies[-1] * (1.0 + rate * 91.0 / 365.0))
    return supplies


def test_the_burn_moves_by_a_fifth_a_quarter_towards_the_target() -> None:
    """Inflation of 5, 5, -2.5 (rest), -4 and 0 % against a target of -2.5: up, up, rest, down, up."""
    factors = governed(grown([0.05, 0.05, -0.025, -0.04, 0.0]))
    np.testing.assert_allclose(factors, [1.0, 1.2, 1.44, 1.44, 1.152, 1.3824], rtol=1e-12)


@pytest.mark.parametrize(
    ("rate", "factor"), [(-0.0301, 0.8), (-0.0299, 1.0), (-0.025, 1.0), (-0.0201, 1.0), (-0.0199, 1.2)]
)
def test_in_its_band_the_governor_rests(rate: float, factor: float) -> None:
    assert governed(grown([rate]))[-1] == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize("step", [0.0, 0.1, 1.0])
def test_the_governors_step(step: float) -> None:
    assert governed(grown([0.1]), governor_step=step)[-1] == pytest.approx(1.0 + step, rel=1e-12)


def test_a_governor_that_is_off_changes_nothing() -> None:
    """Whatever its target and step: all that is reported is the same, bit for bit."""
    names = ("supply_quiv", "price_usd", "burned_quiv", "staking_ratio")
    plain, set_up = (
        execute([Economy(days=200, parameters=changed)], SEED, [0], names)["record"]
        for changed in (
            Economy().parameters,
            Economy().parameters.model_copy(update={"fees": Fees(inflation_target=0.5, governor_step=1.0)}),
        )
    )
    np.testing.assert_array_equal(plain, set_up)


def test_with_it_inflation_comes_nearer_to_its_target() -> None:
    """Three years, five runs: growth of the supply in the third, against a target of zero, in the median.

    Not in each: more burn is a higher price, at which payments in USD burn fewer tokens.
    """
    ends = []
    for on in (False, True):
        fees = Fees(burn_governor=on, inflation_target=0.0)
        case = Economy(
            days=1095,
            parameters=Economy().parameters.model_copy(update={"fees": fees}),
            mechanisms={"proposing": False},
        )
        supply = execute([case] * 5, SEED, list(range(5)), ("supply_quiv",))["record"][:, 0]
        ends.append(np.abs(supply[-1] / supply[730] - 1.0))
    assert np.median(ends[1]) < np.median(ends[0])
    assert np.mean(ends[1] < ends[0]) > 0.5


def test_a_factor_raises_the_burn_of_receipts() -> None:
    """Of 100 QUIV a day 7.5 are burned; 9 where the factor is 1.2, and no more than the fee has left."""

    def burned(factor: float) -> int:
        def set_factor(state: State, params: State) -> None:
            state["burn_factor"][...] = factor

        case = economy("demand", "market", "settlement", days=2, fees=Fees(), demand=steady_demand(10.0))
        return flow(last(by_day(case, set_factor)), "receipt_burn")

    assert burned(1.0) == pytest.approx(7.5 * QUIV, rel=1e-9)
    assert burned(1.2) == pytest.approx(9.0 * QUIV, rel=1e-9)
    assert burned(100.0) <= 15.0 * QUIV
