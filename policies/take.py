r"""The take: what the network has got for its holders today, and has not paid back.

$$ D \leftarrow D + \big( 1 - e^{-1/\tau} \big) (d - D), \qquad d = P \big[ b + s + \psi \max(k - g, 0) \big] $$

with $b$ the tokens burned of receipts, $s$ paid to stakers out of them, $k$ kept by treasury, operations and insurance,
$g$ given back as rebates, and $P$ the token's price. What is kept counts by $\psi$ (Miller and Modigliani 1961: at one
it does not matter who has it). Before anything is served nothing is learnt, and what was expected stands. Source:
assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, to_quiv
from model.block import Block
from model.flows import LEDGER
from model.launch import SERVED, begun

GONE = ("receipt_burn", "receipt_stakers")
KEPT = ("receipt_operations", "receipt_treasury", "receipt_insurance")
GIVEN_BACK = ("rebates_from_operations", "rebates_from_treasury")


def count(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The smoothed take after today, USD a day."""
    xp = namespace(previous_state)
    gone, kept, back = (to_quiv(LEDGER.today(previous_state, *flows)) for flows in (GONE, KEPT, GIVEN_BACK))
    taken = gone + params["valuation.retained_weight"] * xp.maximum(kept - back, 0.0)
    pull = 1.0 - xp.exp(-1.0 / params["valuation.smoothing_days"])
    pull = pull * begun(params, previous_state, SERVED)
    known = previous_state["take_usd"]
    return {"take_usd": known + pull * (taken * previous_state["price_usd"] - known)}


BLOCK = Block(
    "take",
    "What the network has taken is counted.",
    count,
    phase="token",
    why="Whoever values the token looks at receipts.",
)
