r"""Jobs: posted and paid into escrow, served oldest first as far as capacity reaches, expired.

Compute demanded $\sum_m c_m D_m$ over the capacity of the active providers is utilisation, the spec's congestion. Of
what a consumer wants to spend, `channels.share` is streamed as far as its channel reaches and the rest
locked in escrow as far as its wallet reaches; only what is in escrow can wait. With $Q_{a,m}$ the compute for size $m$
that has waited $a$ days ($a = 0$: posted today) and $k_m$ the capacity for it, the share of it served is

$$ s_{a,m} = \min\Big( 1,\; \max\Big( 0,\; \frac{k_m - \sum_{b > a} Q_{b,m}}{Q_{a,m}} \Big) \Big) $$

of a day's payment the mean of this by value. Where some pay for priority (`policies/priority.py`), that part of
today's jobs is served first, and what it gets is in today's share. All that has waited `jobs.expiry_days` and is not
served today expires: its payment returns. Jobs are counted in whole numbers, posted = served + expired + growth of the
queue, where a fraction of a job waits for the next day. Source: SPEC, Core Contracts (InferenceMarketplace: job
posting, payment escrow) and Market Metrics Collection (PendingJobs); the order of service is an assumption.
"""

from __future__ import annotations

from typing import Any

from model.arrays import Array, Signals, Unread, Values, namespace, scale_down, take_rate, to_nquiv, to_quiv

MOST_JOBS = 1e15
"""Jobs posted in a day are counted up to here, which `int64` holds for every day of a run."""

WAITING = ("queued_nquiv", "queued_tokens", "queued_price_quiv", "queued_jobs")


def queue_and_serve(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Service of the day, and the queue: what is not served waits until it expires."""
    return _serve(params, previous_state)


def serve_or_refund(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Service of the day without a queue: what is not served is refunded today."""
    xp = namespace(previous_state["price_usd"])
    served = _serve(params, previous_state)
    return served | {
        "expiry_refund": served["expiry_refund"] + xp.sum(served["queued_nquiv"], axis=-2),
        "expired_jobs": served["expired_jobs"] + xp.sum(served["queued_jobs"], axis=-2),
        **{name: 0 * served[name] for name in WAITING},
    }


def _serve(params: Values, state: Values) -> Signals:
    xp = namespace(state["price_usd"])
    lock, stream, posted_tokens, posted_jobs, remainder = _post(params, state)
    money = _behind(xp, state["queued_nquiv"], lock)
    tokens = _behind(xp, state["queued_tokens"], posted_tokens)
    prices = _behind(xp, state["queued_price_quiv"], state["paid_price_quiv"])
    jobs = _behind(xp, state["queued_jobs"], posted_jobs)
    compute = tokens * params["pricing.complexity"][..., None, :]
    share, ahead = _served_share(xp, state["admitted_tokens"], compute, state["urgent_share"])
    hurried = _by_value(xp, ahead, posted_tokens * state["paid_price_quiv"])
    fee_share = xp.minimum(hurried * state["urgent_share"], 1.0) * params["jobs.priority_fee"]
    fee = to_nquiv(to_quiv(lock + stream) * fee_share[..., None])
    paid_share = _by_value(xp, share, tokens * prices)
    served = _part(xp, money, paid_share[..., None])
    served_jobs = _part(xp, jobs, share)
    left, left_jobs, left_tokens = money - served, jobs - served_jobs, tokens * (1.0 - share)
    locked = _behind(xp, 1.0 + 0.0 * state["queued_tokens"], _locked_share(xp, lock, stream) + 0.0 * posted_tokens)
    waiting_jobs = _part(xp, left_jobs, locked)
    wanted = xp.sum(state["demand_tokens"] * params["pricing.complexity"], axis=-1)
    return {
        "escrow_lock": lock,
        "priority_fee": xp.minimum(fee, state["consumer_wallet_nquiv"] - lock),
        "expiry_refund": left[..., 0, :],
        "served_nquiv": xp.sum(served, axis=-2),
        "streamed_nquiv": _part(xp, stream, paid_share[..., -1:]),
        "served_tokens": xp.sum(tokens * share, axis=-2),
        "posted_jobs": posted_jobs,
        "served_jobs": xp.sum(served_jobs, axis=-2),
        "expired_jobs": xp.sum(left_jobs, axis=-2) - xp.sum(waiting_jobs[..., 1:, :], axis=-2),
        "job_remainder": remainder,
        "queued_nquiv": left[..., 1:, :],
        "queued_tokens": (left_tokens * locked)[..., 1:, :],
        "queued_price_quiv": prices[..., 1:, :],
        "queued_jobs": waiting_jobs[..., 1:, :],
        "congestion": wanted / xp.maximum(state["capacity_tokens"], 1.0),
    }


def _post(params: Values, state: Values) -> tuple[Array, Array, Array, Array, Array]:
    """What each consumer locks and what it can stream (nano-QUIV); tokens, whole jobs and a rest of one by size."""
    xp = namespace(state["price_usd"])
    cost = state["spending_usd"] / state["oracle_price_usd"][..., None] * state["clearing_ratio"][..., None]
    due = to_nquiv(xp.minimum(cost, 1e9))
    stream = xp.minimum(take_rate(due, params["channels.share"][..., None]), state["consumer_channel_nquiv"])
    lock = xp.minimum(due - stream, state["consumer_wallet_nquiv"])
    total_due = xp.sum(xp.astype(due, xp.float64), axis=-1)
    paid_share = xp.astype(xp.sum(lock + stream, axis=-1), xp.float64) / xp.maximum(total_due, 1.0)
    tokens = state["demand_tokens"] * paid_share[..., None]
    jobs = xp.minimum(tokens / params["jobs.tokens_per_job"] + state["job_remainder"], MOST_JOBS)
    whole = xp.floor(jobs)
    return lock, stream, tokens, xp.astype(whole, xp.int64), jobs - whole


def _behind(xp: Any, queue: Array, arrivals: Array) -> Array:
    """The queue by day of waiting, oldest first, with today's arrivals at its end."""
    return xp.concat([queue, arrivals[..., None, :]], axis=-2)


def _served_share(xp: Any, capacity: Array, compute: Array, urgent: Array) -> tuple[Array, Array]:
    """The share of each day's compute that is served, the urgent part of today's first; and that of the urgent part."""
    share_urgent = urgent[..., None, None]
    hurried = compute[..., -1:, :] * share_urgent
    ahead = _oldest_first(xp, capacity, hurried)
    left = xp.maximum(capacity - (hurried * ahead)[..., 0, :], 0.0 * capacity)
    patient = xp.concat([compute[..., :-1, :], compute[..., -1:, :] * (1.0 - share_urgent)], axis=-2)
    share = _oldest_first(xp, left, patient) * (capacity[..., None, :] > 0.0)
    today = share[..., -1:, :] + share_urgent * (ahead - share[..., -1:, :])
    return xp.concat([share[..., :-1, :], today], axis=-2), ahead[..., 0, :]


def _oldest_first(xp: Any, capacity: Array, compute: Array) -> Array:
    """The share of each day's compute `(*batch, days, sizes)` that capacity `(*batch, sizes)` reaches, oldest first."""
    before = xp.cumulative_sum(compute, axis=-2) - compute
    room = xp.maximum(capacity[..., None, :] - before, 0.0 * compute)
    short = (compute > 0.0) & (room < compute)
    some = xp.where(short, compute, 1.0 + 0.0 * compute)
    return xp.where(short, room / some, 1.0 + 0.0 * compute) * (capacity[..., None, :] > 0.0)


def _by_value(xp: Any, share: Array, value: Array) -> Array:
    """The share of each day's payment `(*batch, days)` that is served, from that of each size and the sizes' value."""
    whole = xp.sum(value, axis=-1)
    some = xp.where(whole > 0.0, whole, 1.0 + 0.0 * whole)
    least, mean = xp.min(share, axis=-1), xp.sum(value * share, axis=-1) / some
    return xp.where((whole > 0.0) & (least < 1.0), mean, least)


def _locked_share(xp: Any, lock: Array, stream: Array) -> Array:
    """The part of today's payment that is in escrow, `(*batch, 1)`: only its jobs can wait."""
    locked, whole = xp.sum(lock, axis=-1, keepdims=True), xp.sum(lock + stream, axis=-1, keepdims=True)
    some = xp.astype(xp.maximum(whole, 1 + 0 * whole), xp.float64)
    return xp.where(locked == whole, 1.0, xp.astype(locked, xp.float64) / some)


def _part(xp: Any, whole: Array, share: Array) -> Array:
    """A share of whole numbers, rounded down; all of them at a share of one."""
    return xp.where(share >= 1.0, whole, scale_down(whole, share))
