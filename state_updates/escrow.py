"""Escrow: payments within the challenge window, and those released."""

from __future__ import annotations

import numpy as np

from model.arrays import Array
from model.variable import Opening, Variable


def _oldest(opening: Opening) -> Array:
    """What a snapshot has in escrow, at the end of the challenge window, `(window_days, consumers)`."""
    if not opening.economy.start:
        return np.int64(0)
    held = opening.balances["consumer_escrow_nquiv"]
    window = np.zeros((opening.economy.window_days, held.shape[-1]), dtype=np.int64)
    window[-1] = held
    return window


VARIABLES = [
    Variable(
        "window_nquiv",
        "window_days consumers",
        "nQUIV",
        "Payment in the challenge window, by day of delivery, latest first.",
        start=_oldest,
        dtype=int,
    ),
    Variable("released_nquiv", "consumers", "nQUIV a day", "Payment released today.", dtype=int),
]
