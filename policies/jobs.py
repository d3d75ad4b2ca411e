r"""Jobs: posted and paid into escrow, served oldest first as far as capacity reaches, expired.

Compute demanded $\sum_m c_m D_m$ over the capacity of the active providers is utilisation, the spec's congestion;
orders that an attack places and withdraws count as demanded, and cost `jobs.withdrawal_fee`. Of what a consumer wants
to spend, `channels.share` is streamed as far as its channel reaches and the rest locked in escrow as far as its wallet
reaches; only what is in escrow can wait. With $Q_{a,m}$ the compute for size $m$ that has waited $a$ days ($a = 0$:
posted today) and $k_m$ the capacity for it, the share of it served is

$$ s_{a,m} = \min\Big( 1,\; \max\Big( 0,\; \frac{k_m - \sum_{b > a} Q_{b,m}}{Q_{a,m}} \Big) \Big) $$

and of the payment for it. Where some pay for priority (`policies/priority.py`), that part of
today's jobs is served first, and what it gets is in today's share. All that has waited `jobs.expiry_days` and is not
served today expires: its payment returns. Jobs are counted in whole numbers, posted = served + expired + growth of the
queue, where a fraction of a job waits for the next day. Source: SPEC, Core Contracts (InferenceMarketplace: job
posting, payment escrow) and Market Metrics Collection (PendingJobs); the order of service is an assumption.
"""

from __future__ import annotations

from typing import Any

from model.arrays import (
    NQUIV_PER_QUIV,
    Array,
    Signals,
    Unread,
    Values,
    namespace,
    once,
    part_of,
    ratio,
    scale_down,
    take_rate,
    to_nquiv,
    to_quiv,
    to_whole,
)
from model.attacks import today
from model.block import Block, Mechanism
from policies.channels import streaming_share

MOST_JOBS = 1e15
"""Jobs posted in a day are counted up to here, which `int64` holds for every day of a run."""

MOST_DUE_QUIV = 1e9
"""A consumer wants to pay at most the whole supply: keeps amounts within `int64`."""

HALF_A_UNIT_QUIV = 0.5e-9
"""Added to round an amount to the nearest unit: a sum over sizes may end a hair below a round number."""

SURE = 1e-6
"""Part of a job that makes up for payments' rounding: a half of 28 jobs is 14, whichever nano-QUIV is left over."""

WAITING = ("queued_nquiv", "queued_tokens", "queued_jobs")


def queue_and_serve(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Service of the day, and the queue: what is not served waits until it expires."""
    return _serve(params, previous_state)


def serve_or_refund(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Service of the day without a queue: what is not served is refunded today."""
    xp = namespace(previous_state)
    served = _serve(params, previous_state)
    return served | {
        "expiry_refund": served["expiry_refund"] + xp.sum(xp.sum(served["queued_nquiv"], axis=-2), axis=-2),
        "expired_jobs": served["expired_jobs"] + xp.sum(served["queued_jobs"], axis=-2),
        **{name: xp.zeros_like(served[name]) for name in WAITING},
    }


def _serve(params: Values, state: Values) -> Signals:
    xp = namespace(state)
    lock, stream, due = _pay(params, state)
    posted_tokens, posted_jobs, remainder = _post(params, state, lock + stream, due)
    money = xp.concat([state["queued_nquiv"], lock[..., None, :, :]], axis=-3)
    tokens = _behind(xp, state["queued_tokens"], posted_tokens)
    jobs = _behind(xp, state["queued_jobs"], posted_jobs)
    compute = tokens * params["pricing.complexity"][..., None, :]
    share, ahead = _served_share(xp, state["admitted_tokens"], compute, state["urgent_share"])
    served, served_jobs = part_of(money, share[..., None]), part_of(jobs, share)
    left, left_jobs, left_tokens = money - served, jobs - served_jobs, tokens * (1.0 - share)
    locked = _behind(xp, xp.ones_like(state["queued_tokens"]), _locked_share(xp, lock, stream))
    waiting_jobs = to_whole(xp.floor(xp.astype(left_jobs, xp.float64) * locked + SURE))
    escrow = xp.sum(lock, axis=-2)
    withdrawn, fee = _withdrawn(params, state, state["consumer_wallet_nquiv"] - escrow)
    wanted = xp.sum(state["demand_tokens"] * params["pricing.complexity"], axis=-1)
    return {
        "escrow_lock": escrow,
        "priority_fee": xp.minimum(
            _fee(params, state, lock + stream, ahead), state["consumer_wallet_nquiv"] - escrow - fee
        ),
        "expiry_refund": xp.sum(left[..., 0, :, :], axis=-2),
        "served_nquiv": xp.sum(served, axis=-3),
        "streamed_nquiv": part_of(stream, share[..., -1, :, None]),
        "served_tokens": xp.sum(tokens * share, axis=-2),
        "posted_jobs": posted_jobs,
        "served_jobs": xp.sum(served_jobs, axis=-2),
        "expired_jobs": xp.sum(left_jobs, axis=-2) - xp.sum(waiting_jobs[..., 1:, :], axis=-2),
        "job_remainder": remainder,
        "queued_nquiv": left[..., 1:, :, :],
        "queued_tokens": (left_tokens * locked)[..., 1:, :],
        "queued_jobs": waiting_jobs[..., 1:, :],
        "congestion": wanted / xp.maximum(state["capacity_tokens"], 1.0) + withdrawn,
        "withdrawal_fee": fee,
    }


def _pay(params: Values, state: Values) -> tuple[Array, Array, Array]:
    """Payments locked, streamed and wanted by size and consumer, nano-QUIV `(*batch, sizes, consumers)`."""
    xp = namespace(state)
    due = state["ordered_tokens"] * state["paid_price_quiv"][..., None]
    all_due = xp.sum(due, axis=-2)
    whole = to_nquiv(xp.minimum(all_due, MOST_DUE_QUIV) + HALF_A_UNIT_QUIV)
    stream = xp.minimum(take_rate(whole, streaming_share(params, state["day"])), state["consumer_channel_nquiv"])
    lock = xp.minimum(whole - stream, state["consumer_wallet_nquiv"])
    lock, stream = once((lock, stream))
    by_size = due / xp.where(all_due > 0.0, all_due, 1.0)[..., None, :]
    return _divided(xp, lock, by_size), _divided(xp, stream, by_size), due * NQUIV_PER_QUIV


def _divided(xp: Any, amount: Array, by_size: Array) -> Array:
    """Each consumer's amount by size, whole: what rounding leaves over is in the first size."""
    others = once(scale_down(amount[..., None, :], by_size[..., 1:, :]))
    return xp.concat([amount[..., None, :] - xp.sum(others, axis=-2, keepdims=True), others], axis=-2)


def _post(params: Values, state: Values, paid: Array, due: Array) -> tuple[Array, Array, Array]:
    """Tokens that are paid for, whole jobs and a rest of one, by size."""
    xp = namespace(due)
    wanted, reached = xp.sum(due, axis=-1), xp.astype(xp.sum(paid, axis=-1), xp.float64)
    tokens = state["demand_tokens"] * (reached / xp.maximum(wanted, 1.0))
    jobs = xp.minimum(tokens / params["jobs.tokens_per_job"] + state["job_remainder"], MOST_JOBS)
    whole = xp.floor(jobs)
    return tokens, to_whole(whole), jobs - whole


def _fee(params: Values, state: Values, paid: Array, ahead: Array) -> Array:
    """Priority fee of each consumer for the urgent part of its jobs that was served today, nano-QUIV."""
    xp = namespace(paid)
    rate = ahead * (state["urgent_share"] * params["jobs.priority_fee"])[..., None]
    return to_nquiv(xp.sum(to_quiv(paid) * rate[..., None], axis=-2))


def _withdrawn(params: Values, state: Values, liquid: Array) -> tuple[Array, Array]:
    """Orders placed and withdrawn by an attack, over all capacity, as far as their fee can be paid; that fee."""
    xp = namespace(state)
    share = today(params, "withdrawn_orders", state["day"])
    price = state["order_price_quiv"][..., 0] / params["pricing.complexity"][..., 0]
    value = share * (state["capacity_tokens"] * price * params["jobs.withdrawal_fee"])[..., None]
    due = to_nquiv(xp.minimum(value, MOST_DUE_QUIV))
    paid = xp.minimum(due, liquid)
    reach = xp.where(due > 0, ratio(to_quiv(paid), to_quiv(due)), 1.0)
    return xp.sum(share * reach, axis=-1), paid


def _behind(xp: Any, queue: Array, arrivals: Array) -> Array:
    """The queue by day of waiting, oldest first, with today's arrivals at its end."""
    return xp.concat([queue, arrivals[..., None, :]], axis=-2)


def _served_share(xp: Any, capacity: Array, compute: Array, urgent: Array) -> tuple[Array, Array]:
    """The share of each day's compute that is served, the urgent part of today's first; and that of the urgent part."""
    share_urgent = urgent[..., None, None]
    hurried = compute[..., -1:, :] * share_urgent
    ahead = _oldest_first(xp, capacity, hurried)
    left = xp.maximum(capacity - (hurried * ahead)[..., 0, :], 0.0)
    patient = xp.concat([compute[..., :-1, :], compute[..., -1:, :] * (1.0 - share_urgent)], axis=-2)
    share = _oldest_first(xp, left, patient) * (capacity[..., None, :] > 0.0)
    today = share[..., -1:, :] + share_urgent * (ahead - share[..., -1:, :])
    return xp.concat([share[..., :-1, :], today], axis=-2), ahead[..., 0, :]


def _oldest_first(xp: Any, capacity: Array, compute: Array) -> Array:
    """The share of each day's compute `(*batch, days, sizes)` that capacity `(*batch, sizes)` reaches, oldest first."""
    before = xp.cumulative_sum(compute, axis=-2) - compute
    room = xp.maximum(capacity[..., None, :] - before, 0.0)
    short = (compute > 0.0) & (room < compute)
    some = xp.where(short, compute, 1.0)
    return xp.where(short, room / some, 1.0) * (capacity[..., None, :] > 0.0)


def _locked_share(xp: Any, lock: Array, stream: Array) -> Array:
    """The part of today's payment that is in escrow, by size: only its jobs can wait."""
    locked, whole = xp.sum(lock, axis=-1), xp.sum(lock + stream, axis=-1)
    some = xp.astype(xp.maximum(whole, 1), xp.float64)
    return xp.where(locked == whole, 1.0, xp.astype(locked, xp.float64) / some)


BLOCK = Block(
    "jobs",
    "Jobs are posted, served, expire.",
    queue_and_serve,
    phase="payments",
    why="The plan names the inference handler.",
    mechanism=Mechanism("queue", "Jobs wait for capacity; off, what is not served on its day is refunded at once."),
    otherwise=serve_or_refund,
    needs="settlement",
)
