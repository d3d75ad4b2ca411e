"""Matching: format of the market for inference, and terms of fixed-price contracts."""

from __future__ import annotations

from typing import Literal

from model.registry import Contract, parameter


class Matching(Contract):
    format: Literal["spot", "auction", "contract"] = parameter(
        "spot",
        unit="",
        source="WHITEPAPER names spot, auction and contract pricing; the spec's formula is the spot price",
        doc="Jobs pay the oracle's quote, what a reverse second-price auction finds, or a fixed-price contract.",
    )
    contract_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: WHITEPAPER has a monthly commitment",
        doc="Term of a fixed-price contract; contracts are renewed evenly over it.",
    )
    contract_discount: float = parameter(
        0.1,
        unit="share of the quote",
        low=0.0,
        high=0.9,
        source="assumption: WHITEPAPER has up to 30 % for a monthly commitment, without a rule",
        doc="Discount of a fixed-price contract on the quote at which it is signed.",
    )
