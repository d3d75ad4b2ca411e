r"""Rebates: tier and volume discounts, cashback, prepaid credits, referrals, developers' share.

With $P$ the day's payments, $T$ what the network takes of them and $E = P - T$ the providers' receipts, what is
promised today is

$$ R = T \sum_i \frac{e_i d_i}{E} + T \sum_j \frac{p_j v_j}{P} + c P + b s P^{ch} + f \sum_{i \in ref} e_i + a h P $$

with $e_i$ the receipts and $d_i$ the tier discount of provider $i$, $p_j$ the payments and $v_j$ the volume discount of
consumer $j$, $P^{ch}$ payments by channel. Bounded, $\min(R, T)$ is paid as far as the operations pool and the day's
treasury fee reach; stackable, all of $R$ as far as the operations pool and the whole treasury reach, and what exceeds
$T$ is the deficit. Where money is short everyone gets the same part. Source: WHITEPAPER (discounts, cashback, referral,
developers); their sum was left open.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace, ratio, scale_down, share_out, to_nquiv, to_quiv
from model.block import Block, Choice, Mechanism
from model.flows import LEDGER, TAKEN
from model.formulas import staking
from model.launch import CONNECTED
from policies.identities import stake_each

MONTH = 30.0


def pay_bounded(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Rebates of the day, nano-QUIV by agent: at most what the network takes."""
    xp = namespace(previous_state)
    income = xp.minimum(LEDGER.today(previous_state, "receipt_treasury"), previous_state["treasury_nquiv"])
    return _pay(params, previous_state, _take(previous_state), income)


def pay_all(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Rebates of the day, nano-QUIV by agent: all that is promised, as long as there is a treasury."""
    treasury = previous_state["treasury_nquiv"]
    return _pay(params, previous_state, previous_state["operations_nquiv"] + treasury, treasury)


def _pay(params: Values, state: Values, limit: Array, treasury: Array) -> Signals:
    xp = namespace(state)
    payments = to_quiv(state["released_nquiv"] + state["claimed_nquiv"] + state["wash_nquiv"])
    month = _month(state, payments)
    promised = _promised(params, state, payments, month)
    owed = sum((pot for pot, _ in promised.values()), start=0.0)
    due = to_nquiv(xp.minimum(owed, 1e9))
    paid = xp.minimum(xp.minimum(due, limit), state["operations_nquiv"] + treasury)
    from_operations = xp.minimum(paid, state["operations_nquiv"])
    part = ratio(1.0, owed)
    pots = {flow: scale_down(paid, xp.minimum(pot * part, 1.0)) for flow, (pot, _) in promised.items()}
    return {
        "rebates_from_operations": from_operations,
        "rebates_from_treasury": paid - from_operations,
        **{flow: share_out(pots[flow], weights) for flow, (_, weights) in promised.items()},
        "rebates_owed_quiv": owed,
        "consumer_month_usd": month,
        "provider_days_online": state["provider_days_online"] + state["provider_online"],
    }


def _promised(params: Values, state: Values, payments: Array, month: Array) -> dict[str, tuple[Array, Array]]:
    """Rebates promised today, QUIV, and the weights by which agents share them, by the flow that would pay them."""
    xp = namespace(state)
    paid, take = xp.sum(payments, axis=-1), to_quiv(_take(state))
    work, streamed = state["delivered_weight"] + state["wash_weight"], state["claimed_nquiv"] * 1.0
    minimums = to_nquiv(params["staking.tier_minimum_quiv"])
    by_tier = work * staking.of_tier(stake_each(params, state), minimums, params["rebates.tier_discount"])
    volume = payments * staking.of_tier(month, params["rebates.volume_usd"], params["rebates.volume_discount"])
    young = state["provider_days_online"] < params["rebates.referral_days"][..., None]
    referred = xp.sum(work * params["agents.referred"] * young, axis=-1) * state["rebates.referral_share"]
    all_work = xp.sum(work, axis=-1)
    per_work = 1.0 / xp.where(all_work > 0.0, all_work, 1.0)
    per_paid = 1.0 / xp.where(paid > 0.0, paid, 1.0)
    prepaid = params["rebates.prepaid_share"] * state["rebates.prepaid_bonus"]
    api = params["rebates.api_share"] * state["rebates.developer_share"]
    earned, grantees = xp.maximum(paid - take, 0.0), params["agents.grantee_weight"]
    return {
        "tier_discount": (take * per_work * xp.sum(by_tier, axis=-1), by_tier),
        "volume_discount": (take * per_paid * xp.sum(volume, axis=-1), volume),
        "cashback": (paid * state["rebates.cashback_share"], payments),
        "prepaid_bonus": (to_quiv(xp.sum(state["claimed_nquiv"], axis=-1)) * prepaid, streamed),
        "referral_reward": (earned * per_work * referred, grantees),
        "developer_reward": (paid * api, grantees),
    }


def _month(state: Values, payments: Array) -> Array:
    """Each consumer's payments of a month, USD, smoothed over a month."""
    known = state["consumer_month_usd"]
    return known + (payments * (state["price_usd"][..., None] * MONTH) - known) / MONTH


def _take(state: Values) -> Array:
    """Take: what the network takes of today's payments, nano-QUIV."""
    return LEDGER.today(state, *TAKEN)


BLOCK = Block(
    "rebates",
    "Rebates are paid.",
    Choice("rebates.reading", {"bounded": pay_bounded, "stackable": pay_all}),
    phase="integration",
    why="Connects tiers, volume, channels and referrals with the fee.",
    since=CONNECTED,
    mechanism=Mechanism("rebates", "Discounts, cashback, prepaid bonus, referral and developers' rewards."),
    needs="settlement",
)
