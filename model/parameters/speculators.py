"""Speculators: demand of fundamentalists and chartists, and how they switch strategy."""

from __future__ import annotations

from model.registry import Contract, parameter

Horizons = tuple[float, float, float]

_FW = "Franke and Westerhoff 2012, Table 1 (herding, predisposition, misalignment)"


class Speculators(Contract):
    genesis_share: float = parameter(
        0.2,
        unit="share of the public sale's first part",
        low=0.0,
        high=1.0,
        source="assumption: a fifth of buyers are there for the price",
        doc="Genesis tokens of the public sale that speculators hold, taken from holders.",
    )
    cash_usd: float = parameter(
        1_000_000.0,
        unit="USD",
        low=0.0,
        high=1e12,
        source="assumption: twice what their tokens are worth",
        doc="USD that speculators bring at genesis.",
    )
    horizons_days: Horizons = parameter(
        (1.0, 10.0, 60.0),
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: day traders, swing traders, investors",
        doc="Look-back window of the trend, for each of three groups.",
    )
    size: float = parameter(
        0.06,
        unit="share of wealth",
        low=0.0,
        high=10.0,
        source="assumption: gives the daily volatility of FIL, HNT, LPT and ETH",
        doc="Part of their wealth that speculators trade at a demand of one.",
    )
    activity_sigma: float = parameter(
        0.35,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption: days differ in how much is traded (Clark 1973)",
        doc="Spread over days of how actively speculators trade (log-normal, mean one).",
    )
    pull: float = parameter(
        0.12,
        unit="demand per log misalignment",
        low=0.0,
        high=100.0,
        source=_FW,
        doc="Fundamentalists' demand per unit of log undervaluation.",
    )
    trend: float = parameter(
        1.5,
        unit="demand per log return",
        low=0.0,
        high=100.0,
        source=_FW,
        doc="Chartists' demand per unit of log return over their window.",
    )
    fundamental_noise: float = parameter(
        0.758, unit="demand", low=0.0, high=100.0, source=_FW, doc="Spread of fundamentalists' demand."
    )
    chartist_noise: float = parameter(
        2.087, unit="demand", low=0.0, high=100.0, source=_FW, doc="Spread of chartists' demand."
    )
    predisposition: float = parameter(
        -0.327,
        unit="attraction",
        low=-10.0,
        high=10.0,
        source=_FW,
        doc="Attraction of the fundamentalist strategy in itself.",
    )
    herding: float = parameter(
        1.79,
        unit="attraction",
        low=-10.0,
        high=10.0,
        source=_FW,
        doc="Attraction of the fundamentalist strategy where everyone follows it.",
    )
    misalignment: float = parameter(
        4.0,
        unit="attraction per squared log misalignment",
        low=0.0,
        high=1000.0,
        source="assumption: a quarter of Franke and Westerhoff's 18.43, for a token strays further than a share index",
        doc="Attraction of the fundamentalist strategy when the price is far from value.",
    )
    value_days: float = parameter(
        60.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: two months of the economy's purchases and sales are looked at",
        doc="Time constant of the flows from which fundamentalists estimate value.",
    )
    news_sigma: float = parameter(
        0.6,
        unit="1 / sqrt(year)",
        low=0.0,
        high=10.0,
        source="assumption",
        doc="Volatility of news about value that is not in the flows.",
    )
    news_days: float = parameter(
        180.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: half a year until news is in the flows or forgotten",
        doc="Time constant of news.",
    )
