"""Holders by the allocation that they benefit from: how many of each, which numbers they have, and sums by class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.arrays import Array, Values, namespace, share_within
from model.parameters.investors import CLASSES
from model.parameters.supply import ALLOCATIONS

HOLDER_CLASSES = {"public": 0.6, "team": 0.15, "investors": 0.15, "ecosystem": 0.1}
"""Part of the holders who benefit from each allocation (assumption), in the order in which holders are numbered.
Within a class the largest comes first, so holder 0 is the largest buyer of the public sale."""

FIRST = ALLOCATIONS.index(CLASSES[0])


def holders_of(holders: int) -> dict[str, slice]:
    """The numbers of the holders of each class: fixed by position, at least one holder each but for the public's."""
    counts = {name: max(1, int(share * holders)) for name, share in HOLDER_CLASSES.items()}
    counts["public"] = holders - sum(n for name, n in counts.items() if name != "public")
    ends = np.cumsum([0, *counts.values()])
    return {name: slice(int(ends[i]), int(ends[i + 1])) for i, name in enumerate(counts)}


def holder_allocation(holders: int) -> NDArray[np.int64]:
    """The allocation that each holder benefits from, `(holders,)`."""
    found = np.empty(holders, dtype=np.int64)
    for name, own in holders_of(holders).items():
        found[own] = ALLOCATIONS.index(name)
    return found


def by_class(of_holders: Array) -> Array:
    """Sums over the holders of each class: `(*batch, holders)` gives `(*batch, classes)`, exact in whole numbers."""
    xp = namespace(of_holders)
    own = holders_of(of_holders.shape[-1])
    return xp.stack([xp.sum(of_holders[..., own[name]], axis=-1) for name in CLASSES], axis=-1)


def to_holders(params: Values, of_classes: Array) -> Array:
    """What each holder's class has: `(*batch, classes)` gives `(*batch, holders)`."""
    return namespace(of_classes).take(of_classes, params["agents.holder_allocation"] - FIRST, axis=-1)


def share_by_class(params: Values, totals_nquiv: Array, weights: Array) -> Array:
    """Divide each class's total, `(*batch, classes)`, over its holders by weight, `(*batch, holders)`, nano-QUIV."""
    return share_within(totals_nquiv, weights, by_class(weights), lambda of: to_holders(params, of))
