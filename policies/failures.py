r"""Failures: of the jobs served, some break off, and only the delivered part of them is paid.

$$ F_m \approx \mathrm{Binomial}(n_m, \bar\varphi), \qquad
   \text{refund}_m = (1 - \delta)\, \frac{F_m}{n_m} \cdot \text{served}_m $$

with $n_m$ the jobs of size $m$ served today, $\delta$ the part of a failed job that was delivered (pro rata payment)
and $\bar\varphi$ the mean of the providers' chances of failure $\varphi_i$ by their work. Each is paid for what
it delivers: its work less $(1 - \delta) \varphi_i$ of it. The binomial is drawn by its normal approximation, rounded to
whole jobs. Source: SPEC, Core Contracts (InferenceMarketplace: payment escrow); rates are assumptions from public
traces.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, ratio, scale_down
from model.block import Block, Mechanism


def fail_some(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Failed and completed jobs by model size, the refund for what was not delivered, and what was."""
    jobs = previous_state["served_jobs"]
    xp = namespace(jobs)
    chance = _mean_chance(params, previous_state)[..., None]
    failed = draws.binomial(params, "jobs.failures", previous_state["day"], jobs, chance, jobs.shape[-1])
    lost = failed / xp.maximum(jobs, 1) * (1.0 - params["jobs.partial_delivery"])[..., None]
    served, streamed = previous_state["served_nquiv"], previous_state["streamed_nquiv"]
    refund = xp.sum(scale_down(served, lost[..., None]), axis=-2)
    undelivered = params["agents.failure"] * (1.0 - params["jobs.partial_delivery"])[..., None]
    return {
        "delivered_weight": previous_state["work_weight"] * (1.0 - undelivered),
        "failure_refund": refund,
        "delivered_nquiv": xp.sum(served, axis=-2) - refund,
        "stream_due_nquiv": xp.sum(streamed - scale_down(streamed, lost[..., None]), axis=-2),
        "failed_jobs": failed,
        "completed_jobs": jobs - failed,
    }


def deliver_all(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Every job served is complete."""
    jobs = previous_state["served_jobs"]
    xp = namespace(jobs)
    served = xp.sum(previous_state["served_nquiv"], axis=-2)
    return {
        "delivered_weight": previous_state["work_weight"],
        "failure_refund": xp.zeros_like(served),
        "delivered_nquiv": served,
        "stream_due_nquiv": xp.sum(previous_state["streamed_nquiv"], axis=-2),
        "failed_jobs": xp.zeros_like(jobs),
        "completed_jobs": jobs,
    }


def _mean_chance(params: Values, state: Values) -> Array:
    """The chance that a job served today fails: the providers' chances by their work."""
    xp = namespace(state)
    failing = xp.sum(state["work_weight"] * params["agents.failure"], axis=-1)
    chance = ratio(failing, xp.sum(state["work_weight"], axis=-1))
    return xp.clip(chance, 0.0, 1.0)


BLOCK = Block(
    "failures",
    "Some jobs break off.",
    fail_some,
    phase="payments",
    why="A part of serving jobs.",
    mechanism=Mechanism("failures", "Jobs that break off; off, all that are served are complete."),
    otherwise=deliver_all,
    needs="settlement",
)
