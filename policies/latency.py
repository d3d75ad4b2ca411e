r"""Latency: the time of service and the wait for a free server, from the day's utilisation.

$$ T_m = \min( W_q \bar S,\; T_{max}) + S_m $$

with $W_q$ the mean wait in mean service times (`model/formulas/queueing.py`) for as many servers as active providers
have slots, $\bar S$ the mean service time over the jobs demanded, $S_m$ that of a job of size $m$, and $T_{max}$ the
users' patience. Congestion is utilisation; latency is another thing: at 80 % a hundred servers hardly make anyone
wait, one server makes everyone wait four service times. Source: SPEC, Off-chain Metrics (AverageLatency per model);
the queue is an assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace
from model.formulas import queueing


def wait_and_serve(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Mean latency by model size, and the mean wait, seconds."""
    xp = namespace(previous_state["congestion"])
    servers = previous_state["active_providers"] * params["latency.slots"]
    variation = (params["latency.arrival_cv"], params["latency.service_cv"])
    wait = queueing.mean_wait(servers, previous_state["congestion"], *variation)
    tokens, service = previous_state["demand_tokens"], params["latency.service_s"]
    total = xp.sum(tokens, axis=-1)
    some = xp.where(total > 0.0, total, 1.0 + 0.0 * total)
    mean_service = xp.where(total > 0.0, xp.sum(tokens * service, axis=-1) / some, service[..., 0])
    wait_s = xp.minimum(wait * mean_service, params["latency.patience_s"])
    return {"wait_s": wait_s, "latency_s": wait_s[..., None] + service + 0.0 * tokens}
