"""A market maker around the pool, with a budget out of the treasury."""

from __future__ import annotations

from model.registry import Contract, parameter


class Maker(Contract):
    budget_quiv: float = parameter(
        0.0,
        unit="QUIV",
        low=0.0,
        high=1e9,
        source="assumption: no document funds a market maker",
        doc="Tokens that the treasury gives a market maker at genesis; the inventory that it wants.",
    )
    budget_usd: float = parameter(
        0.0,
        unit="USD",
        low=0.0,
        high=1e12,
        source="assumption: no document funds a market maker",
        doc="USD that it is given beside them.",
    )
    lots: float = parameter(
        10.0,
        unit="lots",
        low=1.0,
        high=1000.0,
        source="assumption: inventories of Avellaneda and Stoikov's runs are within ten",
        doc="Parts of the token budget by which the maker counts its inventory; it trades at most one in a batch.",
    )
    aversion: float = parameter(
        0.1,
        unit="1 / % of the price",
        low=0.001,
        high=10.0,
        source="Avellaneda and Stoikov 2008, their middle case",
        doc="Risk aversion: how far a lot too many moves the quotes, and how wide they are.",
    )
    decay: float = parameter(
        1.5,
        unit="1 / % of the price",
        low=0.001,
        high=1000.0,
        source="Avellaneda and Stoikov 2008",
        doc="How fast orders thin out with the distance from the mid price.",
    )
    memory_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption",
        doc="Time constant of the variance of returns that the maker goes by.",
    )
