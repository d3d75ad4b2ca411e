r"""A market maker's quotes (Avellaneda and Stoikov 2008).

With mid price $s$, inventory $q$, risk aversion $\gamma$, variance $\sigma^2$ a unit of time, a time $\tau$ to go and
orders that arrive at a rate $A e^{-k \delta}$ at a distance $\delta$ from the mid,

$$ r = s - q \gamma \sigma^2 \tau, \qquad
   a - b = \gamma \sigma^2 \tau + \frac{2}{\gamma} \ln\Big( 1 + \frac{\gamma}{k} \Big) $$

are the price at which the maker is indifferent and the width of its quotes around it. Elementwise.
"""

from __future__ import annotations

from model.arrays import Array, namespace


def reservation(mid: Array, inventory: Array, aversion: Array, variance: Array, horizon: Array) -> Array:
    """The price around which the maker quotes."""
    return mid - inventory * aversion * variance * horizon


def spread(aversion: Array, variance: Array, horizon: Array, decay: Array) -> Array:
    """Ask less bid."""
    xp = namespace(aversion)
    return aversion * variance * horizon + 2.0 / aversion * xp.log1p(aversion / decay)
