"""PaymentChannel: share of spending that is streamed, cost of a deposit, lifetime of a channel."""

from __future__ import annotations

from model.registry import Contract, parameter


class Channels(Contract):
    share: float = parameter(
        0.5,
        unit="share of spending",
        low=0.0,
        high=1.0,
        source="assumption: SPEC has channels for streaming inference and no share",
        doc="Spending that consumers would stream through a channel; the rest is locked job by job.",
    )
    opening_fee_quiv: float = parameter(
        0.0,
        unit="QUIV",
        low=0.0,
        high=1e6,
        source="WHITEPAPER has none; ROOT has 10 QUIV",
        doc="Fee of each deposit into a channel, paid to the treasury.",
        governed="economic",
        target="PaymentChannel.openingFee",
    )
    transaction_cost_usd: float = parameter(
        0.05,
        unit="USD",
        low=0.0,
        high=1e4,
        source="assumption: a transaction on a rollup, and the attention that it takes",
        doc="Transaction cost of a deposit beside the fee, outside the token's economy.",
    )
    cost_of_capital: float = parameter(
        0.2,
        unit="1 / year",
        low=1e-6,
        high=10.0,
        source="assumption: the return that a holder of a volatile token asks",
        doc="Opportunity cost of locked tokens: what a consumer could earn on them elsewhere.",
    )
    missed_claims: float = parameter(
        0.01,
        unit="share of the last day's payments",
        low=0.0,
        high=1.0,
        source="assumption: SPEC has no dispute period; one voucher in a hundred comes too late",
        doc="Part of an expiring channel's unsettled payments that providers do not claim in time, and lose.",
    )
    expiry_days: int = parameter(
        30,
        unit="days",
        low=1,
        high=3650,
        source="assumption: SPEC, Payment Channel Implementation (Expiry), has no number",
        doc="Life of a channel from its last opening; then the rest is refunded and the channel opened anew.",
    )
