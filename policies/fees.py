r"""The adaptive fee: a controller on a multiplier of the network share.

The spec's, by factors, with $C$ the utilisation that it sees,

$$ m' = \mathrm{clamp}\big( g\, m,\; m_{min},\; m_{max} \big), \qquad
   g = 1.1 \text{ if } C > 0.8,\quad 0.95 \text{ if } C < 0.3,\quad 1 \text{ otherwise} $$

once a day, both comparisons strict. Between the thresholds the fee rests wherever it is (a dead zone, so the fee
depends on history). By points, the steps are 10 and 5 points of a payment: $m' = m + 0.1 / n$, $m - 0.05 / n$ with $n$
the network share. EIP-1559's has one point of rest,

$$ m' = m \Big( 1 + \delta \frac{C - C^*}{C^*} \Big), $$

stable for demand of elasticity $\varepsilon$ where $\delta \varepsilon < 2$. If the limit on changes in a quarter
holds for the controller, the multiplier stays within it of its value at the quarter's start. Source: SPEC, Adaptive
Fee Adjustment; the clamp is an assumption, without which an idle network's fee decays to zero. EIP-1559: Buterin et
al. 2019; Leonardos et al. 2021.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Choice, Mechanism
from model.formulas import fees
from model.launch import CONNECTED


def adapt_fee(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Tomorrow's fee multiplier from the utilisation that is seen, by the spec's factors."""
    moved = fees.adjust_multiplier(
        previous_state["fee_multiplier"],
        previous_state["congestion_seen"],
        high=previous_state["fees.congestion_high"],
        low=previous_state["fees.congestion_low"],
        up=1.0 + previous_state["fees.step_up"],
        down=1.0 - previous_state["fees.step_down"],
        floor=previous_state["fees.multiplier_low"],
        cap=previous_state["fees.multiplier_high"],
    )
    return _limited(params, previous_state, moved)


def adapt_fee_by_points(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same by points of a payment."""
    state = previous_state
    xp = namespace(state)
    share = xp.maximum(state["fees.network_share"], 1e-9)
    seen, multiplier = state["congestion_seen"], state["fee_multiplier"]
    lowered = xp.where(seen < state["fees.congestion_low"], multiplier - state["fees.step_down"] / share, multiplier)
    moved = xp.where(seen > state["fees.congestion_high"], multiplier + state["fees.step_up"] / share, lowered)
    return _limited(params, state, moved)


def adapt_fee_to_target(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same in proportion to the distance from a target (EIP-1559)."""
    state = previous_state
    target = params["fees.controller_target"]
    gap = (state["congestion_seen"] - target) / target
    factor = namespace(gap).maximum(1.0 + params["fees.controller_step"] * gap, 0.0)
    return _limited(params, state, state["fee_multiplier"] * factor)


def _limited(params: Values, state: Values, moved: Array) -> Signals:
    """The multiplier within its clamp, and within the quarter's limit where that holds."""
    xp = namespace(moved)
    limit = params["genesis.controller_limit"]
    starts = state["day"] % params["governance.quarter_days"] == 0
    first = xp.where(starts, state["fee_multiplier"], state["quarter_multiplier"])
    moved = xp.clip(moved, first * xp.maximum(1.0 - limit, 0.0), first * (1.0 + limit))
    clamped = xp.clip(moved, state["fees.multiplier_low"], state["fees.multiplier_high"])
    return {"fee_multiplier": clamped, "quarter_multiplier": first}


BLOCK = Block(
    "fees",
    "The fee follows congestion.",
    Choice("fees.controller", {"spec": adapt_fee, "points": adapt_fee_by_points, "eip1559": adapt_fee_to_target}),
    phase="integration",
    why="Connects congestion with the fee.",
    since=CONNECTED,
    mechanism=Mechanism("adaptive_fee", "The congestion controller of the network fee."),
)
