r"""The value of a token by what its network pays holders.

$$ V_t = \frac{365\, m\, D_t}{\bar N_t}\, G_t\, e^{\nu_t}, \qquad
   G_t = \frac{(1 - e^{-\rho}) \sum_{s \ge t} e^{-\rho (s - t)} a_s}{a_t}, \qquad
   \bar N = \text{minted} + \text{still to be minted} - \text{burned} $$

with $D$ the take (USD a day), $m$ the years of it that the whole supply is worth, and $G$ the use $a$ that is coming,
discounted at $\rho$ a day, over today's for ever: one where use stays as it is; $\nu$ is news. The supply is the
fully diluted one: where the price grows at the required return, the discount of tokens that are issued later cancels
their growth in worth. Source: assumption; the documents value nothing.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from model.arrays import Array, namespace

LEAST_USD, MOST_USD = 1e-9, 1e12
"""What a token is worth at least, so that its logarithm is a number, and at most."""

MOST_NEWS = 100.0
"""News beyond which more makes no difference, in logs."""


def growth(use: Array, discount: Array) -> Array:
    """Use that is coming, discounted, over that of each day, `(days,)`; after the last day it stays as it is.

    `use` is `(days,)`, above zero; `discount` is per day. Worked out once, at genesis, by NumPy.
    """
    return coming(use, discount, use[-1]) / use


def coming(use: Array, discount: Array, after: Array) -> Array:
    """The mean of each day's and all later use, `(days,)`, where weights fall by `discount` from a day to the next.

    `use` is `(days,)`; `after` is this mean on the day after the last. By NumPy.
    """
    keep = np.exp(-discount)
    return np.asarray(lfilter([1.0 - keep], [1.0, -keep], use[::-1], zi=[keep * after])[0][::-1])


def value(take_usd: Array, multiple_years: Array, grown: Array, diluted_quiv: Array, news: Array) -> Array:
    """USD per QUIV, elementwise: zero without use, but a price has a logarithm, so at least a billionth."""
    return moved(365.0 * multiple_years * take_usd * grown / diluted_quiv, news)


def moved(known: Array, news: Array) -> Array:
    """What is known of the value, USD per QUIV, moved by the news, elementwise."""
    xp = namespace(known)
    return xp.clip(known * xp.exp(xp.clip(news, -MOST_NEWS, MOST_NEWS)), LEAST_USD, MOST_USD)


def share_taken(
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
