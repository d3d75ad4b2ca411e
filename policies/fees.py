r"""The adaptive fee: the spec's controller on a multiplier of the network share.

$$ m' = \mathrm{clamp}\big( g\, m,\; m_{min},\; m_{max} \big), \qquad
   g = 1.1 \text{ if } C > 0.8,\quad 0.95 \text{ if } C < 0.3,\quad 1 \text{ otherwise} $$

once a day, both comparisons strict. Between the thresholds the fee rests wherever it is (a dead zone, so the fee
depends on history). Source: SPEC, Adaptive Fee Adjustment; the clamp is an assumption, without which an idle
network's fee decays to zero.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values
from model.formulas import fees


def adapt_fee(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Tomorrow's fee multiplier from today's utilisation."""
    multiplier = fees.adjust_multiplier(
        previous_state["fee_multiplier"],
        previous_state["congestion"],
        previous_state["fees.congestion_high"],
        previous_state["fees.congestion_low"],
        1.0 + previous_state["fees.step_up"],
        1.0 - previous_state["fees.step_down"],
        previous_state["fees.multiplier_low"],
        previous_state["fees.multiplier_high"],
    )
    return {"fee_multiplier": multiplier}
