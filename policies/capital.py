r"""Capital beside the token: it comes and goes until it is a share of what the whole supply is worth.

$$ \Delta K_c = \big( 1 - e^{-1/\tau} \big) (k_c V \bar N - K_c) $$

of each class of investors, and of speculators with a share of their own: capital is slow (Duffie 2010), and it follows
value, so that a market of a tenth of the value has a tenth of the cash in it. At most that leaves which a day's
purchases leave of it: half of it buys, and pays the pool's fee. What comes is nobody's gain, what leaves nobody's loss;
it is counted. Source: assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace
from model.block import Block
from model.investors import diluted_quiv


def follow_value(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """What comes today for investors, by class, and for speculators, by group, and all that has come so far, USD."""
    xp = namespace(previous_state)
    worth = previous_state["value_usd"] * diluted_quiv(params, previous_state)
    pull = (1.0 - xp.exp(-1.0 / params["investors.capital_days"]))[..., None]
    free = (1.0 - 0.5 / (1.0 - params["pool.fee"]))[..., None]
    own, groups = previous_state["investor_cash_usd"], previous_state["speculator_cash_usd"]
    of_investors = params["investors.capital_share"] * worth[..., None]
    of_speculators = (params["speculators.capital_share"] * worth / groups.shape[-1])[..., None]
    came = xp.maximum(pull * (of_investors - own), -free * own)
    followed = xp.maximum(pull * (of_speculators - groups), -free * groups)
    inflow = xp.sum(came, axis=-1) + xp.sum(followed, axis=-1)
    return {
        "investor_inflow_usd": came,
        "speculator_inflow_usd": followed,
        "capital_in_usd": previous_state["capital_in_usd"] + inflow,
    }


BLOCK = Block(
    "capital",
    "Capital comes and goes.",
    follow_value,
    phase="token",
    why="Capital follows the token from its first day.",
    where="pooled",
)
