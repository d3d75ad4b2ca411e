"""QUIVGovernance: periods, thresholds and deposit of proposals, voting power and turnout."""

from __future__ import annotations

from typing import Literal

from model.registry import Contract, parameter

Types = tuple[float, float, float, float]


class Governance(Contract):
    discussion_days: int = parameter(
        7,
        unit="days",
        low=0,
        high=365,
        source="WHITEPAPER, governance (7 days of discussion)",
        doc="Discussion period, from submission to the opening of the vote.",
    )
    voting_days: int = parameter(
        14,
        unit="days",
        low=1,
        high=365,
        source="WHITEPAPER, governance (14 days of voting)",
        doc="Voting period, from the opening of the vote to its close.",
    )
    timelock_days: int = parameter(
        7,
        unit="days",
        low=0,
        high=365,
        source="WHITEPAPER 6.2 (7 days of timelock; 9.2 says 48 hours)",
        doc="Timelock, from the close of the vote to execution.",
    )
    deposit_quiv: float = parameter(
        100_000.0,
        unit="QUIV",
        low=0.0,
        high=1e8,
        source="WHITEPAPER, governance (proposal deposit 100,000 QUIV)",
        doc="Proposal deposit, returned unless support is below the refund threshold.",
        governed="technical",
        target="QUIVGovernance.deposit",
    )
    refund_support: float = parameter(
        0.10,
        unit="share of votes cast",
        low=0.0,
        high=1.0,
        source="assumption: no document has a refund rule",
        doc="Refund threshold: a proposal with less support forfeits its deposit to the treasury.",
    )
    threshold: Types = parameter(
        (0.60, 0.55, 0.50, 0.75),
        unit="share of votes cast",
        low=0.5,
        high=1.0,
        source="WHITEPAPER, governance (technical 60, economic 55, treasury 50, emergency 75 %)",
        doc="Support that each type needs: at least this much, and more than it where it is one half.",
    )
    quorum: float = parameter(
        0.0,
        unit="share of circulating supply",
        low=0.0,
        high=1.0,
        source="SPEC has none",
        doc="Quorum: votes cast that a proposal needs.",
        governed="technical",
        target="QUIVGovernance.quorum",
    )
    turnout: float = parameter(
        0.10,
        unit="probability",
        low=0.0,
        high=1.0,
        source="Compound 2020-22: 7 to 8 % of supply votes; Snapshot DAOs 6 % on average",
        doc="Chance that a voter is attentive; then it votes on a scripted proposal, or on an agent's if that pays.",
    )
    staked_weight: float = parameter(
        1.5,
        unit="ratio",
        low=0.0,
        high=8.0,
        source="WHITEPAPER, governance (liquid 1x, staked 1.5x)",
        doc="Voting weight of a staked token over that of a liquid one.",
        governed="technical",
        target="QUIVGovernance.stakedWeight",
    )
    power: Literal["weighted", "root", "one_token"] = parameter(
        "weighted",
        unit="",
        source="WHITEPAPER (liquid 1x, staked 1.5x, longer than a year 2x); ROOT; SUMMARY (one token, one vote)",
        doc="Liquid and staked tokens by weight; stake alone by tier and time; or every token alike.",
    )
    long_staked_weight: float = parameter(
        2.0,
        unit="ratio",
        low=0.0,
        high=8.0,
        source="WHITEPAPER, governance (staked longer than a year 2x)",
        doc="Voting weight of a token whose owner has staked without a break for longer than the long stake.",
    )
    long_stake_days: float = parameter(
        365.0,
        unit="days of stake",
        low=0.0,
        high=36_500.0,
        source="WHITEPAPER, governance (a year)",
        doc="Length of an unbroken stake that earns the larger voting weight.",
    )
    tier_weight: Types = parameter(
        (1.5, 2.0, 2.5, 3.0),
        unit="ratio",
        low=0.0,
        high=4.0,
        source="ROOT, governance (1.5 to 3 by tier), read as even steps",
        doc="Voting weight of a staked token by the tier of the stake, 1 below the lowest, where power is root's.",
    )
    time_weight: Types = parameter(
        (1.0, 1.1, 1.25, 1.5),
        unit="ratio",
        low=0.0,
        high=2.0,
        source="ROOT, governance (at 0, 3, 6 and 12 months)",
        doc="Factor on the tier's weight by the age of the stake: at once, 91, 182 and 365 days.",
    )
    snapshot: Literal["creation", "live_balance"] = parameter(
        "creation",
        unit="",
        source="assumption: SPEC (Vote) has none; live balances can be borrowed (Beanstalk 2022)",
        doc="Voting power as it was when the proposal was made, or as it is at the close of the vote.",
    )
    slots: int = parameter(
        6,
        unit="proposals",
        low=1,
        high=100,
        structural=True,
        source="assumption: no document limits open proposals",
        doc="Proposals of agents that can be open at a time; a scripted list has one place each.",
    )
    ideas_per_year: float = parameter(
        24.0,
        unit="ideas a year",
        low=0.0,
        high=365.0,
        source="assumption: Compound, Aave and others have voted on 20 to 60 proposals a year",
        doc="Draft proposals; one is submitted where it pays somebody who has the deposit.",
    )
    horizon_years: float = parameter(
        1.0,
        unit="years",
        low=0.0,
        high=50.0,
        source="assumption",
        doc="Years of gain that count in proposing and voting.",
    )
    vote_cost_usd: float = parameter(
        50.0,
        unit="USD",
        low=0.0,
        high=1e6,
        source="assumption: an hour to read, and a transaction",
        doc="Cost of voting; whoever gains or loses less does not vote.",
    )
    vote_cost_sigma: float = parameter(
        2.0,
        unit="log standard deviation",
        low=0.0,
        high=5.0,
        source="assumption",
        doc="Spread of that cost between agents (log-normal, mean as stated).",
    )
    misjudgement: float = parameter(
        0.05,
        unit="share of votes",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Standard deviation of a proposer's forecast of a vote around its result.",
    )
    emergency_days: tuple[int, int, int] = parameter(
        (0, 2, 2),
        unit="days",
        low=0,
        high=365,
        source="assumption for discussion and vote; WHITEPAPER 9.2 for 48 hours of timelock",
        doc="Days of discussion, voting and timelock of an emergency proposal.",
    )
    emergency_parameter_threshold: float = parameter(
        0.80,
        unit="share of votes cast",
        low=0.5,
        high=1.0,
        source="WHITEPAPER 6.3 (emergency parameter changes 80 %; other emergency actions 75 %)",
        doc="Support that an emergency proposal needs to change a parameter that has another type.",
    )
    quarter_days: int = parameter(
        91,
        unit="days",
        low=1,
        high=36_500,
        source="WHITEPAPER 6.3 (per quarter)",
        doc="Days over which a parameter's changes together are limited.",
    )
    change_limit: float = parameter(
        0.20,
        unit="share of the live value",
        low=0.0,
        high=10.0,
        source="WHITEPAPER 6.3 (at most 20 % parameter change per quarter)",
        doc="Largest change of a parameter against its value at the quarter's start; beyond it a proposal is rejected.",
    )
