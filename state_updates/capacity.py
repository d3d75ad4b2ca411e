"""Capacity: who is up, who works with the stake of a tier, what each can serve today."""

from __future__ import annotations

import numpy as np

from model.arrays import Array
from model.variable import Opening, Variable
from state_updates.registry import standing


def working(opening: Opening) -> Array:
    """Part of each provider that is online with the stake of a tier on day 0, `(*batch, providers)`."""
    return opening.online * standing(opening) * (opening.params["genesis.served_day"] == 0)[..., None]


def _at_work(opening: Opening) -> Array:
    """Capacity of those at work, small-model tokens a day."""
    return np.sum(opening.params["agents.capacity_tokens"] * working(opening), axis=-1)


VARIABLES = [
    Variable(
        "capacity_tokens",
        "",
        "small-model tokens a day",
        "Capacity of the active providers who are up.",
        start=_at_work,
    ),
    Variable(
        "offered_tokens",
        "sizes providers",
        "small-model tokens a day",
        "What each active provider can do today for each model size.",
    ),
    Variable(
        "provider_up",
        "providers",
        "ratio",
        "Whether each provider is up today: 0 or 1, a share in a run without noise.",
        start=1.0,
    ),
    Variable(
        "provider_priority",
        "providers",
        "ratio",
        "Priority of each provider's capacity when work is shared out; 0 without a tier.",
    ),
    Variable(
        "active_providers",
        "",
        "providers",
        "Providers who are online with the stake of a tier.",
        start=lambda opening: np.sum(working(opening), axis=-1),
    ),
]
