r"""Escrow: a payment is released when the challenge window after delivery has passed.

With a window of $w = n + f$ days ($n$ whole, $0 \le f < 1$) and deliveries spread evenly over the day, of what was
delivered on day $t$ the part $1 - f$ leaves on day $t + n$ and the rest on the day after, so that escrow holds $w$
days of deliveries (Little's law). The part of it that consumers dispute with evidence goes back to them: what they
noticed (`policies/challenges.py`), or, without challenges, `jobs.upheld_share`. Source: SPEC, Core Contracts
(InferenceMarketplace: payment escrow); the length is an assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, scale_down
from model.block import Block, Mechanism

HOURS = 24.0


def hold_and_release(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Payments released and refunded today by consumer, and what stays in the window by day of delivery."""
    delivered = previous_state["delivered_nquiv"]
    xp = namespace(delivered)
    window = params["jobs.challenge_hours"] / HOURS
    by_age = xp.concat([delivered[..., None, :], previous_state["window_nquiv"]], axis=-2)
    staying = scale_down(by_age[..., -2, :], (window - xp.floor(window))[..., None])
    released = by_age[..., -1, :] + by_age[..., -2, :] - staying
    refund = scale_down(released, previous_state["disputed_share"][..., None])
    return {
        "payment": released - refund,
        "released_nquiv": released - refund,
        "challenge_refund": refund,
        "window_nquiv": xp.concat([by_age[..., :-2, :], staying[..., None, :]], axis=-2),
    }


def release_at_once(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Every payment is released on delivery."""
    delivered = previous_state["delivered_nquiv"]
    xp = namespace(delivered)
    return {
        "payment": delivered,
        "released_nquiv": delivered,
        "challenge_refund": xp.zeros_like(delivered),
        "window_nquiv": xp.zeros_like(previous_state["window_nquiv"]),
    }


BLOCK = Block(
    "escrow",
    "Payments are released.",
    hold_and_release,
    phase="payments",
    why="Payments are held and released.",
    mechanism=Mechanism("escrow", "The challenge window; off, payments are released on delivery."),
    otherwise=release_at_once,
    needs="settlement",
)
