r"""Latency: the time of service and the wait for a free server, over the day's cycle.

Requests come at $1 + A \cos\theta$ times the day's mean rate, $\theta$ going once around in a day. The wait that they
meet, in the mean over requests, is

$$ W = \frac{1}{2\pi} \int_0^{2\pi} r \min\!\big( W_q(r \rho)\, \bar S,\; T_{max} \big) \, d\theta, \qquad
   r = 1 + A \cos\theta, \qquad T_m = W + S_m $$

with $W_q$ the mean wait in mean service times (`model/formulas/queueing.py`) at utilisation $\rho$ for as many servers
as active providers have slots, $\bar S$ and the spread of service over the jobs demanded, $S_m$ the mean service of a
job of size $m$, $T_{max}$ the users' patience. Service takes seconds and the cycle a day, so every hour is taken as
stationary; the integral is Chebyshev's sum. Congestion is utilisation; latency is another thing: at 80 % a hundred
servers hardly make anyone wait, one server makes everyone wait four service times. Source: SPEC, Off-chain Metrics
(AverageLatency per model); the queue is an assumption.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Mechanism
from model.formulas import queueing

NODES = np.cos((2.0 * np.arange(8) + 1.0) * np.pi / 16.0)
"""Chebyshev's eight points of the cosine, `(8,)`: exact for polynomials of degree 15 in the rate."""


def wait_and_serve(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Mean latency by model size, and the mean wait, seconds."""
    xp = namespace(previous_state)
    service = params["latency.service_s"] * _slowness(params, previous_state)[..., None]
    mean, spread = _service(params, xp, service, previous_state["demand_tokens"] / params["jobs.tokens_per_job"])
    servers = previous_state["active_providers"] * params["latency.slots"]
    rate = 1.0 + params["demand.daily_swing"][..., None] * NODES
    variation = (params["latency.arrival_cv"][..., None], spread[..., None])
    wait = queueing.mean_wait(servers[..., None], previous_state["congestion"][..., None] * rate, *variation)
    waits_s = xp.minimum(wait * mean[..., None], params["latency.patience_s"][..., None])
    wait_s = xp.sum(rate * waits_s, axis=-1) / xp.sum(rate, axis=-1)
    return {"wait_s": wait_s, "latency_s": wait_s[..., None] + service}


def _slowness(params: Values, state: Values) -> Array:
    """The time that today's providers take for a job over the usual, by their work; one without work."""
    xp = namespace(state)
    work = xp.sum(state["work_weight"], axis=-1)
    some = work > 0.0
    slow = xp.sum(state["work_weight"] * params["agents.slowness"], axis=-1)
    return xp.where(some, slow, 1.0) / xp.where(some, work, 1.0)


def _service(params: Values, xp: Any, service: Array, jobs: Array) -> tuple[Array, Array]:
    """Mean time of service over the jobs, seconds, and its coefficient of variation; the small model's without jobs."""
    total = xp.sum(jobs, axis=-1, keepdims=True)
    one_small = xp.astype(xp.arange(jobs.shape[-1]) == 0, xp.float64)
    share = xp.where(total > 0.0, jobs, one_small) / xp.where(total > 0.0, total, 1.0)
    cv = params["latency.service_cv"]
    mean = xp.sum(share * service, axis=-1)
    second = xp.sum(share * service * service * (1.0 + cv * cv), axis=-1)
    return mean, xp.sqrt(xp.maximum(second / (mean * mean) - 1.0, 0.0))


BLOCK = Block(
    "latency",
    "Jobs wait and are served.",
    wait_and_serve,
    phase="payments",
    why="A part of serving jobs.",
    mechanism=Mechanism("latency", "The wait for a free server; off, latency is not reported (zero)."),
)
