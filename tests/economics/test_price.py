r"""The token's price: the equation of exchange, the equilibrium of burn and mint, and Brownian motion.

Theory: money in use times the turns that it makes is spending, $M V = D / P$ (Fisher 1911; Buterin 2017 for tokens).
If every liquid coin rests $H$ days, $P = D H / (365 M (1 - s))$, with elasticities +1 in $D$ and $H$ and -1 in $M$.
With emission $E$ and a burn of $\varphi$ of spending, $dM/dt = E - \varphi M / h$ where $h = H/365$, so that $M^* = E
h / \varphi$, $P^* = \varphi D / E$, whatever $H$, reached with time constant $h/\varphi$ (burn-mint equilibrium:
Helium 2019, Kalabic 2021). A price that follows geometric Brownian motion has normal log-returns of sd $\sigma /
\sqrt{365}$ a day and a mean that grows with its drift alone (Samuelson 1965).
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.engines.genesis import genesis
from experiments.validation.theory_price import (
    ALL_LIQUID,
    AMPLE,
    BURN,
    BURN_MINT,
    DAY_AHEAD,
    EMISSION_A_YEAR,
    EXCHANGE,
    FREE,
    NO_TIERS,
    SUPPLY,
    burn_and_mint,
    money,
    price_of,
    quantity,
)
from model.draws import trajectory_key
from model.economy import Economy
from model.flows import LEDGER
from model.parameters.demand import Demand
from model.parameters.emission import Emission
from model.parameters.fees import Fees
from model.parameters.market import Market
from policies.price import revert_to_quantity_value
from tests.economics.limits import (
    QUIV,
    SEED,
    YEAR,
    by_day,
    economy,
    last,
    record,
    steady_demand,
)


@pytest.mark.parametrize(("staked", "price"), [(0.0, 0.020548), (0.30, 0.029354), (0.45, 0.037360)])
def test_equation_of_exchange(staked: float, price: float) -> None:
    """50 M USD a year, coins that rest 30 days, 200 M QUIV."""
    found = price_of(50e6, 30.0, 200e6, staked)
    assert found == pytest.approx(price, abs=5e-7)
    assert found == pytest.approx(50e6 * 30.0 / (365.0 * 200e6 * (1.0 - staked)), rel=1e-6)


@pytest.mark.parametrize("factor", [0.5, 1.5])
def test_elasticities_of_the_price(factor: float) -> None:
    base = price_of(50e6, 30.0, 200e6)
    assert price_of(50e6 * factor, 30.0, 200e6) / base == pytest.approx(factor, rel=1e-6)
    assert price_of(50e6, 30.0 * factor, 200e6) / base == pytest.approx(factor, rel=1e-6)
    assert price_of(50e6, 30.0, 200e6 * factor) / base == pytest.approx(1.0 / factor, rel=1e-6)


def test_the_gap_to_the_value_closes_with_its_time_constant() -> None:
    case = economy(
        *EXCHANGE, days=60, supply=SUPPLY, population=ALL_LIQUID, fees=FREE, staking=NO_TIERS, providers=AMPLE,
        market=quantity(30.0, reversion_days=20.0), demand=steady_demand(50e6 / YEAR, **DAY_AHEAD),
    )  # fmt: skip
    gap = np.log(record(case, "price_usd")["price_usd"] / (50e6 * 30.0 / (365.0 * 200e6)))
    np.testing.assert_allclose(gap, gap[0] * np.exp(-np.arange(61) / 20.0), rtol=1e-5)


def test_velocity_is_the_turns_of_money() -> None:
    """Utility velocity at the price found is 365 / H turns a year."""
    case = economy(
        *EXCHANGE, days=50, supply=SUPPLY, population=ALL_LIQUID, fees=FREE, staking=NO_TIERS, providers=AMPLE,
        market=quantity(30.0), demand=steady_demand(50e6 / YEAR, **DAY_AHEAD),
    )  # fmt: skip
    assert record(case, "velocity")["velocity"][-1] == pytest.approx(365.0 / 30.0, rel=1e-6)


@pytest.mark.parametrize(("millions", "price"), [(10, 0.0357), (50, 0.1786), (150, 0.5357), (1000, 3.571)])
def test_burn_mint_equilibrium(millions: float, price: float) -> None:
    """23.01 M QUIV whatever the demand, and a price of burned USD over minted QUIV."""
    end = last(burn_and_mint(millions * 1e6, 1300, 1.2 * BURN_MINT))
    assert pytest.approx(23.01e6, abs=0.01e6) == BURN_MINT
    assert money(end) == pytest.approx(BURN_MINT, rel=0.01)
    assert end.state["price_usd"][0] == pytest.approx(price, rel=0.01)


def test_money_reaches_the_equilibrium_with_its_time_constant() -> None:
    path = np.asarray([money(reading) for reading in burn_and_mint(50e6, 800, 2.0 * BURN_MINT)])
    time_constant_days = 30.0 / BURN
    expected = BURN_MINT * (1.0 + np.exp(-np.arange(801) / time_constant_days))
    assert time_constant_days == pytest.approx(1.096 * YEAR, abs=0.5)
    np.testing.assert_allclose(path, expected, rtol=0.005)


def test_holding_coins_longer_leaves_the_burn_mint_price_unchanged() -> None:
    longer = 45.0
    money_at_rest = EMISSION_A_YEAR * (longer / YEAR) / BURN
    end = last(burn_and_mint(50e6, 1000, 1.05 * money_at_rest, holding_days=longer))
    assert money(end) == pytest.approx(money_at_rest, rel=0.01)
    assert end.state["price_usd"][0] == pytest.approx(BURN * 50e6 / EMISSION_A_YEAR, rel=0.01)


PATHS = 4000


@pytest.fixture(scope="module")
def brownian() -> np.ndarray:
    """Prices of geometric Brownian motion, `(days + 1, trajectories)`."""
    gbm = Market(price_process="gbm", initial_price_usd=0.1, volatility=1.1, drift_per_year=0.5)
    case = economy("price", days=40, noise=True, market=gbm)
    return execute([case] * PATHS, SEED, list(range(PATHS)), ["price_usd"])["record"][:, 0, :]


def test_daily_log_returns_are_normal_with_their_volatility(brownian: np.ndarray) -> None:
    returns = np.diff(np.log(brownian), axis=0)
    sd = 1.1 / np.sqrt(YEAR)
    assert np.std(returns) == pytest.approx(sd, abs=4.0 * sd / np.sqrt(2.0 * returns.size))
    assert np.mean(returns) == pytest.approx(0.5 / YEAR - 0.5 * sd**2, abs=4.0 * sd / np.sqrt(returns.size))
    assert np.mean(np.abs(returns - returns.mean()) > 1.959964 * sd) == pytest.approx(0.05, abs=0.0022)


def test_returns_are_independent_over_days_and_runs(brownian: np.ndarray) -> None:
    returns = np.diff(np.log(brownian), axis=0)
    limit = 4.0 / np.sqrt(returns.size)
    assert abs(np.corrcoef(returns[1:].ravel(), returns[:-1].ravel())[0, 1]) < limit
    assert abs(np.corrcoef(returns[:, 1:].ravel(), returns[:, :-1].ravel())[0, 1]) < limit


def test_the_mean_price_grows_with_the_drift_alone(brownian: np.ndarray) -> None:
    for day in (1, 10, 40):
        mean, error = np.mean(brownian[day]), np.std(brownian[day]) / np.sqrt(PATHS)
        assert mean == pytest.approx(0.1 * np.exp(0.5 * day / YEAR), abs=4.0 * error)


def test_without_noise_brownian_motion_is_its_drift() -> None:
    gbm = Market(price_process="gbm", initial_price_usd=0.1, volatility=1.1, drift_per_year=0.5)
    path = record(economy("price", days=30, market=gbm), "price_usd")["price_usd"]
    np.testing.assert_allclose(path, 0.1 * np.exp(0.5 * np.arange(31) / YEAR), rtol=1e-12)


def test_an_exogenous_path_is_followed_exactly() -> None:
    given = 0.1 + 0.01 * np.sin(np.arange(31.0))
    for days in (30, 40):
        path = record(economy("price", days=days, exogenous={"price_usd": given}, noise=True), "price_usd")["price_usd"]
        np.testing.assert_array_equal(path[:31], given)
        assert np.all(path[31:] == given[-1])


def test_with_the_price_off_the_initial_price_holds() -> None:
    case = Economy(days=20, parameters=economy(days=1, demand=Demand()).parameters, mechanisms={"price": False})
    assert np.all(record(case, "price_usd")["price_usd"] == case.parameters.market.initial_price_usd)


def test_tokens_of_an_unused_network_fall_to_next_to_nothing() -> None:
    case = economy(*EXCHANGE, days=200, market=quantity(30.0), demand=steady_demand(0.0))
    end = last(by_day(case))
    assert 0.0 < end.state["price_usd"][0] < 2e-9
    assert int(end.state["holder_wallet_nquiv"].sum()) > QUIV


@pytest.mark.parametrize("volatility", [0.0, 1.1, 2.5])
def test_volatility_does_not_move_the_mean_price(volatility: float) -> None:
    """Drawn to a constant value, the price has that value as its mean in the long run, at any volatility."""
    value, runs = 0.1, 2000
    path = np.full(runs, value)
    state, constants = genesis([economy(days=1)] * runs, 5, range(runs))
    params = constants | {
        "draws.key": trajectory_key(5, np.arange(runs)),
        "draws.noise": np.asarray(1.0),
        "market.holding_days": np.asarray(1.0),
        "market.reversion_days": np.asarray(30.0),
        "market.volatility": np.asarray(volatility),
        "shocks.price_jump": np.zeros(300),
        "shocks.volatility": np.ones(300),
    }
    liquid = 1e6
    for name in LEDGER.accounts:
        state[name] = 0 * state[name]
    state["holder_wallet_nquiv"][:, 0] = round(liquid * 1e9)
    state |= {"price_usd": path, "payments_usd": np.full(runs, value * liquid)}
    for day in range(300):
        state |= {"day": np.int64(day)} | revert_to_quantity_value(params, None, None, state)
    found = state["price_usd"]
    assert found.mean() == pytest.approx(value, abs=4.0 * found.std() / np.sqrt(runs) + 1e-9)


def test_a_price_stays_within_what_can_be_divided_by() -> None:
    case = economy(
        "price", days=4000, noise=True, market=Market(price_process="gbm", volatility=5.0, drift_per_year=-5.0)
    )
    assert record(case, "price_usd")["price_usd"].min() == 1e-12


def test_jumps_are_news_of_mean_zero_that_fatten_the_tails() -> None:
    """Mean of the price unchanged, variance that of both parts, within four standard errors."""
    jumpy = Market(
        price_process="jumps",
        volatility=0.8,
        jumps_per_year=20.0,
        jump_mean=-0.1,
        jump_sigma=0.2,
        initial_price_usd=0.1,
    )
    path = execute(
        [economy("price", days=40, noise=True, market=jumpy)] * PATHS, SEED, list(range(PATHS)), ["price_usd"]
    )
    prices = path["record"][:, 0, :]
    mean, error = np.mean(prices[40]), np.std(prices[40]) / np.sqrt(PATHS)
    assert mean == pytest.approx(0.1, abs=4.0 * error)
    returns = np.diff(np.log(prices), axis=0)
    chance = 20.0 / YEAR
    variance = 0.8**2 / YEAR + chance * (0.1**2 + 0.2**2) - (chance * 0.1) ** 2
    kurtosis = np.mean((returns - returns.mean()) ** 4) / returns.var() ** 2 - 3.0
    assert returns.var() == pytest.approx(variance, rel=4.0 * np.sqrt((kurtosis + 2.0) / returns.size))
    assert kurtosis > 3.0


def test_a_price_drawn_to_burn_and_mint_ends_where_they_are_equal() -> None:
    """50 M USD a year, of which 7.5 % burn, over 21 M QUIV minted: 0.1786 USD, whatever the price at first."""
    found = []
    for first in (0.05, 0.5):
        case = economy(
            *EXCHANGE,
            "emission",
            days=400,
            supply=SUPPLY,
            population=ALL_LIQUID,
            staking=NO_TIERS,
            providers=AMPLE,
            emission=Emission(yearly_quiv=(EMISSION_A_YEAR,) * 10, staking_share=0.0),
            fees=Fees(network_share=BURN, treasury_share=0.0, burn_share=1.0),
            market=Market(price_process="burn_mint", reversion_days=20.0, volatility=0.0, initial_price_usd=first),
            demand=steady_demand(50e6 / YEAR, **DAY_AHEAD),
        )
        found.append(float(last(by_day(case)).state["price_usd"][0]))
    assert found == pytest.approx([BURN * 50e6 / EMISSION_A_YEAR] * 2, rel=0.01)
