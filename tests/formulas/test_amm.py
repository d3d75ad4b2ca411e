r"""The constant-product pool.

Theory: Angeris and Chitra 2020 for trades; Milionis et al. 2022 for what liquidity costs: a pool without fee whose
price follows a martingale of volatility $\sigma$ keeps $E[V_T] / V_0 = e^{-\sigma^2 T / 8}$.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.formulas import amm

X, Y, FEE = 50e6, 5e6, 0.003
MANY = settings(max_examples=500, derandomize=True, deadline=None)


@pytest.mark.parametrize(("quiv", "usd"), [(1e4, 996.801), (1e5, 9_950.159), (5e5, 49_357.902), (5e6, 453_305.447)])
def test_sales_by_hand(quiv: float, usd: float) -> None:
    found = float(amm.usd_for_sale(np.float64(quiv), X, Y, FEE))
    assert found == pytest.approx(usd, abs=5e-4)
    assert found == pytest.approx(Y * 0.997 * quiv / (X + 0.997 * quiv), rel=1e-9)


@pytest.mark.parametrize(("drop", "share"), [(0.1, 0.05409), (0.2, 0.11803), (0.5, 0.41421)])
def test_what_moves_the_price(drop: float, share: float) -> None:
    """Without fee, a sale of $x (k^{-1/2} - 1)$ multiplies the price by $k$."""
    quiv = X * (1.0 / np.sqrt(1.0 - drop) - 1.0)
    assert quiv / X == pytest.approx(share, abs=5e-6)
    after = (Y - amm.usd_for_sale(quiv, X, Y, 0.0)) / (X + quiv)
    assert after == pytest.approx((1.0 - drop) * Y / X, rel=1e-9)


@pytest.mark.parametrize(
    ("factor", "loss"), [(1.25, -0.00619), (1.5, -0.02020), (2.0, -0.05719), (0.5, -0.05719), (4.0, -0.2)]
)
def test_impermanent_loss(factor: float, loss: float) -> None:
    assert amm.value_over_holding(np.float64(factor)) == pytest.approx(loss, abs=5e-6)
    assert amm.value_over_holding(np.float64(factor)) == pytest.approx(2 * np.sqrt(factor) / (1 + factor) - 1, rel=1e-9)


AMOUNT = st.floats(1e-3, 2e7)
RATE = st.floats(0.0, 0.1)


@MANY
@given(quiv=AMOUNT, fee=RATE)
def test_to_buy_and_sell_the_same_gains_nothing(quiv: float, fee: float) -> None:
    paid = amm.usd_for_purchase(np.float64(quiv), X, Y, fee)
    back = amm.usd_for_sale(np.float64(quiv), X - quiv, Y + paid, fee)
    assert back <= paid * (1 + 1e-9)
    got = amm.usd_for_sale(np.float64(quiv), X, Y, fee)
    again = amm.usd_for_purchase(np.float64(quiv), X + quiv, Y - got, fee)
    assert again >= got * (1 - 1e-9)


@MANY
@given(net=st.floats(-2e7, 2e7), fee=RATE)
def test_the_product_never_falls(net: float, fee: float) -> None:
    usd = amm.usd_for_net(np.float64(net), X, Y, fee)
    assert (X - net) * (Y + usd) >= X * Y * (1 - 1e-12)


@MANY
@given(quiv=AMOUNT, fee=RATE, share=st.floats(0.01, 0.99))
def test_splitting_a_trade_gains_no_more_than_the_fee_of_its_parts(quiv: float, fee: float, share: float) -> None:
    """Without a fee nothing; with it the second part meets a pool that the first part's fee has made deeper."""
    whole = amm.usd_for_sale(np.float64(quiv), X, Y, fee)
    first = amm.usd_for_sale(np.float64(share * quiv), X, Y, fee)
    second = amm.usd_for_sale(np.float64((1 - share) * quiv), X + share * quiv, Y - first, fee)
    free = amm.usd_for_sale(np.float64(share * quiv), X, Y, 0.0) + amm.usd_for_sale(
        np.float64((1 - share) * quiv), X + share * quiv, Y - amm.usd_for_sale(np.float64(share * quiv), X, Y, 0.0), 0.0
    )
    assert free == pytest.approx(amm.usd_for_sale(np.float64(quiv), X, Y, 0.0), rel=1e-9)
    assert first + second <= whole * (1 + fee) * (1 + 1e-9)
    assert first + second <= free * (1 + 1e-9)


def test_against_rebalancing_a_pool_loses_an_eighth_of_the_variance() -> None:
    """Volatility of one for a year, 20,000 paths: 0.8825 of the value is left, and the loss is 0.1175."""
    paths, steps = 20_000, 250
    z = np.random.default_rng(8).normal(size=(steps, paths)) / np.sqrt(steps)
    price = np.exp(np.vstack([np.zeros(paths), np.cumsum(z - 0.5 / steps, axis=0)]))
    quiv, value = 1.0 / np.sqrt(price), 2.0 * np.sqrt(price)
    assert value[-1].mean() / 2.0 == pytest.approx(np.exp(-1 / 8), abs=4 * value[-1].std() / 2.0 / np.sqrt(paths))
    loss = np.sum(quiv[:-1] * np.diff(price, axis=0), axis=0) - (value[-1] - value[0])
    assert loss.mean() / 2.0 == pytest.approx(0.1175, abs=4 * loss.std() / 2.0 / np.sqrt(paths) + 5e-4)
