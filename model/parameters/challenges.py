"""Challenges: bond, panel, deadlines, appeal, reward, and the price of a bought verdict."""

from __future__ import annotations

from model.registry import Contract, parameter


class Challenges(Contract):
    bond_quiv: float = parameter(
        100.0,
        unit="QUIV",
        low=0.0,
        high=1e7,
        source="assumption: SPEC (Challenge.StakeAmount) has no number",
        doc="Challenger's bond; lost to the insurance fund if the challenge is rejected.",
        governed="technical",
        target="ChallengeContract.bond",
    )
    reward_quiv: float = parameter(
        100.0,
        unit="QUIV",
        low=0.0,
        high=1e7,
        source="assumption: SPEC (Resolution.RewardAmount) has no number; as much as the bond",
        doc="Reward of an upheld challenge, out of the operations fund as far as it reaches.",
        governed="technical",
        target="ChallengeContract.reward",
    )
    notice_share: float = parameter(
        0.002,
        unit="chance a bad job",
        low=0.0,
        high=1.0,
        source="assumption: few consumers can prove it",
        doc="Chance that a consumer challenges a job of garbage with evidence; half of it for a smaller model.",
    )
    watch_share: float = parameter(
        0.001,
        unit="chance a bad job",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Chance that a third-party challenger, a holder after the reward, challenges a bad job.",
    )
    frivolous_per_day: float = parameter(
        0.05,
        unit="challenges a day",
        low=0.0,
        high=1000.0,
        source="assumption",
        doc="Unfounded challenges of good work, by mistake or to harm a provider.",
    )
    voting_days: int = parameter(
        1,
        unit="days",
        low=1,
        high=60,
        source="assumption: SPEC has no deadline",
        doc="Days that a panel has to vote.",
    )
    appeal_days: int = parameter(
        3,
        unit="days",
        low=0,
        high=60,
        source="assumption: SPEC, Staking Security (appeal mechanism), has no length",
        doc="Days within which the loser may appeal to a second panel; a slash waits for them. 0 is no appeal.",
    )
    appeal_bond_quiv: float = parameter(
        200.0,
        unit="QUIV",
        low=0.0,
        high=1e7,
        source="assumption: twice the bond",
        doc="Appeal bond; lost with the appeal, returned if the ruling is overturned.",
        governed="technical",
        target="ChallengeContract.appealBond",
    )
    appeal_panel: int = parameter(
        5,
        unit="validators",
        low=1,
        high=25,
        structural=True,
        source="assumption",
        doc="Validators on the panel of an appeal.",
    )
    quorum: float = parameter(
        0.5,
        unit="share of the panel",
        low=0.0,
        high=1.0,
        source="assumption: SPEC has none",
        doc="Quorum of a panel; below it the case lapses and bonds return.",
    )
    bribe_quiv: float = parameter(
        0.0,
        unit="QUIV a vote",
        low=0.0,
        high=1e7,
        source="assumption: nobody bribes unless a scenario says so",
        doc="Bribe that a guilty provider offers for a vote; it buys the majority of a panel.",
    )
