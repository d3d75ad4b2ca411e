"""Market maker around the pool: its budget out of the treasury, risk aversion and estimates."""

from __future__ import annotations

from model.registry import Contract, parameter


class Maker(Contract):
    budget_quiv: float = parameter(
        0.0,
        unit="QUIV",
        low=0.0,
        high=1e9,
        source="assumption: no document funds a market maker",
        doc="Tokens that the treasury gives a market maker at genesis; its target inventory.",
    )
    budget_usd: float = parameter(
        0.0,
        unit="USD",
        low=0.0,
        high=1e12,
        source="assumption: no document funds a market maker",
        doc="USD that the market maker is given beside the tokens.",
    )
    lots: float = parameter(
        10.0,
        unit="lots",
        low=1.0,
        high=1000.0,
        source="assumption: inventories of Avellaneda and Stoikov's runs are within ten",
        doc="Lots that the token budget is divided into; the maker trades at most one in a daily auction.",
    )
    aversion: float = parameter(
        0.1,
        unit="1 / % of the price",
        low=0.001,
        high=10.0,
        source="Avellaneda and Stoikov 2008, their middle case",
        doc="Risk aversion: how far an excess lot moves the quotes, and how wide they are.",
    )
    decay: float = parameter(
        1.5,
        unit="1 / % of the price",
        low=0.001,
        high=1000.0,
        source="Avellaneda and Stoikov 2008",
        doc="Rate at which orders thin out with the distance from the mid price.",
    )
    memory_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption",
        doc="Time constant of the market maker's estimate of the variance of returns.",
    )
