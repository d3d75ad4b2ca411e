r"""What a job costs: spot, auction, contract.

Theory: of N independent uniform costs on [0, 1] the lowest is 1 / (N + 1) on average and the second lowest
2 / (N + 1); a reverse second-price auction pays the second to the first (Vickrey 1961). With capacity limits the lowest
asks are filled first. Contracts of T days that are renewed evenly follow a step of the quote as 1 - (1 - 1/T)^t.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.genesis import State
from experiments.validation.theory_jobs import auction
from model.economy import Economy
from model.parameters.matching import Matching
from model.parameters.population import Population
from model.parameters.pricing import Pricing
from model.parameters.providers import Providers
from tests.economics.limits import QUIV, by_day, economy, flow, last, record, steady_demand

TRADE = ("demand", "market", "settlement")
PRICE_USD = 0.1


def ask(asks_quiv: np.ndarray):
    """Providers ask these prices, QUIV per token."""

    def change(state: State, params: State) -> None:
        params["agents.cost_usd"] = np.asarray([asks_quiv]) * PRICE_USD

    return change


@pytest.mark.parametrize("bidders", [2, 4, 9])
def test_the_second_lowest_cost_is_paid_to_the_lowest(bidders: int) -> None:
    """Price 2 / (N + 1), winner's cost 1 / (N + 1), over 200 auctions within four standard errors."""
    rounds = 200
    costs = np.random.default_rng(27).uniform(0.0, 1.0, (rounds, bidders))
    wired = auction(bidders, days=1)
    prices, winners = [], []
    for asks in costs:
        end = last(by_day(wired, ask(asks)))
        prices.append(end.state["paid_price_quiv"][0, 0])
        winners.append(asks[int(end.state["work_weight"][0].argmax())])
        assert np.count_nonzero(end.state["work_weight"][0]) == 1
    ordered = np.sort(costs, axis=-1)
    np.testing.assert_allclose(prices, ordered[:, 1], rtol=1e-12)
    np.testing.assert_allclose(winners, ordered[:, 0], rtol=1e-12)
    for found, mean in ((prices, 2.0 / (bidders + 1)), (winners, 1.0 / (bidders + 1))):
        assert np.mean(found) == pytest.approx(mean, abs=4.0 * np.std(found) / np.sqrt(len(found)))


def test_the_lowest_asks_are_filled_first() -> None:
    """Capacity of 100 each and 250 wanted: two full, one half full, paid what the fourth asks."""
    asks = np.asarray([0.5, 0.1, 0.4, 0.2, 0.3])
    wanted = {"demand_tokens": np.asarray([250.0])}
    case = Economy(**{**vars(auction(5, days=3, capacity=100.0)), "exogenous": wanted})
    end = last(by_day(case, ask(asks)))
    np.testing.assert_allclose(end.state["paid_price_quiv"][0], 0.4, rtol=1e-12)
    work = end.state["work_weight"][0]
    np.testing.assert_allclose(work / 0.4, [0.0, 100.0, 0.0, 100.0, 50.0], rtol=1e-9, atol=1e-9)
    assert flow(end, "payment") == pytest.approx(250.0 * 0.4 * QUIV, rel=1e-9)


def test_orders_pay_what_the_auction_finds_not_what_they_expected() -> None:
    """Costs rise every day, so each auction clears above the last: what is paid is today's price for today's tokens."""
    dearer = Providers(
        capacity_tokens_per_day=1e9, capacity_growth=0.0, initial_online=1.0, cost_decline=-2.0, margin=0.0
    )
    wanted = {"demand_tokens": np.asarray([1000.0])}
    case = Economy(**{**vars(auction(3, days=10, providers=dearer)), "exogenous": wanted})
    prices = []
    for reading in list(by_day(case, ask(np.asarray([0.1, 0.2, 0.3]))))[1:]:
        prices.append(reading.state["paid_price_quiv"][0, 0])
        assert flow(reading, "payment") == pytest.approx(1000.0 * prices[-1] * QUIV, rel=1e-9)
    np.testing.assert_allclose(prices, 0.2 * np.exp(2.0 * np.arange(10) / 365.0), rtol=1e-9)


def test_who_asks_more_than_the_quote_stays_out() -> None:
    """The oracle quotes 0.25: two of five may serve, 250 wanted meet 200, and nobody idle is left to set the price."""
    asks = np.asarray([0.5, 0.1, 0.4, 0.2, 0.3])
    wanted = {"demand_tokens": np.asarray([250.0])}
    quote = Pricing(numeraire="quiv", base_rate_quiv=0.25, complexity=(1.0, 1.0, 1.0))
    case = Economy(**{**vars(auction(5, days=3, capacity=100.0, pricing=quote)), "exogenous": wanted})
    end = last(by_day(case, ask(asks)))
    np.testing.assert_allclose(end.state["paid_price_quiv"][0], 0.25, rtol=1e-12)
    np.testing.assert_allclose(end.state["admitted_tokens"].sum(), 200.0)
    assert end.state["served_tokens"].sum() == pytest.approx(200.0, rel=1e-9)
    assert np.count_nonzero(end.state["work_weight"][0]) == 2


def test_where_there_is_nothing_to_auction_the_lowest_ask_is_the_price() -> None:
    end = last(by_day(auction(3, days=2, usd=0.0), ask(np.asarray([0.3, 0.2, 0.4]))))
    np.testing.assert_allclose(end.state["paid_price_quiv"], 0.2)
    assert flow(end, "payment") == 0


def test_who_asks_for_nothing_is_paid_the_least_price_there_is() -> None:
    end = last(by_day(auction(3, days=3), ask(np.zeros(3))))
    np.testing.assert_array_equal(end.state["paid_price_quiv"], 1e-18)
    assert np.all(np.isfinite(end.state["demand_tokens"]))


def test_an_ask_is_cost_and_margin_in_quiv() -> None:
    """Costs of 2e-5 USD and a margin of a half, at 0.10 USD: 3e-4 QUIV."""
    same = Providers(initial_online=1.0, cost_usd_per_token=2e-5, cost_decline=0.0, margin=0.5)
    end = last(by_day(auction(3, days=1, providers=same)))
    np.testing.assert_allclose(end.state["paid_price_quiv"], 3e-4, rtol=1e-12)


@pytest.mark.parametrize("term", [1.0, 10.0, 30.0])
def test_contracts_follow_the_quote_as_they_are_renewed(term: float) -> None:
    """The quote doubles on day 0 by a base rate that the contracts of genesis did not know."""
    contracts = Matching(format="contract", contract_days=term, contract_discount=0.1)

    def signed_at_half(state: State, params: State) -> None:
        state["order_price_quiv"] = state["order_price_quiv"] / 2.0

    case = economy(*TRADE, days=40, matching=contracts, demand=steady_demand(1.0))
    readings = list(by_day(case, signed_at_half))
    quote = readings[0].state["inference_price_quiv"][0, 0]
    for day, reading in enumerate(readings):
        left = (1.0 - 1.0 / term) ** day
        expected = 0.9 * quote * (1.0 - 0.5 * left)
        assert reading.state["order_price_quiv"][0, 0] == pytest.approx(expected, rel=1e-12)
        if day:
            before = readings[day - 1].state["order_price_quiv"][0, 0]
            assert reading.state["paid_price_quiv"][0, 0] == before


def test_spot_orders_pay_what_they_were_made_at() -> None:
    taken = record(economy(*TRADE, "dynamic_pricing", days=30, noise=True), "payments_quiv", "paid_price_quiv_small")
    quotes = record(economy(*TRADE, "dynamic_pricing", days=30, noise=True), "inference_price_quiv_small")
    np.testing.assert_array_equal(taken["paid_price_quiv_small"][2:], quotes["inference_price_quiv_small"][1:-1])


def test_the_auction_is_cheaper_than_the_quote_and_dearer_than_cost() -> None:
    """The same economy under each format: providers' costs are half of the quote."""
    paid = {}
    for format_ in ("spot", "auction", "contract"):
        case = economy(
            *TRADE,
            days=30,
            noise=True,
            providers=Providers(margin=0.0),
            population=Population(),
            matching=Matching.model_validate({"format": format_}),
        )
        paid[format_] = record(case, "paid_price_quiv_small")["paid_price_quiv_small"][-1]
    assert paid["spot"] == 0.001
    assert paid["contract"] == pytest.approx(0.0009)
    assert 0.0001 < paid["auction"] < 0.0008
