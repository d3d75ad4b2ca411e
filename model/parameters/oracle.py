"""PricingOracle's feeds: errors of their reports, and the aggregation to one price."""

from __future__ import annotations

from pydantic import model_validator

from model.registry import Contract, parameter


class Oracle(Contract):
    feeds: int = parameter(
        5,
        unit="feeds",
        low=1,
        high=99,
        structural=True,
        source="assumption: SPEC, Oracle Security (multiple price feeds), has no number",
        doc="Price feeds that report the token's price in USD each day.",
    )
    feed_noise: float = parameter(
        0.005,
        unit="log standard deviation",
        low=0.0,
        high=1.0,
        source="assumption: venues differ by half a percent",
        doc="Error of an honest feed's report (log-normal, mean one).",
    )
    stale_chance: float = parameter(
        0.01,
        unit="probability a day",
        low=0.0,
        high=1.0,
        source="assumption: a feed misses about four days a year",
        doc="Chance that a feed repeats its last report.",
    )
    fault_chance: float = parameter(
        0.001,
        unit="probability a day",
        low=0.0,
        high=1.0,
        source="assumption: a wrong report every few years",
        doc="Chance that a feed's report is a fault.",
    )
    fault_sigma: float = parameter(
        1.0,
        unit="log standard deviation",
        low=0.0,
        high=5.0,
        source="assumption: faults are of the order of a misplaced decimal",
        doc="Error of a faulty report (log-normal, mean one).",
    )
    staleness_days: int = parameter(
        1,
        unit="days",
        low=0,
        high=365,
        source="assumption: SPEC, Oracle Security, has no number; a report may miss one day",
        doc="A report older than this is left out, unless too few feeds would remain.",
    )
    outlier_z: float = parameter(
        5.0,
        unit="robust standard deviations",
        low=0.5,
        high=1e9,
        source="assumption: SPEC, Oracle Security (outlier detection), has no rule",
        doc="Reports farther from the median than this many scaled median absolute deviations are left out.",
    )
    fewest_feeds: int = parameter(
        3,
        unit="feeds",
        low=1,
        high=99,
        source="assumption: a median of fewer than three can be moved by one",
        doc="Fewest reports used: those nearest to the median are kept whatever their distance or age.",
    )
    breaker_width: float = parameter(
        0.25,
        unit="share of the last price",
        low=0.001,
        high=1e9,
        source="assumption: SPEC, Oracle Security (circuit breakers), has no width",
        doc="A median farther than this from the last price trips the circuit breaker.",
        governed="technical",
        target="PricingOracle.breakerWidth",
    )
    breaker_days: int = parameter(
        1,
        unit="days",
        low=1,
        high=365,
        source="assumption: SPEC, Oracle Security (circuit breakers), has no duration; a day is the shortest here",
        doc="Days for which a tripped breaker holds the last price; then the median is taken as it is.",
    )
    corrupt_feeds: int = parameter(
        0,
        unit="feeds",
        low=0,
        high=99,
        source="assumption: none unless a scenario says so",
        doc="Feeds that report the market's price times one plus the bias.",
    )
    corrupt_bias: float = parameter(
        0.5,
        unit="share of the price",
        low=-0.99,
        high=1e6,
        source="assumption: what an attacker reports",
        doc="Bias that corrupt feeds add to the price.",
    )
    override_usd: float = parameter(
        0.0,
        unit="USD per QUIV",
        low=0.0,
        high=1e4,
        source="SPEC, Oracle Security (manual override capability)",
        doc="Price set by hand while it is above zero.",
        governed="emergency",
        target="PricingOracle.overridePrice",
    )

    @model_validator(mode="after")
    def _feeds_enough(self) -> Oracle:
        for name, count in (("fewest_feeds", self.fewest_feeds), ("corrupt_feeds", self.corrupt_feeds)):
            if count > self.feeds:
                raise ValueError(f"oracle.{name} is {count}; there are {self.feeds} feeds (oracle.feeds)")
        return self
