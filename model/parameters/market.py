"""Token price in USD: the price process and its volatility."""

from __future__ import annotations

from typing import Literal

from model.registry import Contract, parameter


class Market(Contract):
    initial_price_usd: float = parameter(
        0.10,
        unit="USD per QUIV",
        low=1e-6,
        high=1e4,
        source="REWARDS (the only document that names a price)",
        doc="Price at genesis.",
    )
    price_process: Literal["quantity", "gbm", "jumps", "burn_mint", "pool"] = parameter(
        "pool",
        unit="",
        source="assumption: no document has a price process",
        doc="Equation of exchange, Brownian motion, that with jumps, burn-mint equilibrium, or a pool's trades.",
    )
    holding_days: float = parameter(
        1200.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: gives REWARDS' 0.10 USD at genesis; utility velocity 0.3 a year",
        doc="Average holding time of a liquid token between two payments; sets the quantity theory's price.",
    )
    reversion_days: float = parameter(
        90.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: a quarter to work off a gap to the quantity theory's price",
        doc="Time constant of the return to the quantity theory's price.",
    )
    drift_per_year: float = parameter(
        0.0,
        unit="1 / year",
        low=-5.0,
        high=5.0,
        source="assumption: no view on the price",
        doc="Growth rate of the expected price under geometric Brownian motion.",
    )
    volatility: float = parameter(
        1.1,
        unit="1 / sqrt(year)",
        low=0.0,
        high=5.0,
        source="daily closes of FIL, HNT, ETH and LPT, 2016-2025: 0.75 to 1.40 a year",
        doc="Standard deviation of the log price over a year.",
    )
    jumps_per_year: float = parameter(
        6.0,
        unit="1 / year",
        low=0.0,
        high=365.0,
        source="assumption: with it daily returns have the kurtosis of FIL and ETH, near 9",
        doc="Jumps of the price a year, in the process with jumps.",
    )
    jump_mean: float = parameter(
        -0.05,
        unit="log",
        low=-3.0,
        high=3.0,
        source="assumption: bad news comes at once",
        doc="Mean of a jump of the log price.",
    )
    jump_sigma: float = parameter(
        0.2,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption",
        doc="Spread of a jump of the log price.",
    )
