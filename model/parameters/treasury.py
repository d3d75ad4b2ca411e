"""QUIVTreasury: grants, one-off payments, multisig, and support of the price."""

from __future__ import annotations

from pydantic import model_validator

from model.registry import Contract, parameter

Funds = tuple[float, float, float]
"""Shares of grants, the insurance fund and operations."""


class Treasury(Contract):
    grants_quiv_per_year: float = parameter(
        2_000_000.0,
        unit="QUIV a year",
        low=0.0,
        high=200e6,
        source="assumption: a hundredth of the treasury a year; no document has a budget",
        doc="Grants paid to ecosystem contributors in equal daily parts, as far as the treasury reaches.",
        governed="treasury",
        target="QUIVTreasury.grantsPerYear",
    )
    payment_quiv: float = parameter(
        0.0,
        unit="QUIV",
        low=0.0,
        high=2e8,
        source="SPEC, Proposal System (TreasurySpending)",
        doc="One-off payment to its proposer that a treasury proposal asks for; no limit on changes applies to it.",
        governed="treasury",
        target="QUIVTreasury.pay",
    )
    allocation: Funds = parameter(
        (1.0, 0.0, 0.0),
        unit="share of the budget",
        low=0.0,
        high=1.0,
        source="assumption: SPEC, Core Contracts (QUIVTreasury: fund allocation), has no shares",
        doc="Split of the yearly sum between grants, the insurance fund and operations; scaled to sum to 1.",
    )
    signers: int = parameter(
        9,
        unit="signers",
        low=1,
        high=50,
        structural=True,
        source="WHITEPAPER, treasury (multisig 5 of 9)",
        doc="Signers of the treasury's multisig.",
    )
    signatures: int = parameter(
        5,
        unit="signers",
        low=1,
        high=51,
        structural=True,
        source="WHITEPAPER, treasury (multisig 5 of 9)",
        doc="Signatures that a veto needs; one more than there are signers switches it off.",
    )
    signer_availability: float = parameter(
        0.3,
        unit="chance a day",
        low=0.0,
        high=1.0,
        source="assumption: nine in ten within a week",
        doc="Chance that a signer is reached on a day of a timelock: a short one is a race.",
    )
    signer_honesty: float = parameter(
        0.9,
        unit="chance",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Chance that a signer who is reached signs the veto of a hostile proposal.",
    )
    milestone_chance: float = parameter(
        0.9,
        unit="chance a quarter",
        low=0.0,
        high=1.0,
        source="assumption: grants against milestones; no document has a rule",
        doc="Chance that grantees reach the quarter's milestone; while they have not, nothing is paid.",
    )
    budget_share: float = parameter(
        0.1,
        unit="share of the treasury a year",
        low=0.0,
        high=10.0,
        source="assumption: no document has a budget",
        doc="Cap on the grants of a year, of what the treasury holds.",
    )
    support_band: float = parameter(
        0.0,
        unit="ratio",
        low=0.0,
        high=10.0,
        source="assumption: off, for no document has a rule",
        doc="Distance of the price from its average beyond which the treasury buys or sells; 0 never.",
    )
    support_share: float = parameter(
        0.001,
        unit="share a day",
        low=0.0,
        high=0.1,
        source="assumption",
        doc="Part of its tokens, or of the USD from their sale, that the treasury then trades in a day.",
    )
    support_days: float = parameter(
        90.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: a quarter",
        doc="Time constant of the average price that the treasury compares with.",
    )
    operations_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=36_500.0,
        source="assumption: no document says what becomes of the network fee that is not burned",
        doc="Time constant at which the operations fund is spent on contributors.",
    )

    @model_validator(mode="after")
    def _some_fund(self) -> Treasury:
        if sum(self.allocation) <= 0.0:
            raise ValueError("treasury.allocation is zero throughout; at least one must be above 0")
        return self
