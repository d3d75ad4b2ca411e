r"""A constant-product pool, and what it costs to provide it with liquidity.

With reserves of $x$ QUIV and $y$ USD and $\gamma = 1 - \text{fee}$, whoever sells $\Delta$ QUIV gets, and whoever buys
$\Delta$ QUIV pays,

$$ y \frac{\gamma \Delta}{x + \gamma \Delta}, \qquad \frac{y}{\gamma} \frac{\Delta}{x - \Delta}, $$

so that $x y$ never falls and nothing is traded within $[\gamma P, P / \gamma]$ (Angeris and Chitra 2020). When the
price has moved by a factor $k$, a pool without fee is worth $2 \sqrt{k} / (1 + k)$ of its reserves held (impermanent
loss); against rebalancing it loses $\sigma^2 / 8$ of its value a year (loss versus rebalancing, Milionis et al. 2022).
Amounts in QUIV and USD, elementwise. Source: SPEC, Core Contracts (liquidity); the pool is an assumption.
"""

from __future__ import annotations

from model.arrays import Array, namespace


def usd_for_sale(quiv: Array, reserve_quiv: Array, reserve_usd: Array, fee: Array) -> Array:
    """Proceeds of a sale: USD that the pool pays for QUIV."""
    taken = (1.0 - fee) * quiv
    return reserve_usd * taken / (reserve_quiv + taken)


def usd_for_purchase(quiv: Array, reserve_quiv: Array, reserve_usd: Array, fee: Array) -> Array:
    """Cost of a purchase: USD that the pool asks for QUIV; `quiv` below the reserve."""
    return reserve_usd * quiv / ((reserve_quiv - quiv) * (1.0 - fee))


def usd_for_net(quiv: Array, reserve_quiv: Array, reserve_usd: Array, fee: Array) -> Array:
    """USD that go into the pool for a net purchase (positive) of QUIV, or come out for a net sale (negative)."""
    xp = namespace(quiv)
    bought, sold = xp.maximum(quiv, 0.0), xp.maximum(-quiv, 0.0)
    paid = usd_for_purchase(bought, reserve_quiv, reserve_usd, fee)
    return paid - usd_for_sale(sold, reserve_quiv, reserve_usd, fee)


def value_over_holding(factor: Array) -> Array:
    r"""The pool's value over that of its first reserves held, less one, when the price is $k$ times the first."""
    xp = namespace(factor)
    return 2.0 * xp.sqrt(factor) / (1.0 + factor) - 1.0


def purchase_until(price: Array, reserve_quiv: Array, reserve_usd: Array, fee: Array) -> Array:
    """QUIV that the pool sells before the next one costs more than a price, fee included; zero where it does now."""
    xp = namespace(reserve_usd)
    ratio = reserve_usd / (reserve_quiv * (1.0 - fee) * price)
    return reserve_quiv * xp.maximum(1.0 - xp.sqrt(ratio), 0.0)


def sale_until(price: Array, reserve_quiv: Array, reserve_usd: Array, fee: Array) -> Array:
    """QUIV that the pool buys before it pays less than a price for the next one; zero where it does now."""
    xp = namespace(reserve_usd)
    ratio = reserve_usd * (1.0 - fee) / (reserve_quiv * price)
    return reserve_quiv * xp.maximum(xp.sqrt(ratio) - 1.0, 0.0) / (1.0 - fee)
