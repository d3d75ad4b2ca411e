"""Insurance fund: share of losses that is claimed, accidents without a culprit, and its size at genesis."""

from __future__ import annotations

from model.registry import Contract, parameter


class Insurance(Contract):
    claimed_share: float = parameter(
        0.5,
        unit="share of losses",
        low=0.0,
        high=1.0,
        source="assumption: half of those who lost can show it",
        doc="Part of consumers' losses by a provider found guilty that is claimed, up to the jobs' price.",
    )
    accidents_per_year: float = parameter(
        0.0,
        unit="claims a year",
        low=0.0,
        high=1825.0,
        source="assumption: SPEC, Staking Security (insurance fund), has no claims",
        doc="Verified losses without a slash behind them (Poisson).",
    )
    accident_quiv: float = parameter(
        1000.0,
        unit="QUIV a claim",
        low=0.0,
        high=1e8,
        source="assumption",
        doc="Mean size of such a loss (exponential).",
    )
    initial_quiv: float = parameter(
        0.0,
        unit="QUIV",
        low=0.0,
        high=2e8,
        source="assumption: no document endows the fund",
        doc="Insurance fund at genesis, paid in by the treasury.",
    )
