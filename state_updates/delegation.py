"""Delegation: the provider that each holder has chosen."""

from __future__ import annotations

import numpy as np

from model import draws
from model.arrays import Array, to_nquiv
from model.formulas import staking
from model.variable import Opening, Variable

UNSTAKED = 1e-6
"""Weight of a provider without stake, or not at work, against one with the lowest tier's, for its first delegators."""


def _first_providers(opening: Opening) -> Array:
    """The provider of each holder: drawn by own stake among those at work, in turn without noise; or a snapshot's."""
    params, start = opening.params, opening.economy.start
    minimums = to_nquiv(params["staking.tier_minimum_quiv"])
    eligible = opening.online * (staking.tier(opening.meant_nquiv, minimums) > 0)
    lowest = np.maximum(minimums[..., :1], 1)
    reached = np.cumsum((opening.meant_nquiv / lowest + UNSTAKED) * (eligible + UNSTAKED), axis=-1)
    holders, providers = params["agents.holder_allocation"].shape[-1], reached.shape[-1]
    drawn = draws.uniform(params, "genesis.delegate", np.int64(0), holders) * reached[..., -1:]
    chosen = np.minimum(np.sum(reached[..., None, :] < drawn[..., None], axis=-1), providers - 1)
    first = np.where(params["draws.noise"] > 0.0, chosen, np.arange(holders) % providers)
    given = np.asarray(start.holder_provider if start else -1)
    return np.where(given >= 0, given, first)


VARIABLES = [
    Variable(
        "holder_provider",
        "holders",
        "provider number",
        "Provider to whom each holder delegates, by number.",
        start=_first_providers,
        dtype=int,
    ),
]
