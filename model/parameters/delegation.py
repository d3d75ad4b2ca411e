"""Delegation: choice of provider, commission, and who votes with delegated stake."""

from __future__ import annotations

from model.registry import Contract, parameter


class Delegation(Contract):
    commission: float = parameter(
        0.10,
        unit="share of delegators' rewards",
        low=0.0,
        high=1.0,
        source="assumption: WHITEPAPER has 5 % in one place, none in another; chains ask 5 to 10 %",
        doc="Mean commission that providers keep of their delegators' rewards, where rewards are paid per token.",
    )
    commission_sigma: float = parameter(
        0.3,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption",
        doc="Spread of commissions between providers (log-normal, at most all).",
    )
    minimum_quiv: float = parameter(
        100.0,
        unit="QUIV",
        low=0.0,
        high=1e9,
        source="assumption: SPEC (delegation mechanism) has no minimum",
        doc="Minimum delegation of a holder who delegates at all.",
        governed="economic",
        target="QUIVStaking.minDelegation",
    )
    review_days: int = parameter(
        30,
        unit="days",
        low=1,
        high=3650,
        structural=True,
        source="assumption: Ethereum's and Livepeer's delegators rarely move",
        doc="Days between two reviews of a holder's choice of provider.",
    )
    yield_weight: float = parameter(
        50.0,
        unit="log odds / (1 / year)",
        low=0.0,
        high=5000.0,
        source="assumption: a point of yield makes a provider half again as likely",
        doc="Weight of the yield after commission and expected slashes in the choice of a provider.",
    )
    reputation_weight: float = parameter(
        4.0,
        unit="log odds",
        low=0.0,
        high=100.0,
        source="assumption",
        doc="Weight of reputation, the best against none, in the choice of a provider.",
    )
    fame_weight: float = parameter(
        1.0,
        unit="log odds / log stake",
        low=0.0,
        high=5.0,
        source="assumption: who is larger is listed higher; stake is concentrated everywhere",
        doc="Weight of a provider's own and delegated stake in the choice of a provider.",
    )
    vote_share: float = parameter(
        0.0,
        unit="share of holders",
        low=0.0,
        high=1.0,
        source="assumption: the delegator keeps its vote (no document says otherwise)",
        doc="Holders who let their provider vote with what they delegate to it.",
    )
