r"""The pool in the running economy: one batch a day, nobody first, and what speculators make of it.

Theory: a batch's price is that of its net in the constant product; all who trade get it. Where consumers spend B USD a
day, S QUIV are sold and nobody looks at the value, the price goes to B / S, whatever the pool's depth. Franke and
Westerhoff's speculators without noise bring it to where investors are content; with noise, volatility comes in
clusters.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State, genesis
from model.arrays import to_quiv
from model.economy import Economy
from model.formulas import amm
from model.investors import auction_book
from model.metrics import METRICS, Reading
from model.parameters import Parameters
from model.parameters.emission import Emission
from model.parameters.fees import Fees
from model.parameters.investors import Investors
from model.parameters.launch import Launch
from model.parameters.maker import Maker
from model.parameters.market import Market
from model.parameters.pool import Pool
from model.parameters.speculators import Speculators
from model.parameters.supply import Supply
from model.parameters.valuation import Valuation
from policies.pool import trade_in_batch
from tests.economics.limits import (
    DEEP,
    QUIV,
    SEED,
    STEADY,
    STILL,
    Change,
    by_day,
    economy,
    flow,
    give_holders,
    last,
    record,
    steady_demand,
    total,
)

TRADE = ("demand", "market", "settlement", "price")
POOLED = Market(price_process="pool")
BUYERS = ("consumer_purchase", "holder_purchase", "speculator_purchase")
SELLERS = ("provider_sale", "validator_sale", "holder_sale", "speculator_sale")


def pooled(*on: str, days: int, **contracts: Any) -> Economy:
    """A deep pool in which, unless a case says so, nobody trades by what the token is worth."""
    return economy(*TRADE, *on, days=days, **({"market": POOLED, "pool": DEEP, "investors": STILL} | contracts))


def crowded(*on: str, days: int, **contracts: Any) -> Economy:
    """The same with investors, with what is minted and what unlocks, and with noise."""
    with_all = pooled(*on, "emission", "vesting", days=days, investors=Investors(), **contracts)
    return replace(with_all, noise=True)


def test_a_batch_pays_its_net_at_one_price() -> None:
    """Sales and purchases net; the pool moves by the net alone, along its curve; cash follows the same price."""
    case = crowded("speculators", days=40)
    for before, now in pairwise(by_day(case)):
        bought, sold = sum(flow(now, name) for name in BUYERS), sum(flow(now, name) for name in SELLERS)
        net = bought - sold
        assert flow(now, "pool_sale") - flow(now, "pool_purchase") == net
        assert total(before, "pool_nquiv") - total(now, "pool_nquiv") == net
        assert total(now, "market_nquiv") == 0
        quiv, usd = to_quiv(before.state["pool_nquiv"]), before.state["pool_usd"]
        paid = amm.usd_for_net(to_quiv(np.asarray([net])), quiv, usd, 0.003)
        np.testing.assert_allclose(now.state["pool_usd"] - usd, paid, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(now.state["batch_price_usd"], paid / to_quiv(np.asarray([net])), rtol=1e-9)
        of_speculators = flow(now, "speculator_purchase") - flow(now, "speculator_sale")
        came = now.state["speculator_inflow_usd"].sum()
        spent = before.state["speculator_cash_usd"].sum() + came - now.state["speculator_cash_usd"].sum()
        assert spent == pytest.approx(of_speculators / QUIV * now.state["batch_price_usd"][0], rel=1e-6, abs=1e-6)
        closing = now.state["pool_usd"] / to_quiv(now.state["pool_nquiv"])
        np.testing.assert_allclose(now.state["price_usd"], closing, rtol=1e-12)
        assert np.all(now.state["speculator_cash_usd"] >= 0.0)


def test_the_product_of_the_reserves_never_falls() -> None:
    case = crowded("speculators", days=200)
    product = [float(r.state["pool_usd"][0]) * total(r, "pool_nquiv") for r in by_day(case)]
    assert np.all(np.diff(product) >= -1e-12 * np.asarray(product[1:]))


@pytest.mark.parametrize("minted", [2_000.0, 20_000.0])
def test_the_price_goes_to_what_the_flows_support(minted: float) -> None:
    """Consumers buy for 1,000 USD a day; nine tenths of it come back to the market, with all that is minted.

    Nobody keeps a token that is worth nothing. 1,000 / P = 0.9 x 1,000 / P + E: the price is 100 / E, burned USD over
    minted QUIV, whatever the pool's depth.
    """
    case = pooled(
        "emission",
        days=3600,
        valuation=Valuation(multiple_years=0.0),
        investors=Investors(attention=0.0, savings_hazard=1.0),
        fees=Fees(network_share=0.1, treasury_share=0.0, burn_share=1.0, validator_share=0.0),
        emission=Emission(yearly_quiv=(minted * 365.0,) * 10, staking_share=0.0),
        providers=STEADY.model_copy(update={"capacity_tokens_per_day": 1e12}),
        demand=steady_demand(1000.0, wallet_days=1.0),
        supply=Supply(
            allocation_share=(0.35, 0.448, 0.0, 0.0, 0.20, 0.0, 0.002), tge_share=(0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0)
        ),
    )

    def near(state: State, params: State) -> None:
        """A price half above the end's, so that it gets there in time."""
        for name in ("price_usd", "oracle_price_usd", "batch_price_usd"):
            state[name][...] = 150.0 / minted
        state["pool_usd"] = to_quiv(state["pool_nquiv"]) * state["price_usd"]

    price = float(last(by_day(case, near)).state["price_usd"][0])
    assert price == pytest.approx(100.0 / minted, rel=0.02)


def test_without_trades_the_price_stands_still() -> None:
    taken = record(pooled(days=30, demand=steady_demand(0.0)), "price_usd", "traded_quiv", "lvr_usd")
    np.testing.assert_allclose(taken["price_usd"], 0.1, rtol=1e-12)
    assert np.all(taken["traded_quiv"] == 0.0)


BEFORE_PAYMENTS = Launch(payments_day=10_000)
"""Nothing is learnt of the take, so that it stands as a case has set it."""


def worth(value: float) -> Change:
    """The take at which a token is worth so many USD, where nothing is learnt of it: 1e9 QUIV are or will be there."""

    def change(state: State, params: State) -> None:
        state["take_usd"][...] = value * 1e9 / 365.0 / params["valuation.multiple_years"]

    return change


def content(value: float, tokens: float, supply: float, required: float = 0.15) -> float:
    """The price at which investors are content, ln(V / P) = r + 1.5 P X / (P X + K), with K half of V N."""

    def over(price: float) -> float:
        worth = price * tokens
        return float(np.log(value / price)) - required - 1.5 * worth / (worth + 0.5 * value * supply)

    return float(brentq(over, 1e-3 * value, 10.0 * value))


@pytest.mark.parametrize("value", [0.12, 0.15, 0.05])
def test_speculators_without_noise_bring_the_price_to_where_investors_are_content(value: float) -> None:
    """As far as their tokens reach: 5 M QUIV sold into 50 M bring it to 0.1 / 1.21 and no further."""
    calm = {"fundamental_noise": 0.0, "chartist_noise": 0.0, "activity_sigma": 0.0}
    quiet = Speculators(**calm, trend=0.0, pull=2.0)
    case = pooled(
        "speculators",
        days=600,
        speculators=quiet,
        demand=steady_demand(0.0),
        launch=BEFORE_PAYMENTS,
        investors=STILL.model_copy(update={"required": (0.15,) * 4}),
    )
    end = last(by_day(case, worth(value)))
    assert end.state["value_usd"] == pytest.approx(value, rel=1e-9)
    asked = content(value, float(end.held("holder_wallet_nquiv", "holder_delegated_nquiv")[0]), 1e9)
    assert float(end.state["price_usd"][0]) == pytest.approx(max(asked, 0.1 / 1.1**2), rel=0.01)
    assert (asked < 0.1 / 1.1**2) == (value == 0.05)


def test_buyers_are_rationed_where_a_batch_wants_more_than_three_quarters_of_the_pool() -> None:
    """Two consumers want 49 M QUIV; the pool has 50 M: they get 37.5 M and what providers sell, in proportion."""
    case = pooled(days=1, demand=steady_demand(700_000.0, wallet_days=7.0))

    def poor(state: State, params: State) -> None:
        state["treasury_nquiv"] = state["treasury_nquiv"] + state["consumer_wallet_nquiv"].sum(axis=-1)
        state["consumer_wallet_nquiv"][...] = 0

    end = last(by_day(case, poor))
    assert flow(end, "pool_sale") == pytest.approx(37.5e6 * QUIV, rel=1e-9)
    np.testing.assert_allclose(end.state["batch_price_usd"], 0.1 / 0.25 / 0.997, rtol=1e-9)


def test_pool_metrics_by_hand() -> None:
    """The pool's price has doubled by purchases without fee: 5.719 % less than holding, depth 4.88 % of the USD."""
    free = DEEP.model_copy(update={"fee": 0.0})
    end = last(by_day(pooled(days=1, pool=free, demand=steady_demand(0.0))))
    state = dict(end.state)
    state["pool_nquiv"] = np.asarray([int(50e6 * QUIV / np.sqrt(2.0))])
    state["pool_usd"] = np.asarray([5e6 * np.sqrt(2.0)])
    state["price_usd"] = np.asarray([0.2])
    reading = type(end)(state, end.params)
    assert METRICS["pool_over_holding"].read(reading)[0] == pytest.approx(-0.05719, abs=5e-6)
    assert METRICS["impermanent_loss"].read(reading)[0] == pytest.approx(-0.05719, abs=5e-6)
    assert METRICS["depth_usd"].read(reading)[0] == pytest.approx(5e6 * np.sqrt(2.0) * 0.048809, rel=1e-4)


def test_what_the_pool_has_beyond_impermanent_loss_is_earned_by_fees() -> None:
    """By the growth of the root of the product of what has stayed; nothing without a fee, no loss at first."""
    for fee in (0.0, 0.003):
        case = Economy(days=60, parameters=Parameters(pool=Pool(fee=fee)))
        days = list(by_day(case))
        product = [float(r.state["pool_usd"][0]) * total(r, "pool_nquiv") / stayed(r) ** 2 for r in days]
        loss = METRICS["impermanent_loss"].read(days[-1])[0]
        earned = METRICS["pool_over_holding"].read(days[-1])[0] - loss
        assert loss < -1e-3
        assert earned == pytest.approx((np.sqrt(product[-1] / product[0]) - 1.0) * (1.0 + loss), abs=1e-9)
        assert (earned > 1e-4) == (fee > 0.0)
        assert METRICS["impermanent_loss"].read(days[0])[0] == 0.0


def stayed(r: Reading) -> float:
    """The part of the opening liquidity that is in the pool."""
    return 1.0 - float(METRICS["liquidity_withdrawn"].read(r)[0])


def test_without_a_pool_nothing_is_lost_to_it() -> None:
    case = economy("price", days=20, noise=True, market=Market(price_process="gbm"))
    assert np.all(record(case, "impermanent_loss", "pool_over_holding")["impermanent_loss"] == 0.0)


AMOUNT = st.integers(1, 10**16)
"""Up to ten million QUIV in nano-QUIV: what is bought stays below three quarters of the smallest pool."""


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    amount=AMOUNT, reserve=st.floats(5e7, 2e8), usd=st.floats(1e3, 1e8), fee=st.floats(0.0, 0.1), first=st.booleans()
)
def test_to_buy_and_sell_the_same_in_two_batches_gains_nothing(
    amount: int, reserve: float, usd: float, fee: float, first: bool
) -> None:
    """One speculator alone in the market: what it gets back in the next batch is no more than it paid, either way."""
    start, params = lonely(reserve, usd, fee)
    sign = 1 if first else -1
    after = batch(start, params, [sign * amount, 0, 0])
    end = batch(after, params, [-sign * amount, 0, 0])
    assert end["pool_nquiv"] == start["pool_nquiv"]
    gained = float(np.sum(end["speculator_cash_usd"] - start["speculator_cash_usd"]))
    turned = abs(float(np.sum(after["speculator_cash_usd"] - start["speculator_cash_usd"])))
    assert turned > 0.0
    assert gained <= 1e-9 * turned
    assert end["pool_usd"][0] >= usd * (1.0 - 1e-9)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    amount=AMOUNT,
    cut=st.floats(0.0, 1.0),
    others=st.integers(-(10**16), 10**16),
    reserve=st.floats(5e6, 2e8),
    fee=st.floats(0.0, 0.1),
    buys=st.booleans(),
)
def test_to_split_an_order_within_a_batch_gains_nothing(
    amount: int, cut: float, others: int, reserve: float, fee: float, buys: bool
) -> None:
    """Whole or in two parts beside the same order of others: the same tokens and the same dollars, up to rounding.

    Rationing included: the smaller pools cannot serve the larger purchases.
    """
    start, params = lonely(reserve, 0.1 * reserve, fee)
    order = amount if buys else -amount
    part = int(cut * amount) * (1 if buys else -1)
    whole, split = (batch(start, params, orders) for orders in ([order, 0, others], [part, order - part, others]))
    tokens = [int(np.sum(s["speculator_wallet_nquiv"][0, :2])) for s in (whole, split)]
    cash = [float(np.sum(s["speculator_cash_usd"][0, :2])) for s in (whole, split)]
    assert abs(tokens[0] - tokens[1]) <= 2
    assert cash[0] == pytest.approx(cash[1], rel=1e-12, abs=1e-9 * abs(order) / QUIV)


def lonely(reserve_quiv: float, reserve_usd: float, fee: float) -> tuple[State, State]:
    """A pool and three speculators with tokens beyond their orders, who pay on credit; nobody else trades."""
    case = pooled("speculators", days=1, demand=steady_demand(0.0), pool=Pool(liquidity_usd=5e6, fee=fee))
    state, params = genesis([case], SEED, [0])
    for name in ("provider_wallet_nquiv", "holder_wallet_nquiv", "validator_wallet_nquiv", "consumer_wallet_nquiv"):
        state[name][...] = 0
    state["speculator_wallet_nquiv"][...] = 10**17
    state["speculator_cash_usd"][...] = 0.0
    state["pool_nquiv"][...] = round(reserve_quiv * QUIV)
    state["pool_usd"][...] = reserve_usd
    state["price_usd"] = state["pool_usd"] / to_quiv(state["pool_nquiv"])
    return state, params


def batch(state: State, params: State, orders: list[int]) -> State:
    """The state after the running policy has made a batch of speculators' orders."""
    ordered = state | {"speculator_order_nquiv": np.asarray([orders], dtype=np.int64)}
    done = trade_in_batch(params, None, None, ordered)
    assert not any(np.any(done[name]) for name in ("provider_sale", "holder_sale", "consumer_purchase"))
    pool = state["pool_nquiv"] - done["pool_sale"] + done["pool_purchase"]
    wallets = state["speculator_wallet_nquiv"] + done["speculator_purchase"] - done["speculator_sale"]
    return ordered | {
        "pool_nquiv": pool,
        "pool_usd": done["pool_usd"],
        "price_usd": done["pool_usd"] / to_quiv(pool),
        "speculator_wallet_nquiv": wallets,
        "speculator_cash_usd": done["speculator_cash_usd"],
    }


RUNS = 20


@pytest.fixture(scope="module")
def prices() -> np.ndarray:
    """Default runs of three years, `(days + 1, runs)`."""
    return execute([Economy(days=1095, parameters=Parameters())] * RUNS, SEED, list(range(RUNS)), ["price_usd"])[
        "record"
    ][:, 0, :]


def autocorrelation(series: np.ndarray, lag: int) -> float:
    """Median over runs."""
    return float(np.median([np.corrcoef(run[lag:], run[:-lag])[0, 1] for run in series.T]))


def test_returns_have_fat_tails_and_clustered_volatility_and_no_memory(prices: np.ndarray) -> None:
    """What every token's returns have in common, by mechanism: signs and orders of magnitude, not bands."""
    returns = np.diff(np.log(prices), axis=0)
    volatility = np.median(returns.std(axis=0)) * np.sqrt(365.0)
    kurtosis = np.median(((returns - returns.mean(axis=0)) ** 4).mean(axis=0) / returns.var(axis=0) ** 2) - 3.0
    assert 0.4 < volatility < 2.5
    assert kurtosis > 0.5
    assert abs(autocorrelation(returns, 1)) < 0.15
    assert autocorrelation(np.abs(returns), 1) > 0.05
    assert np.mean([autocorrelation(np.abs(returns), lag) for lag in range(1, 11)]) > 0.03


GIVEN = Maker(budget_quiv=5e6, budget_usd=5e5)


@pytest.mark.parametrize("apr", [0.0, 0.12, 0.24, 5.0])
def test_capital_comes_for_yield_and_leaves_for_want_of_it(apr: float) -> None:
    """The public owns 100 M QUIV, half of it delegated, and ends the day at its wish for the price of the day.

    At a value of 0.12 USD it wants (ln(V / P) + y / 2 - 0.15) / 1.5 of its wealth in the token; a yield of more than
    100 % it does not believe.
    """

    def yielding(state: State, params: State) -> None:
        give_holders(state, {0: 50e6}, {0: 50e6})
        state["delegator_apr"][...] = apr
        worth(0.12)(state, params)
        state["investor_cash_usd"][...] = np.asarray([0.0, 0.0, 30e6, 0.0])

    eager = Investors(attention=1.0, savings_hazard=0.0)
    case = pooled(days=1, investors=eager, demand=steady_demand(0.0), launch=BEFORE_PAYMENTS)
    first, end = by_day(case, yielding)
    price = float(end.state["price_usd"][0])
    cash = float(first.state["investor_cash_usd"][0, 2])
    held = float(end.held("holder_wallet_nquiv", "holder_delegated_nquiv")[0])
    wish = min(max((np.log(0.12 / price) + 0.5 * min(apr, 1.0) - 0.15) / 1.5, 0.0), 1.0)
    assert held == pytest.approx(wish * (100e6 + cash / price), rel=0.01)


def test_what_a_class_has_delegated_does_not_set_it_apart() -> None:
    """Public with all and ecosystem with nothing delegated, alike otherwise: half of the yield, one wish, for both."""
    alike = Investors(required=(0.15,) * 4)
    state, params = genesis([pooled(days=1, investors=alike)], SEED, [0])
    give_holders(state, {7: 50e6}, {0: 50e6})
    state["delegator_apr"][...] = 0.3
    nothing = np.zeros(1)
    book = auction_book(params, state, nothing, 0 * state["holder_wallet_nquiv"], nothing, np.ones((1, 4)))
    known = float(np.log(state["value_usd"] / state["price_usd"])[0])
    np.testing.assert_allclose(book.investing.edge, known + 0.5 * 0.3 - 0.15, rtol=1e-12)


def test_the_maker_trades_where_its_quote_is_better_than_the_pool() -> None:
    """Every day: the pool up to the quote and no further while the maker can, and one price for all."""
    case = crowded("speculators", "market_maker", days=240, maker=GIVEN)
    sales = purchases = 0
    lot = round(GIVEN.budget_quiv / GIVEN.lots) * QUIV
    for before, now in pairwise(by_day(case)):
        ask, bid = now.state["maker_ask_usd"][0], now.state["maker_bid_usd"][0]
        sold, bought = flow(now, "maker_sale"), flow(now, "maker_purchase")
        paid = now.state["maker_usd"][0] - before.state["maker_usd"][0]
        assert paid == pytest.approx((sold * ask - bought * bid) / QUIV, abs=1e-6)
        assert sold == 0 or bought == 0
        assert max(sold, bought) <= lot
        after = now.state["pool_usd"][0] / to_quiv(now.state["pool_nquiv"])[0]
        if sold and sold < min(total(before, "maker_nquiv"), lot):
            assert after / (1.0 - 0.003) == pytest.approx(ask, rel=1e-3) or flow(now, "pool_sale") == 0
            sales += 1
        if 0 < bought < lot and now.state["maker_usd"][0] > 1.0:
            assert after * (1.0 - 0.003) == pytest.approx(bid, rel=1e-3) or flow(now, "pool_purchase") == 0
            purchases += 1
        net = (
            flow(now, "maker_sale") + flow(now, "pool_sale") - flow(now, "maker_purchase") - flow(now, "pool_purchase")
        )
        usd = now.state["pool_usd"][0] - before.state["pool_usd"][0] + paid
        assert now.state["batch_price_usd"][0] == pytest.approx(usd / (net / QUIV), rel=1e-9)
        assert total(now, "maker_nquiv") >= 0
        assert now.state["maker_usd"][0] >= -1e-6
    assert min(sales, purchases) > 3


def test_a_maker_calms_the_market_and_is_paid_or_pays_for_it() -> None:
    """Its budget takes part of every move that trades make; its profit is its cash and tokens less the budgets held.

    Where there is no news: what investors know of the value moves the price whether anybody quotes or not.
    """
    spread = {}
    market = {
        "pool": DEEP,
        "investors": STILL,
        "valuation": Valuation(news_sigma=0.0),
        "speculators": Speculators(size=0.06),
    }
    for maker in (Maker(), GIVEN):
        case = Economy(days=365, parameters=Parameters(maker=maker, **market))
        taken = execute([case] * 5, SEED, list(range(5)), ["price_usd", "maker_profit_usd", "maker_quiv"])["record"]
        spread[maker.budget_quiv] = np.diff(np.log(taken[:, 0]), axis=0).std()
        assert np.any(taken[-1, 1] != 0.0) == (maker is GIVEN)
    assert spread[5e6] < 0.9 * spread[0.0]


def test_the_makers_profit_by_hand() -> None:
    """1 M QUIV sold at 0.11 with the price at 0.12: 110,000 USD against 120,000 is a loss of 10,000."""
    end = last(by_day(pooled("market_maker", days=1, maker=GIVEN, demand=steady_demand(0.0))))
    state = dict(end.state)
    state["maker_nquiv"], state["maker_usd"] = np.asarray([4_000_000 * QUIV]), np.asarray([610_000.0])
    state["price_usd"] = np.asarray([0.12])
    assert METRICS["maker_profit_usd"].read(type(end)(state, end.params))[0] == pytest.approx(-10_000.0)


def test_a_pool_without_liquidity_is_refused() -> None:
    none = Supply(allocation_share=(0.40, 0.0, 0.20, 0.10, 0.10, 0.20, 0.0))
    with pytest.raises(ValueError, match="gives liquidity nothing"):
        Economy(parameters=Parameters(supply=none))


def test_the_lorenz_curve_by_hand() -> None:
    """Eleven own 200 QUIV: ten a twentieth each, one the other half."""
    reading = last(by_day(pooled(days=1, demand=steady_demand(0.0))))
    state = dict(reading.state)
    for name in ("holder_wallet_nquiv", "holder_delegated_nquiv", "holder_unbonding_nquiv"):
        state[name] = np.zeros((1, 8), dtype=np.int64)
    for name in ("provider_stake_nquiv", "provider_unbonding_nquiv"):
        state[name] = np.zeros((1, 3), dtype=np.int64)
    state["holder_wallet_nquiv"] = np.asarray([[100, 10, 10, 10, 10, 10, 10, 10]]) * QUIV
    state["provider_wallet_nquiv"] = np.asarray([[10, 10, 10]]) * QUIV
    found = type(reading)(state, reading.params)
    assert METRICS["bottom_50_share"].read(found)[0] == pytest.approx(5.5 / 20.0)
    assert METRICS["bottom_90_share"].read(found)[0] == pytest.approx(9.9 / 20.0)
    assert METRICS["bottom_99_share"].read(found)[0] == pytest.approx((10.0 + 0.89 * 10.0) / 20.0)
