"""The market: every token bought is a token sold, and nobody trades what they do not have.

Theory: in an exchange economy excess demands sum to zero (Walras 1874). Consumers and providers trade with each other
first, holders take the other side, and where they are too poor the buyers are rationed in proportion. Source:
assumption; no document has a market.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from experiments.engines.genesis import State
from model.flows import LEDGER
from model.metrics import Reading
from model.parameters.demand import Demand
from model.parameters.population import Population
from model.parameters.providers import Providers
from tests.economics.limits import (
    QUIV,
    by_day,
    economy,
    flow,
    give_holders,
    last,
    steady_demand,
    total,
)

TRADE = ("demand", "market", "settlement")
SALES = ("provider_sale", "validator_sale", "holder_sale")
PURCHASES = ("consumer_purchase", "holder_purchase")
DUST = 1000
"""Nano-QUIV a day: dividing a total over agents leaves parts of it behind."""


def free(**more: float) -> Providers:
    """Providers whom capacity costs nothing."""
    return Providers(cost_usd_per_token=0.0, **more)


def turnover(reading: Reading) -> tuple[int, int]:
    """Tokens sold and bought that day, nano-QUIV."""
    return sum(flow(reading, name) for name in SALES), sum(flow(reading, name) for name in PURCHASES)


@pytest.mark.parametrize("sell_share", [0.0, 0.6, 1.0])
def test_purchases_equal_sales_but_for_dust_that_the_market_keeps(sell_share: float) -> None:
    selling = Providers(sell_share=sell_share)
    case = economy(*TRADE, "price", "emission", "rewards", "staking", days=200, noise=True, providers=selling)
    kept = 0
    for reading in by_day(case):
        sold, bought = turnover(reading)
        assert 0 <= sold - bought <= DUST
        kept += sold - bought
        assert total(reading, "market_nquiv") == kept
    assert bought > 0


def test_providers_sell_their_share_of_yesterdays_profit() -> None:
    case = economy(*TRADE, days=20, providers=free(sell_share=0.6), demand=steady_demand(100.0))
    readings = list(by_day(case))
    for yesterday, today in pairwise(readings[1:]):
        earned = int(yesterday.state["provider_income_nquiv"].sum())
        assert flow(today, "provider_sale") == pytest.approx(0.6 * earned, abs=10)


@pytest.mark.parametrize(("cost_usd", "sell_share"), [(40.0, 0.0), (40.0, 0.5), (40.0, 1.0), (100.0, 0.5)])
def test_providers_sell_what_their_costs_are_and_part_of_what_is_left(cost_usd: float, sell_share: float) -> None:
    """They earn 80 USD a day at 0.10 USD; what costs exceed income comes out of their savings."""
    costly = Providers(
        capacity_tokens_per_day=2e6,
        capacity_growth=0.0,
        initial_online=1.0,
        cost_usd_per_token=cost_usd / 6e6,
        cost_decline=0.0,
        sell_share=sell_share,
    )
    end = last(by_day(economy(*TRADE, days=20, providers=costly, demand=steady_demand(100.0))))
    sold_usd = flow(end, "provider_sale") / QUIV * 0.1
    assert sold_usd == pytest.approx(cost_usd + sell_share * max(80.0 - cost_usd, 0.0), rel=1e-6)


def test_what_is_sold_beyond_purchases_goes_to_holders_by_their_tokens() -> None:
    """Income of the first day, sold when nobody buys: consumers' wallets are still full."""
    case = economy(*TRADE, days=2, providers=free(sell_share=1.0), demand=steady_demand(10.0, wallet_days=1.0))
    first, second = list(by_day(case))[1:]
    assert flow(second, "consumer_purchase") == 0
    assert flow(second, "holder_purchase") == pytest.approx(flow(first, "receipt_provider"), rel=0.01)
    gained = second.state["holder_wallet_nquiv"] - first.state["holder_wallet_nquiv"]
    np.testing.assert_allclose(gained[0, :5], gained[0, :5].mean(), rtol=1e-9)
    assert np.max(gained[0, 5:7]) <= 1


def poor_holders(state: State, params: State) -> None:
    """Consumers start with nothing, holders with 1,000 QUIV."""
    give_holders(state, {2: 600.0, 3: 400.0})
    state["treasury_nquiv"] = state["treasury_nquiv"] + state["consumer_wallet_nquiv"].sum(axis=-1)
    state["consumer_wallet_nquiv"][...] = 0


def test_consumers_are_rationed_in_proportion_where_holders_are_poor() -> None:
    """They want 7 days of 75 and 25 USD at 0.10 USD, 7,000 QUIV; the holders have 1,000."""
    case = economy("demand", "market", days=1, demand=steady_demand(100.0, wallet_days=7.0))

    def uneven(state: State, params: State) -> None:
        poor_holders(state, params)
        params["agents.budget_usd"] = np.asarray([[75.0, 25.0]])

    end = last(by_day(case, uneven))
    assert flow(end, "consumer_purchase") == pytest.approx(1000 * QUIV, abs=DUST)
    assert int(end.state["holder_wallet_nquiv"].sum()) <= DUST
    assert [int(x) for x in end.state["consumer_wallet_nquiv"][0]] == pytest.approx([750 * QUIV, 250 * QUIV], abs=DUST)


def test_what_is_paid_is_what_the_rationed_have_and_service_shrinks_with_it() -> None:
    case = economy(*TRADE, days=1, demand=steady_demand(200.0, wallet_days=7.0))
    end = last(by_day(case, poor_holders))
    assert flow(end, "payment") == pytest.approx(1000 * QUIV, abs=DUST)
    served = float(end.state["served_tokens"].sum() / end.state["demand_tokens"].sum())
    assert served == pytest.approx(1000.0 / 2000.0, rel=1e-9)


@pytest.mark.parametrize("budget", [0.01, 10.0, 1e5, 1e7])
def test_nobody_trades_more_than_a_wallet_holds(budget: float) -> None:
    """Under any pressure of demand: each sale is within the seller's wallet before it, no wallet falls below zero."""
    crowd = Population(providers=7, consumers=5, validators=2, holders=12)
    case = economy(*TRADE, "price", days=60, noise=True, population=crowd, demand=Demand(budget_usd_per_day=budget))
    before: Reading | None = None
    for reading in by_day(case):
        if before is not None:
            for who in ("provider", "validator", "holder"):
                assert flow(reading, f"{who}_sale") <= total(before, f"{who}_wallet_nquiv")
            sold, bought = turnover(reading)
            assert bought <= sold
        for name in LEDGER.accounts:
            assert int(np.min(reading.state[name])) >= 0
        before = reading


def test_consumers_with_full_wallets_buy_nothing() -> None:
    case = economy("demand", "market", days=30, demand=steady_demand(10.0, wallet_days=7.0))
    readings = list(by_day(case))
    assert all(turnover(reading) == (0, 0) for reading in readings)
