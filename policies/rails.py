r"""Rails: what no vote can do.

A parameter $p$ with value $v_0$ at the quarter's start may be set to $v$ if $|v - v_0| \le \lambda |v_0|$, or
$\lambda$ times the width of its bounds where $v_0 = 0$; payments of the treasury are no change of a parameter. Rules
that tie parameters together (`model/parameters/rules.py`) hold after every execution, those of one day taken in the
order of slots. All are by slot, `(*batch, slots)`; a parameter is named by its number. Source: WHITEPAPER 6.3 (20 % a
quarter); the reading against the quarter's first value is an assumption.
"""

from __future__ import annotations

from typing import Any

from model import arrays
from model.arrays import Array, Values, namespace, pick
from model.parameters import GOVERNED
from model.parameters.rules import ORDERS, SUMS

PAYMENT = GOVERNED.index("treasury.payment_quiv")
"""The governed parameter that is a payment."""

_RULED = (*(n for parts, most in SUMS for n in (*parts, most)), *(n for pair in ORDERS for n in pair))
TIED = tuple(dict.fromkeys(name for name in _RULED if name in GOVERNED))
"""Governed parameters that a rule ties to others."""

Live = dict[Any, Array]
"""Their values, by name."""


def within_limit(params: Values, quarter: Array, parameter: Array, value: Array) -> Array:
    """Whether a value lies within the limit on change: of the quarter's first value, or of the range of one at zero."""
    xp = namespace(value)
    first = pick(quarter, parameter)
    scale = xp.where(first == 0.0, xp.take(params["script.ranges"], parameter), xp.abs(first))
    slack = params["governance.change_limit"][..., None] * scale * (1.0 + 1e-12)
    return (xp.abs(value - first) <= slack) | (parameter == PAYMENT)


def quarter_values(params: Values, state: Values) -> Array:
    """The governed parameters at the quarter's start, in the order of `GOVERNED`: today's on its first day."""
    xp = namespace(state)
    live = xp.stack([state[name] for name in GOVERNED], axis=-1)
    starts = state["day"] % params["governance.quarter_days"][..., None] == 0
    return xp.where(starts, live, state["quarter_values"])


def keeps_rules(state: Values, parameter: Array, value: Array) -> Array:
    """Whether the rules that tie parameters together would hold, given the others' live values, by slot."""
    return _hold(_changed({name: state[name][..., None] for name in TIED}, parameter, value))


def executed_in_turn(state: Values, parameter: Array, value: Array, wanted: Array) -> Array:
    """Executed proposals of those due: each slot that keeps the rules, given what those before it change today."""
    xp = namespace(wanted)

    def execute(live: Live, parameter: Array, value: Array, due: Array) -> tuple[Live, Array]:
        changed = _changed(live, parameter, value)
        executed = due & _hold(changed)
        return {name: xp.where(executed, changed[name], live[name]) for name in TIED}, executed

    return arrays.in_turn(execute, {name: state[name] for name in TIED}, parameter, value, wanted)


def _changed(live: Live, parameter: Array, value: Array) -> Live:
    """The tied parameters with one of them, or none, at a new value."""
    xp = namespace(value)
    return {name: xp.where(parameter == GOVERNED.index(name), value, live[name]) for name in TIED}


def _hold(wanted: Live) -> Array:
    """Whether every rule holds."""
    (low, high), *others = ORDERS
    kept = wanted[low] <= wanted[high]
    for low, high in others:
        kept = kept & (wanted[low] <= wanted[high])
    for parts, most in SUMS:
        limit = wanted.get(most, most)
        kept = kept & (sum((wanted[name] for name in parts[1:]), start=wanted[parts[0]]) <= limit + 1e-9)
    return kept
