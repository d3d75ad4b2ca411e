"""Utilisation as the fee's controller sees it."""

from __future__ import annotations

from model.arrays import Array
from model.variable import Opening, Variable


def _between_the_thresholds(opening: Opening) -> Array:
    """Halfway between the thresholds, where the controller rests."""
    return 0.5 * (opening.params["fees.congestion_low"] + opening.params["fees.congestion_high"])[..., None, None]


VARIABLES = [
    Variable("congestion_seen", "", "demand over capacity", "Utilisation that the fee's controller sees."),
    Variable(
        "congestion_ring",
        "delay_days one",
        "demand over capacity",
        "Utilisation of the last days, as far as the controller sees late.",
        start=_between_the_thresholds,
        entry="congestion_entry",
    ),
]
