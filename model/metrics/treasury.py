"""Metrics of the treasury and of other pools: holdings, income, payments, runway."""

from __future__ import annotations

from model.arrays import Array
from model.metrics.metric import Chapter, Metric, held_in, live_value, moved_by, value_of
from model.metrics.reading import Reading
from model.parameters.interests import IDEAS

CHAPTER = Chapter(
    "treasury",
    "Treasury",
    "What the treasury and the other pools hold and take in, what they pay, and how long it lasts.",
)

BUDGET = ("treasury_grant", "treasury_to_insurance", "treasury_to_operations")


def _runway_days(r: Reading) -> Array:
    """Runway: days for which the treasury lasts at today's net spending, a century at the most."""
    spent = r.moved(*BUDGET, "treasury_payment", "rebates_from_treasury")
    net = spent - r.moved("receipt_treasury", "deposit_forfeit", "channel_fee")
    return r.xp.minimum(r.held("treasury_nquiv") / r.xp.maximum(net, 1e-9), 36_500.0)


METRICS = [
    Metric("treasury_quiv", "Treasury", "QUIV", "Tokens of the DAO's treasury.", held_in("treasury_nquiv")),
    Metric("treasury_usd", "Treasury value", "USD", "The treasury at the token's price.", lambda r: r.held("treasury_nquiv") * r.state["price_usd"]),
    Metric("treasury_usd_held", "USD of the treasury", "USD", "USD that the treasury has from steadying the price.", value_of("treasury_usd")),
    Metric("treasury_income_quiv", "Treasury income", "QUIV a day", "Paid into the treasury today by receipts and forfeited deposits.", moved_by("receipt_treasury", "deposit_forfeit"), ("NetworkMetrics.RevenueMetrics",)),
    Metric("treasury_income_usd", "Treasury income in USD", "USD a day", "Paid into the treasury today by receipts and forfeited deposits, at the closing price.", lambda r: r.moved("receipt_treasury", "deposit_forfeit") * r.state["price_usd"], ("NetworkMetrics.RevenueMetrics",)),
    Metric("treasury_fee_quiv", "Treasury fee", "QUIV a day", "TreasuryFee of today's receipts.", moved_by("receipt_treasury"), ("Receipt.TreasuryFee",)),
    Metric("payments_made_quiv", "Payments of the treasury", "QUIV", "Paid so far by executed treasury proposals.", value_of("payments_made_quiv")),
    Metric("treasury_runway_days", "Runway of the treasury", "days", "Days for which the treasury lasts at today's net spending, a century at the most.", _runway_days),
    *[live_value(name) for name in IDEAS if name.startswith("treasury.")],
    Metric("operations_quiv", "Operations pool", "QUIV", "Network fees kept for operations.", held_in("operations_nquiv")),
    Metric("seized_quiv", "Seized", "QUIV", "Tokens that a regulator took from the treasury so far.", held_in("seized_nquiv")),
]  # fmt: skip
