r"""The insurance fund: it pays verified losses as far as it reaches.

$$ Z_t = \varsigma \sum_{i \text{ guilty today}} \ell_i + \sum_{j=1}^{N_t} X_j, \qquad
   N_t \sim \mathrm{Poisson}(\lambda), \quad X_j \sim \mathrm{Exp}(\mu) $$

with $\ell_i$ what consumers lost by the work for which provider $i$ is convicted, at most its price, $\varsigma$ the
part that is claimed, and accidents beside. Income is a part of operations' (`fees.insurance_share`), lost bonds and a
part of slashes. The first claim that it cannot pay is its ruin (Cramer and Lundberg). Source: SPEC, Staking Security
(insurance fund); size and claims are assumptions.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, gamma_quantile, namespace, share_out, to_nquiv
from model.block import Block, Mechanism

MOST_ACCIDENTS = 20
"""Accidents counted on one day."""


def pay_claims(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Claims of the day, what is paid of them by consumer, and whether the fund has ever failed, nano-QUIV."""
    state = previous_state
    xp = namespace(state)
    guilty = xp.astype(state["verdict_share"] > 0.0, xp.float64)
    losses = params["insurance.claimed_share"] * xp.sum(guilty * state["case_loss_quiv"], axis=-1)
    due = to_nquiv(xp.minimum(losses + _accidents(params, state), 1e9))
    paid = xp.minimum(due, state["insurance_nquiv"])
    return {
        "insurance_claim": _to_consumers(state, paid),
        "claims_due_nquiv": due,
        "claims_unpaid_nquiv": state["claims_unpaid_nquiv"] + due - paid,
    }


def _accidents(params: Values, state: Values) -> Array:
    """Losses of the day that nobody is to blame for, QUIV."""
    xp = namespace(state)
    mean = params["insurance.accidents_per_year"] / 365.0
    count = draws.poisson(params, "insurance.accidents", state["day"], mean, MOST_ACCIDENTS)
    drawn = draws.uniform(params, "insurance.sizes", state["day"])
    some = count > 0.0
    size = gamma_quantile(xp.where(some, count, 1.0), drawn, MOST_ACCIDENTS)
    noise = params["draws.noise"]
    return params["insurance.accident_quiv"] * xp.where(some, noise * size + (1.0 - noise) * count, 0.0)


def _to_consumers(state: Values, paid: Array) -> Array:
    """Claims paid, by consumer, in proportion to the day's payments; equally where nobody paid."""
    xp = namespace(paid)
    payments = xp.astype(state["released_nquiv"] + state["claimed_nquiv"], xp.float64)
    some = xp.sum(payments, axis=-1, keepdims=True) > 0.0
    return share_out(paid, xp.where(some, payments, 1.0))


BLOCK = Block(
    "insurance",
    "Losses are made good.",
    pay_claims,
    phase="quality",
    why="A claim needs a loss that was shown.",
    mechanism=Mechanism("insurance", "Claims on the insurance fund; off, it only collects."),
)
