r"""The price process of burn and mint, by the currency in which inference is priced.

Theory: the price at which as much is burned as is minted is $P^* = B / m$, with $B$ the USD of fees burned and $m$ the
QUIV minted a day (Helium 2019). Where spending in USD does not depend on the price, neither does $B$, and $P^*$ is
reached from any listing price, the gap in logs closing with its time constant. So it is where a full network charges in
USD, $B = \varphi K p$ for a capacity $K$ at a rate $p$. Where it charges $q$ QUIV a token it burns $\varphi K q$ QUIV
whatever these are worth: if that is less than is minted no positive price balances the two, and the price falls for
ever, by $\ln(\varphi K q / m)$ over a time constant.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.validation.theory_price import AMPLE, EXCHANGE, NO_TIERS, SUPPLY
from model.economy import Economy
from model.parameters.emission import Emission
from model.parameters.fees import Fees
from model.parameters.market import Market
from model.parameters.pricing import Pricing
from tests.economics.limits import STEADY, YEAR, economy, record, steady_demand

BURN, MINTED, REVERSION = 0.1, 2000.0, 5.0
"""Part of a payment that is burned, QUIV minted a day, days in which a gap closes by a factor e."""

SPENT_USD, CAPACITY = 1000.0, 6e6
IN_USD = Pricing(numeraire="usd", peg_price_usd=0.1, peg_decline=0.0)
IN_QUIV = Pricing(numeraire="quiv")
RATE_QUIV, RATE_USD = 1e-3, 1e-4


def balanced(listing_usd: float, days: int = 60, **contracts: Any) -> Economy:
    """Emission paid for work, a network fee that is burned whole, no noise."""
    given: dict[str, Any] = {
        "supply": SUPPLY,
        "staking": NO_TIERS,
        "providers": AMPLE,
        "emission": Emission(yearly_quiv=(MINTED * YEAR,) * 10, staking_share=0.0),
        "fees": Fees(network_share=BURN, treasury_share=0.0, burn_share=1.0),
        "market": Market(
            price_process="burn_mint", initial_price_usd=listing_usd, reversion_days=REVERSION, volatility=0.0
        ),
        "demand": steady_demand(SPENT_USD, wallet_days=1.0),
    }
    return economy(*EXCHANGE, "emission", days=days, **(given | contracts))


def closing(case: Economy) -> np.ndarray:
    """The price after each day, USD per QUIV."""
    return np.asarray(record(case, "price_usd")["price_usd"])


@pytest.mark.parametrize("pricing", [IN_USD, IN_QUIV])
@pytest.mark.parametrize("listing_usd", [0.01, 1.0])
def test_the_price_comes_to_usd_burned_over_quiv_minted(pricing: Pricing, listing_usd: float) -> None:
    found = closing(balanced(listing_usd, pricing=pricing))
    assert found[-1] == pytest.approx(BURN * SPENT_USD / MINTED, rel=1e-3)


def test_a_full_network_that_charges_in_usd_has_a_price() -> None:
    """More is wanted of every model size than six million tokens of compute a day at 1e-4 USD."""
    for listing_usd in (0.01, 1.0):
        found = closing(balanced(listing_usd, pricing=IN_USD, providers=STEADY))
        assert found[-1] == pytest.approx(BURN * CAPACITY * RATE_USD / MINTED, rel=1e-3)


def test_a_full_network_that_charges_in_quiv_loses_its_price() -> None:
    """It burns 600 QUIV a day and mints 2,000: the price falls by ln(0.3) in a time constant, for ever."""
    found = np.log(closing(balanced(0.05, days=30, pricing=IN_QUIV, providers=STEADY)))
    daily = (1.0 - np.exp(-1.0 / REVERSION)) * np.log(BURN * CAPACITY * RATE_QUIV / MINTED)
    np.testing.assert_allclose(np.diff(found)[2:], daily, rtol=1e-3)
