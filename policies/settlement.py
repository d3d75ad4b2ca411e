r"""Settlement: work served, payments, and the receipt that splits each payment.

Compute demanded $q = \sum_m c_m D_m$ meets the capacity $k$ of the active providers. Utilisation $C = q / k$ is the
spec's congestion; the share $\min(1, 1/C)$ of demand is served and paid. Each payment is split by the receipt

    payment = provider + operations + insurance + treasury + burn + validators + stakers + referral

in whole nano-QUIV (`model/formulas/fees.py`), the network share being

$$ n_t = \min( m_t\, n,\; L - t - r - b ) $$

with $m$ the fee multiplier, $L$ the limit on what is taken, $t$, $r$ and $b$ the treasury's, referral and base burn
rates. Providers share receipts and the day's work rewards by capacity times tier priority. Source: SPEC, Receipt
System Enhancement; WHITEPAPER 3.1 and 5.
"""

from __future__ import annotations

from typing import Any

from model.arrays import Array, Signals, Unread, Values, namespace, share_out, take_rate, to_nquiv, to_quiv
from model.formulas import fees, staking


def settle(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The day's payments, receipts and work rewards (nano-QUIV), utilisation, tokens served by model size."""
    xp = namespace(previous_state["price_usd"])
    weights, capacity, active = _capacity(params, previous_state)
    demanded = xp.sum(previous_state["demand_tokens"] * params["pricing.complexity"], axis=-1)
    congestion = demanded / xp.maximum(capacity, 1.0)
    able = xp.where(capacity > 0.0, 1.0 / xp.maximum(congestion, 1.0), 0.0 * congestion)
    payment, paid_share = _pay(previous_state, able)
    paid = xp.sum(payment, axis=-1)
    receipt = _receipt(params, previous_state, paid)
    earned = share_out(receipt.pop("provider") + previous_state["settlement_nquiv"], weights)
    pool = previous_state["work_rewards_nquiv"]
    work = share_out(xp.where(paid > 0, pool, 0 * pool), weights)
    validators = share_out(receipt.pop("validators"), params["agents.validator_weight"])
    return {
        "payment": payment,
        "receipt_provider": earned,
        "receipt_validators": validators,
        "receipt_referral": share_out(receipt.pop("referral"), payment),
        **{f"receipt_{payee}": amount for payee, amount in receipt.items()},
        "work_reward": work,
        "provider_income_nquiv": earned + work,
        "validator_income_nquiv": validators,
        "payments_usd": to_quiv(paid) * previous_state["price_usd"],
        "served_tokens": previous_state["demand_tokens"] * (able * paid_share)[..., None],
        "capacity_tokens": capacity,
        "active_providers": active,
        "congestion": congestion,
    }


def network_rate(params: Values, state: Values) -> Array:
    """The network share after multiplier and limit, a share of the payment."""
    xp = namespace(state["fee_multiplier"])
    others = state["fees.treasury_share"] + state["fees.referral_share"] + state["fees.base_burn_share"]
    room = xp.maximum(state["fees.take_limit"] - others, 0.0 * others)
    return xp.minimum(state["fee_multiplier"] * state["fees.network_share"], room)


def _capacity(params: Values, state: Values) -> tuple[Array, Array, Array]:
    """Weights for sharing out work, total capacity (small-model tokens a day), number of active providers."""
    xp = namespace(state["price_usd"])
    minimums = to_nquiv(params["staking.tier_minimum_quiv"])
    priority = _priority(params, xp, staking.tier(state["provider_stake_nquiv"], minimums))
    active = xp.astype(priority > 0.0, xp.float64) * state["provider_online"]
    growth = xp.exp(params["providers.capacity_growth"] * (state["day"] / 365.0))
    able = params["agents.capacity_tokens"] * growth[..., None] * active
    return able * priority, xp.sum(able, axis=-1), xp.sum(active, axis=-1)


def _priority(params: Values, xp: Any, tier: Array) -> Array:
    """The priority weight of each provider's tier, one comparison a tier; 0 without a tier."""
    weights = params["staking.tier_priority"]
    chosen = 0.0 * tier
    for index in range(weights.shape[-1]):
        chosen = xp.where(tier == index + 1, weights[..., index, None], chosen)
    return chosen


def _pay(state: Values, able: Array) -> tuple[Array, Array]:
    """Payments by consumer, as far as their wallets reach, and the share of what was due that was paid."""
    xp = namespace(able)
    due = to_nquiv(xp.minimum(state["spending_usd"] / state["oracle_price_usd"][..., None] * able[..., None], 1e9))
    payment = xp.minimum(due, state["consumer_wallet_nquiv"])
    total_due = xp.sum(xp.astype(due, xp.float64), axis=-1)
    return payment, xp.astype(xp.sum(payment, axis=-1), xp.float64) / xp.maximum(total_due, 1.0)


def _receipt(params: Values, state: Values, paid: Array) -> Signals:
    """The spec's receipt of the day's payments, nano-QUIV by payee."""
    parts = fees.split(
        paid,
        network_rate(params, state),
        state["fees.treasury_share"],
        state["fees.burn_share"],
        state["fees.validator_share"],
        state["fees.stakers_share"],
        state["fees.network_treasury_share"],
        state["fees.referral_share"],
        state["fees.base_burn_share"],
    )
    kept = parts.pop("network_kept")
    insurance = take_rate(kept, state["fees.insurance_share"])
    return {**parts, "insurance": insurance, "operations": kept - insurance}
