r"""The value of a token by what its network pays holders.

$$ V = \frac{365\, m\, D}{\bar N} \Big[ \frac{\lambda}{\lambda + \rho} \frac{a_\infty}{a}
   + \frac{\rho}{\lambda + \rho} \Big], \qquad \bar N = \text{minted} + \text{still to be minted} - \text{burned} $$

with $D$ the take (USD a day), $m$ the years of it that the whole supply is worth at the horizon, $a$ today's use on an
adoption curve that approaches $a_\infty$ at rate $\lambda$, and $\rho$ the discount rate. The bracket is the present
value of a level that approaches its limit exponentially, over that of today's level for ever,

$$ \int_0^\infty \rho\, e^{-\rho t} \big( a_\infty - (a_\infty - a) e^{-\lambda t} \big)\, dt =
   \frac{\lambda a_\infty + \rho a}{\lambda + \rho}. $$

The supply is the fully diluted one: where the price grows at the required return, the discount of tokens that are
issued later cancels their growth in worth. Source: assumption; the documents value nothing.
"""

from __future__ import annotations

from model.arrays import Array, namespace

LEAST_USD = 1e-9
"""What a token is worth at least, so that its logarithm is a number."""


def growth(rate: Array, discount: Array, multiple: Array, level: Array) -> Array:
    """Use to come, discounted, over today's, elementwise; `multiple` and `level` are use over that of genesis."""
    far = rate / (rate + discount)
    return far * multiple / level + 1.0 - far


def value(take_usd: Array, multiple_years: Array, grown: Array, diluted_quiv: Array) -> Array:
    """USD per QUIV, at least a billionth, elementwise: zero without use, but a price has a logarithm."""
    xp = namespace(take_usd)
    return xp.maximum(365.0 * multiple_years * take_usd * grown / diluted_quiv, LEAST_USD)


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
