"""Unbonding shares and when they end, and the price that stakers saw."""

from __future__ import annotations

import numpy as np

from model.arrays import Array
from model.variable import Opening, Start, Variable
from state_updates.common import first_price

CLASSES = ("provider", "holder", "validator")


def _linear(opening: Opening) -> bool:
    return opening.economy.parameters.staking.unbonding_shape == "linear"


def _due(opening: Opening, who: str) -> Array:
    """What a snapshot releases to a class on each coming day, `(unbonding_days, agents)`, nano-QUIV."""
    start = opening.economy.start
    days = opening.economy.parameters.staking.unbonding_days
    return start.due(f"{who}s", days) if start else np.zeros((days, 1), dtype=np.int64)


def _shares(who: str) -> Start:
    """Unbonding shares are the tokens that unbond, one a nano-QUIV."""
    return lambda opening: opening.balances[f"{who}_unbonding_nquiv"]


def _rate(who: str) -> Start:
    """What is due tomorrow by linear unbonding."""
    return lambda opening: _due(opening, who)[0] * _linear(opening)


def _ending(who: str) -> Start:
    """What is due on each coming day, or, by linear unbonding, by how much less than on the day before."""

    def start(opening: Opening) -> Array:
        due = _due(opening, who)
        return -np.diff(due, axis=0, append=0) if _linear(opening) else due

    return start


def _unbonding(who: str) -> list[Variable]:
    """What unbonding remembers of a class."""
    return [
        Variable(
            f"{who}_released_nquiv",
            f"unbonding_days {who}s",
            "nQUIV",
            "Unbonding shares that end on each coming day.",
            start=_ending(who),
            dtype=int,
            entry=f"{who}_entry",
        ),
        Variable(
            f"{who}_release_rate_nquiv",
            f"{who}s",
            "nQUIV a day",
            "Unbonding shares due tomorrow by linear unbonding.",
            start=_rate(who),
            dtype=int,
        ),
        Variable(
            f"{who}_unbonding_shares_nquiv",
            f"{who}s",
            "nQUIV",
            "Unbonding shares, one a nano-QUIV until something is slashed.",
            start=_shares(who),
            dtype=int,
        ),
    ]


VARIABLES = [
    Variable("price_trend", "", "log return a year", "Trend of the price that stakers see."),
    Variable("price_seen_usd", "", "USD per QUIV", "Price that stakers saw yesterday.", start=first_price),
    *(variable for who in CLASSES for variable in _unbonding(who)),
]
