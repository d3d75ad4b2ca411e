r"""Payment channels: consumers stream payments against a deposit, fill it up, and get the rest back at expiry.

What was delivered of the day's streaming is paid out of the channel, a voucher with a nonce one higher than the last.
If what is left does not reach for another such day, or the channel has expired, the consumer fills it up to
Baumol's and Tobin's deposit (`model/formulas/channels.py`)

$$ D^* = \sqrt{2 a F / r}, \qquad d \le D^* \le L\,d, $$

as far as the wallet reaches, for a fee $F$ that includes what a transaction costs; $L$ is the channel's life in days.
At expiry the balance is refunded first, with what providers did not claim of the last day in time. Nobody can stream
more than the channel holds: what it does not hold is locked in escrow, job by job. One channel by the contract's own
rules is in `model/spec/payment_channel.py`. Source: SPEC, Payment Channel Implementation; the size of the deposit is an
assumption.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace, take_rate, to_nquiv, to_quiv
from model.attacks import today
from model.block import Block, Mechanism
from model.formulas import channels

MOST_DEPOSIT_QUIV = 1e9
"""All deposits together are at most the whole supply: keeps sums within `int64`."""


def stream_and_refill(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Streamed payments, refunds at expiry, deposits and their fees by consumer, nano-QUIV; nonces and expiries."""
    due = previous_state["stream_due_nquiv"]
    xp = namespace(due)
    day, lifetime = previous_state["day"], params["channels.expiry_days"][..., None]
    expired = (day >= previous_state["channel_expiry_day"]) | (today(params, "short_channel", day) > 0.0)
    lapsed = xp.where(expired, take_rate(due, params["channels.missed_claims"][..., None]), 0)
    paid = due - lapsed
    left = previous_state["consumer_channel_nquiv"] - paid
    refund = xp.where(expired, left, 0)
    kept, wallet = left - refund, previous_state["consumer_wallet_nquiv"] + refund
    spend = previous_state["spending_usd"] / previous_state["oracle_price_usd"][..., None]
    streamed = streaming_share(params, day) * spend
    target = _target(params, previous_state, streamed)
    fee_due = to_nquiv(previous_state["channels.opening_fee_quiv"])[..., None]
    able = (wallet > fee_due) & (target > kept) & (expired | (to_quiv(kept) < streamed))
    deposit = xp.where(able, xp.minimum(target - kept, wallet - fee_due), 0)
    return {
        "channel_payment": paid,
        "claimed_nquiv": paid,
        "channel_lapsed_nquiv": lapsed,
        "channel_refund": refund,
        "channel_deposit": deposit,
        "channel_fee": xp.where(able, fee_due, 0),
        "channel_target_nquiv": target,
        "channel_opened": xp.astype(able, xp.int64),
        "channel_nonce": previous_state["channel_nonce"] + (paid > 0),
        "channel_expiry_day": xp.where(expired & able, day + lifetime, previous_state["channel_expiry_day"]),
    }


def streaming_share(params: Values, day: Array) -> Array:
    """The part of its spending that each consumer would stream today, and more of it in an attack."""
    xp = namespace(params["channels.share"])
    pushed = today(params, "short_channel", day)
    return xp.where(pushed > 0.0, pushed, params["channels.share"][..., None])


def _target(params: Values, state: Values, spend: Array) -> Array:
    """The balance to fill up to, nano-QUIV by consumer, from a day's streaming in QUIV."""
    xp = namespace(spend)
    cost = state["channels.opening_fee_quiv"] + params["channels.transaction_cost_usd"] / state["oracle_price_usd"]
    daily = params["channels.cost_of_capital"][..., None] / 365.0
    longest = params["channels.expiry_days"][..., None] * 1.0
    target = channels.best_deposit(spend, cost[..., None], daily, 1.0, longest)
    return to_nquiv(xp.minimum(target, MOST_DEPOSIT_QUIV / spend.shape[-1]))


BLOCK = Block(
    "channels",
    "Payments are streamed.",
    stream_and_refill,
    phase="payments",
    why="The plan names them.",
    mechanism=Mechanism("channels", "Payment channels; off, every payment is locked job by job."),
    needs="settlement",
)
