"""Numbers that nobody can go on with, caught where they arise: not finite, or too large for 64 bits.

Within a policy no division by zero, overflow or invalid operation passes, nor a float that becomes no whole number, so
every number of a state is finite. What went wrong is found by asking the policy again, which is pure, and letting it.
A compiled program cannot raise: it notes the trajectory (`model/traced.py`), and the ensemble raises in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from model.arrays import NumberError, Signals, Unread, Values
from model.block import Policy
from model.flows import LEDGER
from model.spec.exact import GoPanic
from state_updates import ENTRIES, VARIABLES

LEAST = np.iinfo(np.int64).min
"""What a processor makes of a float that is no whole number of 64 bits."""


def guarded(name: str, policy: Policy) -> Policy:
    """The policy of a block; NumberError has day, block, run, quantity and agent, GoPanic day and block."""

    @wraps(policy)
    def guard(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                return policy(params, substep, state_history, previous_state)
        except GoPanic as panic:
            raise type(panic)(f"day {int(previous_state['day'])}, substep {name}: {panic}") from panic
        except (FloatingPointError, NumberError) as error:
            with np.errstate(all="ignore"):
                signals = policy(params, substep, state_history, previous_state)
            what = next(_unfit(signals, params["draws.run"]), "") or _in_words(error, params["draws.run"])
            raise NumberError(f"day {int(previous_state['day'])}, substep {name}, {what}") from error

    return guard


def _unfit(signals: Signals, runs: Any) -> Iterator[str]:
    """The numbers among signals that are none, the first of each signal, with run, quantity and agent."""
    for name, signal in signals.items():
        values = np.asarray(signal)
        whole = values.dtype == np.int64
        wrong = values == LEAST if whole else ~np.isfinite(values)
        if wrong.any():
            yield f"{_place(wrong, runs, name)} is {'too large for 64 bits' if whole else _shown(values, wrong)}"


def _in_words(error: Exception, runs: Any) -> str:
    """What failed in the midst of a policy: the function that works out the quantity, and its number."""
    where = _function(error.__traceback__)
    if isinstance(error, NumberError) and error.values is not None:
        wrong = ~(np.abs(error.values) < 2.0**63)
        return f"{_place(wrong, runs, where)} is {_shown(error.values, wrong)}, and a whole number of 64 bits is needed"
    return f"run {', '.join(map(str, np.ravel(runs)[:3]))}{', ...' * (np.size(runs) > 3)}: {where}: {error}"


def _place(wrong: Any, runs: Any, name: str) -> str:
    """The first run in which something is wrong, the quantity, and whose it is."""
    runs = np.asarray(runs)
    spread = np.broadcast_to(
        wrong, np.broadcast_shapes(wrong.shape, runs.shape + (1,) * max(wrong.ndim - runs.ndim, 0))
    )
    first = np.argwhere(spread)[0]
    row, own = first[: runs.ndim], first[runs.ndim :]
    known = VARIABLES.get(ENTRIES.get(name, name))
    axes = LEDGER.axis(LEDGER.flows[name]) if name in LEDGER.flows else known.axes if known else ""
    words = axes.split()[-len(own) :] if len(own) else []
    words = ["agents"] * (len(own) - len(words)) + words
    whose = ", ".join(f"{word.removesuffix('s')} {int(place)}" for word, place in zip(words, own, strict=True))
    return f"run {runs[tuple(row)]}: {name}{' of ' * bool(whose)}{whose}"


def _shown(values: Any, wrong: Any) -> str:
    return f"{float(values[tuple(np.argwhere(wrong)[0])]):.3g}"


def _function(trace: TracebackType | None) -> str:
    """The innermost function of the policies in a traceback, as `orders._wanted`."""
    found = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if Path(code.co_filename).parent.name == "policies":
            found = f"{Path(code.co_filename).stem}.{code.co_name}"
        trace = trace.tb_next
    return found
