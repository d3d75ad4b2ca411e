r"""Reputation: what the network remembers of each provider's success and activity.

$$ s' = s + (1 - e^{-1/\tau})\, (1 - \varphi_i - s) \text{ where it worked}, \qquad
   a' = a + (1 - e^{-1/\tau})\, (o_i u_i - a), \qquad
   p' = e^{-1/\tau} p + \delta (1 - e^{-1/\tau} p) \text{ where it is convicted} $$

with $\varphi_i$ the chance that a job of provider $i$ fails, $o_i u_i$ whether it was online and up today. Failures
are counted by model size, not by provider, so the score sees their expected share. Source: SPEC, Provider
Registration (ReputationScore); CODE.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace
from model.block import Block, Mechanism


def remember(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Success, activity and penalty of each provider, in [0, 1]."""
    success, activity = previous_state["provider_success"], previous_state["provider_activity"]
    xp = namespace(success)
    pull = (1.0 - xp.exp(-1.0 / params["reputation.memory_days"]))[..., None]
    worked = previous_state["work_weight"] > 0.0
    today = xp.where(worked, 1.0 - params["agents.failure"], success)
    hit = previous_state["verdict_share"] > 0.0
    faded = previous_state["provider_penalty"] * (1.0 - pull)
    step = params["reputation.penalty_step"][..., None] * xp.astype(hit, xp.float64)
    there = previous_state["provider_online"] * previous_state["provider_up"]
    return {
        "provider_success": success + pull * (today - success),
        "provider_penalty": faded + step * (1.0 - faded),
        "provider_activity": activity + pull * (there - activity),
    }


BLOCK = Block(
    "reputation",
    "Providers make a name.",
    remember,
    phase="quality",
    why="Receipts and verdicts make a name.",
    mechanism=Mechanism("reputation", "The memory of providers' success and activity; off, all have the best name."),
    needs="settlement",
)
