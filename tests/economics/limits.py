"""The limiting cases of `experiments/validation/limits.py`, which the check of theory shares with these tests."""

from experiments.validation.limits import (
    AT_ONCE,
    MILLION,
    OPEN_MARKET,
    QUANTITY,
    QUIV,
    SEED,
    STEADY,
    TINY,
    YEAR,
    Change,
    block,
    economy,
    flow,
    give_holders,
    last,
    record,
    steady_demand,
    total,
)
from experiments.validation.limits import (
    each_day as by_day,
)

__all__ = [
    "AT_ONCE",
    "MILLION",
    "OPEN_MARKET",
    "QUANTITY",
    "QUIV",
    "SEED",
    "STEADY",
    "TINY",
    "YEAR",
    "Change",
    "block",
    "by_day",
    "economy",
    "flow",
    "give_holders",
    "last",
    "record",
    "steady_demand",
    "total",
]
