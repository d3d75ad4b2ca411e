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
    capital_share: float = parameter(
        0.007,
        unit="share of the value of the whole supply",
        low=0.0,
        high=100.0,
        source="assumption: a million USD at genesis, twice what their tokens are worth",
        doc="Cash of speculators, which follows the token as investors' capital does.",
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
        1.0,
        unit="share of wealth",
        low=0.0,
        high=10.0,
        source="assumption: gives a volume of one per cent of circulating supply a day",
        doc="Part of their wealth that speculators trade at a demand of one.",
    )
    limit: float = parameter(
        0.2,
        unit="log return",
        low=0.001,
        high=1.0,
        source="assumption: who trades for a gain does not pay a fifth more than the price it has decided at",
        doc="Move of the day against them at which speculators have withdrawn their orders.",
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
        100.0,
        unit="attraction per squared log misalignment",
        low=0.0,
        high=1000.0,
        source="assumption: five times Franke and Westerhoff's 18.43, for investors leave gaps of a few per cent only",
        doc="Attraction of the fundamentalist strategy when the price is far from value.",
    )
