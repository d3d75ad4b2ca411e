r"""A market maker's quotes, and what they earn.

Theory: Avellaneda and Stoikov 2008, section 3.3: a mid price that moves as Brownian motion of volatility 2 from 100, in
200 steps of a day, orders at a rate of 140 exp(-1.5 distance), risk aversion 0.1. The inventory strategy earns less
than one that quotes symmetrically, with half of the spread of outcomes and a third of the inventory.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validation.theory_price import DECAY, PATHS, STEPS, VARIANCE, trade
from model.formulas import quoting


def test_the_spread_by_hand() -> None:
    """1.6908 at the start of the day, 1.49 on average."""
    left = 1.0 - np.arange(STEPS) / STEPS
    widths = quoting.spread(np.float64(0.1), np.float64(VARIANCE), left, np.float64(DECAY))
    assert widths[0] == pytest.approx(1.6908, abs=5e-5)
    assert widths.mean() == pytest.approx(1.49, abs=0.005)


@pytest.mark.parametrize(
    ("aversion", "by_inventory", "profit", "sd", "inventory_sd"),
    [
        (0.1, True, 64.8, 6.5, 2.90),
        (0.1, False, 67.9, 13.3, 8.39),
        (0.01, True, 68.3, 9.0, 5.16),
        (0.5, True, 48.7, 5.9, 1.95),
    ],
)
def test_what_the_strategies_earn(
    aversion: float, by_inventory: bool, profit: float, sd: float, inventory_sd: float
) -> None:
    """Within four standard errors of a published simulation of as many paths, which has one of its own."""
    found, inventory = trade(aversion, by_inventory)
    assert found.mean() == pytest.approx(profit, abs=4.0 * np.sqrt(2.0) * sd / np.sqrt(PATHS) + 0.05)
    assert found.std() == pytest.approx(sd, rel=4.0 * np.sqrt(2.0) / np.sqrt(2.0 * PATHS) + 0.03)
    assert inventory.std() == pytest.approx(inventory_sd, rel=4.0 * np.sqrt(2.0) / np.sqrt(2.0 * PATHS) + 0.02)
