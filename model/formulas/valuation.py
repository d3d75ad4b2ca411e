r"""The value of a token by what its network pays holders.

$$ V = \frac{365\, m\, D}{\bar N} \Big[ \frac{\lambda}{\lambda + \rho} \frac{a_\infty}{a}
   + \frac{\rho}{\lambda + \rho} \Big] e^\nu $$

with $D$ the take (USD a day), $m$ the years of it that the whole supply is worth at the horizon, $\bar N$ the supply,
minted and still to be minted less burned, $a$ today's use on an adoption curve that approaches $a_\infty$ at rate
$\lambda$, $\rho$ the discount rate and $\nu$ news. The bracket is the present value of a level that approaches its
limit exponentially, over that of today's level for ever,

$$ \int_0^\infty \rho\, e^{-\rho t} \big( a_\infty - (a_\infty - a) e^{-\lambda t} \big)\, dt =
   \frac{\lambda a_\infty + \rho a}{\lambda + \rho}. $$

The supply is the fully diluted one: where the price grows at the required return, the discount of tokens that are
issued later cancels their growth in worth. Source: assumption; the documents value nothing.
"""

from __future__ import annotations

from model.arrays import Array, namespace

LEAST_USD, MOST_USD = 1e-9, 1e12
"""What a token is worth at least, so that its logarithm is a number, and at most."""

MOST_NEWS = 100.0
"""News beyond which more makes no difference, in logs."""


def growth(rate: Array, discount: Array, multiple: Array, level: Array) -> Array:
    """Use to come, discounted, over today's, elementwise; `multiple` and `level` are use over that of genesis."""
    far = rate / (rate + discount)
    return far * multiple / level + 1.0 - far


def value(take_usd: Array, multiple_years: Array, grown: Array, diluted_quiv: Array, news: Array) -> Array:
    """USD per QUIV, elementwise: zero without use, but a price has a logarithm, so at least a billionth."""
    xp = namespace(take_usd)
    known = 365.0 * multiple_years * take_usd * grown / diluted_quiv
    return xp.clip(known * xp.exp(xp.clip(news, -MOST_NEWS, MOST_NEWS)), LEAST_USD, MOST_USD)


def take_rate(
    network: Array, treasury: Array, base_burn: Array, burn: Array, stakers: Array, validator: Array, weight: Array
) -> Array:
    """The part of a payment that the network takes for holders, elementwise.

    Rates are of the payment, `burn` and `stakers` shares of the network fee; what is neither burned nor paid to
    stakers nor to validators is kept, and counts by its `weight`.
    """
    xp = namespace(network)
    gone = network * (burn + stakers) + base_burn
    kept = xp.maximum(network * (1.0 - burn - stakers) - validator, 0.0) + treasury
    return gone + weight * kept
