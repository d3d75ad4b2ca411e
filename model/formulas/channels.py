r"""The deposit that a consumer puts into a payment channel.

$$ D^* = \sqrt{\frac{2 a F}{r}}, \qquad \text{refill every } \frac{D^*}{a}, \qquad V = \frac{2 \cdot 365\, a}{D^*} $$

with $a$ spent a day, $F$ the cost of a deposit and $r$ the cost of capital a day: few deposits cost fees, large ones
lock capital (Baumol 1952; Tobin 1956). On average half the deposit is in the channel. Units: $D^*$, $F$ in one unit
of money, $a$ in it a day.
"""

from __future__ import annotations

from model.arrays import Array, namespace


def best_deposit(spend: Array, cost: Array, capital_cost: Array, shortest: Array, longest: Array) -> Array:
    """Baumol's and Tobin's deposit, elementwise, between `shortest` and `longest` days of spending.

    `capital_cost` is a day's and above zero. Without a cost of depositing it would be nothing at all, hence
    `shortest`; a channel that expires holds no more than it will spend, hence `longest`.
    """
    xp = namespace(spend)
    deposit = xp.sqrt(2.0 * spend * cost / capital_cost)
    return xp.minimum(xp.maximum(deposit, shortest * spend), longest * spend)
