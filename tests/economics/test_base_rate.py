r"""The base rate of inference: fixed in QUIV, or in USD by way of the oracle.

Theory: held in USD, a rate of $b$ QUIV is worth $b P^* e^{-\delta t}$ USD at every price of the token, so twice the
price is half the QUIV, a year at a decline of $\delta$ leaves a part $e^{-\delta}$, and an oracle that reads the token
at twice its price gives inference away at half. Held in QUIV it is the same bits whatever happens.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import genesis
from experiments.inputs.scenario import load_scenario
from model.economy import Economy, ScriptedProposal
from model.parameters.governance import Governance
from model.parameters.launch import Launch
from model.parameters.oracle import Oracle
from model.parameters.outside import Outside
from model.parameters.pricing import Pricing
from policies.base_rate import hold_in_usd
from tests.economics.limits import SEED, by_day, economy, steady_demand
from tests.engines.daily import QUICK

DAYS = 8
RATE, PEG, DECLINE = 0.002, 0.05, 0.3
IN_USD = Pricing(base_rate_quiv=RATE, numeraire="usd", peg_price_usd=PEG, peg_decline=DECLINE)
IN_QUIV = IN_USD.model_copy(update={"numeraire": "quiv"})
COMPLEXITY = np.asarray(IN_USD.complexity)
WANDERING = 0.1 * np.exp(np.sin(np.arange(DAYS + 1.0)))


def priced(path: Any, *on: str, days: int = DAYS, pricing: Pricing = IN_USD, **more: Any) -> Economy:
    """An economy under a given price of the token."""
    given = {"demand": steady_demand(10.0), "exogenous": {"price_usd": np.atleast_1d(path)}}
    return economy("demand", "market", "settlement", "price", *on, days=days, pricing=pricing, **(given | more))


def figure(case: Economy, name: str) -> np.ndarray:
    """A state variable of the first trajectory after each day, `(days, *axes)`."""
    return np.asarray([reading.state[name][0] for reading in by_day(case)][1:])


def test_the_price_in_usd_is_the_same_at_every_price_of_the_token() -> None:
    case = priced(WANDERING)
    worth = figure(case, "base_price_quiv") * figure(case, "oracle_price_usd")[:, None]
    falling = np.exp(-DECLINE * np.arange(DAYS) / 365.0)
    np.testing.assert_allclose(worth, RATE * PEG * falling[:, None] * COMPLEXITY, rtol=1e-12)
    assert np.ptp(figure(case, "base_price_quiv")[:, 0]) > 0.5 * RATE


@pytest.mark.parametrize("go_literal", [False, True])
@pytest.mark.parametrize("on", [(), ("dynamic_pricing",)])
def test_at_twice_the_price_inference_costs_half_the_quiv_and_demand_is_the_same(
    on: tuple[str, ...], go_literal: bool
) -> None:
    once, twice = (
        replace(priced(price, *on, "outside_option", outside=Outside(decline=0.0)), go_literal=go_literal)
        for price in (0.1, 0.2)
    )
    np.testing.assert_allclose(
        figure(once, "inference_price_quiv"), 2.0 * figure(twice, "inference_price_quiv"), rtol=1e-12
    )
    np.testing.assert_allclose(figure(once, "demand_tokens"), figure(twice, "demand_tokens"), rtol=1e-12)


def test_it_falls_by_the_decline_of_a_year() -> None:
    state, params = genesis([priced(0.1)], SEED, [0])
    now, then = (hold_in_usd(params, None, None, state | {"day": day})["base_price_quiv"] for day in (0, 365))
    np.testing.assert_allclose(then / now, np.exp(-DECLINE), rtol=1e-12)
    still = figure(priced(0.1, pricing=IN_USD.model_copy(update={"peg_decline": 0.0})), "inference_price_quiv")
    np.testing.assert_array_equal(still, np.broadcast_to(RATE * (PEG / 0.1) * COMPLEXITY, (DAYS, 3)))


def test_in_quiv_it_is_the_same_whatever_the_token_is_worth() -> None:
    found = figure(priced(WANDERING, pricing=IN_QUIV), "inference_price_quiv")
    np.testing.assert_array_equal(found, np.broadcast_to(RATE * COMPLEXITY, (DAYS, 3)))


def test_an_oracle_that_reads_twice_the_price_gives_inference_away_at_half() -> None:
    """Three of five feeds lie by as much again as the price, and nobody's breaker trips."""
    lying = Oracle(corrupt_feeds=3, corrupt_bias=1.0, breaker_width=1e9, stale_chance=0.0, outlier_z=1e9)
    for pricing, share in ((IN_USD, 0.5), (IN_QUIV, 1.0)):
        known, misled = (
            figure(priced(0.1, *on, pricing=pricing, oracle=lying), "inference_price_quiv") for on in ((), ("oracle",))
        )
        np.testing.assert_allclose(misled, share * known, rtol=1e-12)


def test_before_all_is_connected_base_rates_hold_in_their_currency() -> None:
    """Neither demand nor supply counts for ten days; then both do."""
    phased = Launch(integration_day=10)
    pegged = priced(0.1 * 1.02 ** np.arange(21.0), "dynamic_pricing", days=20, launch=phased)
    quote, base = figure(pegged, "inference_price_quiv"), figure(pegged, "base_price_quiv")
    np.testing.assert_array_equal(quote[:10], base[:10])
    assert np.all(quote[10:] != base[10:])
    assert np.all(np.diff(base, axis=0) < 0.0)


def test_governance_sets_the_base_rate_with_and_without_dynamic_prices() -> None:
    vote = ScriptedProposal(day=1, parameter="pricing.base_rate_quiv", value=2.0 * RATE, type="economic", support=1.0)
    calendar = Governance(**(QUICK | {"deposit_quiv": 0.0, "change_limit": 1.0}))
    case = priced(0.1, "governance", days=14, proposals=(vote,), governance=calendar)
    found = figure(case, "inference_price_quiv")[:, 0] * np.exp(DECLINE * np.arange(14) / 365.0)
    assert found[0] == pytest.approx(RATE * PEG / 0.1)
    assert found[-1] == pytest.approx(2.0 * found[0])


def test_the_preset_is_the_default_with_a_rate_in_quiv() -> None:
    preset, default = load_scenario("quiv_quote").parameters, load_scenario("whitepaper").parameters
    assert preset.pricing == default.pricing.model_copy(update={"numeraire": "quiv"})
    assert preset.model_copy(update={"pricing": default.pricing}) == default
