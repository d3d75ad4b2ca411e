"""Fees: the split of a payment, and the controller that adapts the network share to congestion.

Of a payment $p$ the network share $n p$ and the treasury share $t p$ are taken; out of the network share come the
burn, the stakers', the treasury's and the validators' parts, and what remains runs the network's operations. The
three documents' splits are three settings of the same parameters (see the presets).
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from model.parameters.rules import broken
from model.registry import Contract, parameter


class Fees(Contract):
    network_share: float = parameter(
        0.15,
        unit="share of a payment",
        low=0.0,
        high=0.5,
        source="WHITEPAPER 3.1 and 7.1, SUMMARY (provider 80, network 15, treasury 5)",
        doc="Network fee at a fee multiplier of one.",
        governed="economic",
        target="InferenceMarketplace.networkShare",
    )
    treasury_share: float = parameter(
        0.05,
        unit="share of a payment",
        low=0.0,
        high=0.3,
        source="WHITEPAPER 3.1 and 7.1, SUMMARY",
        doc="Treasury fee.",
        governed="economic",
        target="InferenceMarketplace.treasuryShare",
    )
    burn_share: float = parameter(
        0.5,
        unit="share of the network fee",
        low=0.0,
        high=1.0,
        source="WHITEPAPER 5.3, SUMMARY (50 % of network fees burned)",
        doc="Part of the network fee that is burned.",
        governed="economic",
        target="InferenceMarketplace.burnShare",
    )
    validator_share: float = parameter(
        0.005,
        unit="share of a payment",
        low=0.0,
        high=0.1,
        source="WHITEPAPER 5.2 (validator 0.5 %), read as part of the network fee",
        doc="Validators' fee, taken out of the network fee as far as it reaches.",
        governed="economic",
        target="InferenceMarketplace.validatorShare",
    )
    stakers_share: float = parameter(
        0.0,
        unit="share of the network fee",
        low=0.0,
        high=1.0,
        source="ROOT has 30 % of protocol revenue; WHITEPAPER none",
        doc="Part of the network fee paid to stakers.",
        governed="economic",
        target="InferenceMarketplace.stakersShare",
    )
    network_treasury_share: float = parameter(
        0.0,
        unit="share of the network fee",
        low=0.0,
        high=1.0,
        source="ROOT has 15 % of protocol revenue; WHITEPAPER none",
        doc="Part of the network fee paid to the treasury, beside the treasury fee.",
        governed="economic",
        target="InferenceMarketplace.networkTreasuryShare",
    )
    referral_share: float = parameter(
        0.0,
        unit="share of a payment",
        low=0.0,
        high=0.1,
        source="ROOT's stacked base fee has 0.2 %; WHITEPAPER's 5 % referral is a later mechanism",
        doc="Referral rebate, paid back to consumers.",
        governed="economic",
        target="InferenceMarketplace.referralShare",
    )
    base_burn_share: float = parameter(
        0.0,
        unit="share of a payment",
        low=0.0,
        high=0.1,
        source="ROOT's stacked base fee has 0.1 %; WHITEPAPER none",
        doc="Part of every payment that is burned, beside the burn of the network fee.",
        governed="economic",
        target="InferenceMarketplace.baseBurnShare",
    )
    insurance_share: float = parameter(
        0.01,
        unit="share of operations income",
        low=0.0,
        high=1.0,
        source="assumption: SPEC, Staking Security, names an insurance fund without a size",
        doc="Part of the operations fund's income that is set aside for insurance.",
        governed="economic",
        target="InferenceMarketplace.insuranceShare",
    )
    congestion_high: float = parameter(
        0.8,
        unit="demand over capacity",
        low=0.0,
        high=10.0,
        source="SPEC, Adaptive Fee Adjustment",
        doc="Utilisation above which the fee multiplier rises.",
        governed="economic",
        target="InferenceMarketplace.congestionHigh",
    )
    congestion_low: float = parameter(
        0.3,
        unit="demand over capacity",
        low=0.0,
        high=10.0,
        source="SPEC, Adaptive Fee Adjustment",
        doc="Utilisation below which the fee multiplier falls.",
        governed="economic",
        target="InferenceMarketplace.congestionLow",
    )
    step_up: float = parameter(
        0.10,
        unit="ratio a day",
        low=0.0,
        high=1.0,
        source="SPEC, Adaptive Fee Adjustment (IncreaseFees(0.1))",
        doc="Relative rise of the fee multiplier in a day of congestion.",
        governed="economic",
        target="InferenceMarketplace.stepUp",
    )
    step_down: float = parameter(
        0.05,
        unit="ratio a day",
        low=0.0,
        high=0.9,
        source="SPEC, Adaptive Fee Adjustment (DecreaseFees(0.05))",
        doc="Relative fall of the fee multiplier in an idle day.",
        governed="economic",
        target="InferenceMarketplace.stepDown",
    )
    multiplier_low: float = parameter(
        0.25,
        unit="ratio",
        low=0.001,
        high=1.0,
        source="assumption: without a floor an idle network's fee decays to nothing",
        doc="Lower clamp of the fee multiplier.",
        governed="economic",
        target="InferenceMarketplace.multiplierLow",
    )
    multiplier_high: float = parameter(
        4.0,
        unit="ratio",
        low=1.0,
        high=1000.0,
        source="assumption: without a cap 2 % passes 100 % in 42 steps",
        doc="Upper clamp of the fee multiplier.",
        governed="economic",
        target="InferenceMarketplace.multiplierHigh",
    )
    controller: Literal["spec", "points", "eip1559"] = parameter(
        "spec",
        unit="",
        source="SPEC, Adaptive Fee Adjustment, read as factors or as percentage points; EIP-1559 as an alternative",
        doc="Steps by factors, steps by points of a payment, or a step in proportion to the distance from a target.",
    )
    controller_target: float = parameter(
        0.5,
        unit="demand over capacity",
        low=0.01,
        high=10.0,
        source="assumption: between SPEC's thresholds",
        doc="Target utilisation, at which the fee rests under eip1559.",
    )
    controller_step: float = parameter(
        0.125,
        unit="ratio a day",
        low=0.0,
        high=10.0,
        source="EIP-1559 (an eighth)",
        doc="Relative change of the fee multiplier under eip1559 where utilisation is twice the target.",
    )
    controller_delay_days: int = parameter(
        0,
        unit="days",
        low=0,
        high=60,
        structural=True,
        source="assumption: today's utilisation is known",
        doc="Age of the utilisation that the controller sees; lags destabilise it.",
    )
    controller_limited: bool = parameter(
        False,
        unit="",
        source="WHITEPAPER 6.3 (20 % a quarter), which SPEC's second step up breaks: exempt by default",
        doc="Whether the quarterly limit on changes holds for the controller too.",
    )
    burn_governor: bool = parameter(
        False,
        unit="",
        source="ROOT (burn rate adjusted quarterly), without a rule",
        doc="Whether the burn share is moved each quarter towards a target of inflation.",
    )
    inflation_target: float = parameter(
        -0.025,
        unit="1 / year",
        low=-1.0,
        high=1.0,
        source="WHITEPAPER (2-3 % annual deflation after year five); ROOT has 2-3 % net inflation",
        doc="Target growth of the supply, for the burn governor.",
    )
    inflation_band: float = parameter(
        0.005,
        unit="1 / year",
        low=0.0,
        high=1.0,
        source="WHITEPAPER (2-3 %)",
        doc="Distance from the target within which the burn governor rests.",
    )
    governor_step: float = parameter(
        0.2,
        unit="ratio a quarter",
        low=0.0,
        high=1.0,
        source="WHITEPAPER 6.3 (at most 20 % a quarter)",
        doc="Relative change of the burn share in a quarter outside the band.",
    )
    take_limit: float = parameter(
        0.30,
        unit="share of a payment",
        low=0.0,
        high=0.9,
        source="assumption: providers keep at least 70 %",
        doc="Cap on the sum of network, treasury, referral and base fees; the network fee gives way.",
        governed="economic",
        target="InferenceMarketplace.takeLimit",
    )

    @model_validator(mode="after")
    def _keep_rules(self) -> Fees:
        sentence = broken({f"fees.{name}": value for name, value in self.model_dump().items()})
        if sentence:
            raise ValueError(sentence)
        return self
