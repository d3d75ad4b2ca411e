r"""Settlement: the receipt that splits each payment which escrow releases, and the day's work rewards.

Each payment is split by the receipt

    payment = provider + operations + insurance + treasury + burn + validators + stakers + referral

in whole nano-QUIV (`model/formulas/fees.py`), on the day of the payment; without an active validator operations keep
the validators' part. The network share is

$$ n_t = \min( m_t\, n,\; L - t - r - b ) $$

with $m$ the fee multiplier, $L$ the limit on what is taken, $t$, $r$ and $b$ the treasury's, referral and base burn
rates. Providers share receipts by the value of what they delivered today, less what is disputed of it (where nobody
delivered, by what they earned yesterday), and
the day's work rewards by that times

$$ \big( 1 + (1.2 - 1) [\text{first token in time}] \big) \big( 1 + (1.5 - 1)\, s_i \big) $$

with $s_i$ the remembered success of provider $i$. Payments for jobs that nobody asked for (an attack) are settled like
any other: no receipt tells them apart. Source: SPEC,
Receipt System Enhancement; WHITEPAPER 3.1 and 5.
"""

from __future__ import annotations

from model.arrays import (
    Array,
    Signals,
    Unread,
    Values,
    namespace,
    part_of,
    ratio,
    share_out,
    take_rate,
    to_nquiv,
    to_quiv,
)
from model.attacks import today
from model.block import Block, Mechanism
from model.formulas import fees


def settle_payments(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The day's receipts and work rewards, nano-QUIV; what providers and validators earn."""
    xp = namespace(previous_state)
    wash, wash_weight = _wash(params, previous_state)
    payment = previous_state["released_nquiv"] + previous_state["claimed_nquiv"] + wash
    paid = xp.sum(payment, axis=-1)
    weights = previous_state["delivered_weight"] * (1.0 - previous_state["provider_disputed"]) + wash_weight
    receipt = _receipt(params, previous_state, paid)
    left = previous_state["settlement_nquiv"] + xp.sum(wash, axis=-1) - paid
    earned = share_out(receipt.pop("provider") + left, _paid_for(previous_state, weights))
    pool = previous_state["work_rewards_nquiv"]
    work = share_out(xp.where(paid > 0, pool, 0), weights * _bonus(params, previous_state))
    validators = share_out(receipt.pop("validators"), previous_state["validator_active"])
    return {
        "receipt_provider": earned,
        "receipt_validators": validators,
        "receipt_referral": share_out(receipt.pop("referral"), payment),
        **{f"receipt_{payee}": amount for payee, amount in receipt.items()},
        "work_reward": work,
        "wash_payment": wash,
        **_recycled(params, previous_state, wash),
        "wash_nquiv": wash,
        "wash_weight": wash_weight,
        "provider_income_nquiv": part_of(earned + work, 1.0 - ratio(wash_weight, weights)),
        "validator_income_nquiv": validators,
        "payments_usd": to_quiv(paid) * previous_state["price_usd"],
    }


def _paid_for(state: Values, weights: Array) -> Array:
    """What providers share receipts by: their work, or, on a day without any, what they earned the day before.

    So what escrow releases after the last provider has gone is settled on its day; equally where nobody earned either.
    """
    xp = namespace(weights)
    for otherwise in (xp.astype(state["provider_income_nquiv"], xp.float64), xp.ones_like(weights)):
        weights = xp.where(xp.sum(weights, axis=-1)[..., None] > 0.0, weights, otherwise)
    return weights


def _wash(params: Values, state: Values) -> tuple[Array, Array]:
    """Wash payments today, for jobs that nobody asked for, nano-QUIV by consumer, and their value by provider, QUIV."""
    xp = namespace(state)
    wallet = state["consumer_wallet_nquiv"]
    wanted = to_nquiv(today(params, "wash_paid_quiv", state["day"]))
    paid = xp.minimum(wanted, wallet)
    part = ratio(to_quiv(xp.sum(paid, axis=-1)), to_quiv(xp.sum(wanted, axis=-1)))
    return paid, today(params, "wash_earned_quiv", state["day"]) * state["provider_standing"] * part[..., None]


def _recycled(params: Values, state: Values, wash: Array) -> Signals:
    """Wash payments that go back to who pays, for tomorrow, as far as the provider's wallet reaches, nano-QUIV.

    Provider and consumer of a pair have the same number.
    """
    xp = namespace(wash)
    wallet, consumers = state["provider_wallet_nquiv"], wash.shape[-1]
    provider = xp.minimum(xp.arange(wallet.shape[-1]), consumers - 1)
    consumer = xp.minimum(xp.arange(consumers), wallet.shape[-1] - 1)
    earns = today(params, "wash_earned_quiv", state["day"]) > 0.0
    pays = today(params, "wash_paid_quiv", state["day"]) > 0.0
    given = xp.minimum(xp.take(wash, provider, axis=-1), wallet) * earns
    return {"wash_return": given, "wash_recycled": xp.take(given, consumer, axis=-1) * pays}


def _bonus(params: Values, state: Values) -> Array:
    """The factor on each provider's work when work rewards are shared out, for speed and quality."""
    xp = namespace(state)
    first = state["wait_s"][..., None] + params["latency.first_token_s"][..., None] * params["agents.slowness"]
    quick = xp.astype(first <= params["emission.speed_bar_s"][..., None], xp.float64)
    speed = 1.0 + (params["emission.speed_bonus"] - 1.0)[..., None] * quick
    return speed * (1.0 + (params["emission.quality_bonus"] - 1.0)[..., None] * state["provider_success"])


def network_rate(params: Values, state: Values) -> Array:
    """The network share after multiplier and limit, a share of the payment."""
    xp = namespace(state)
    others = state["fees.treasury_share"] + state["fees.referral_share"] + state["fees.base_burn_share"]
    room = xp.maximum(state["fees.take_limit"] - others, 0.0)
    return xp.minimum(state["fee_multiplier"] * state["fees.network_share"], room)


def _receipt(params: Values, state: Values, paid: Array) -> Signals:
    """The spec's receipt of the day's payments, nano-QUIV by payee."""
    xp = namespace(paid)
    others = state["fees.stakers_share"] + state["fees.network_treasury_share"]
    parts = fees.split(
        paid,
        network_rate=network_rate(params, state),
        treasury_rate=state["fees.treasury_share"],
        burn_share=xp.minimum(
            state["fees.burn_share"] * state["burn_factor"], xp.maximum(1.0 - others, state["fees.burn_share"])
        ),
        validator_rate=xp.where(xp.sum(state["validator_active"], axis=-1) > 0.0, state["fees.validator_share"], 0.0),
        stakers_share=state["fees.stakers_share"],
        network_treasury_share=state["fees.network_treasury_share"],
        referral_rate=state["fees.referral_share"],
        base_burn_rate=state["fees.base_burn_share"],
    )
    kept = parts.pop("network_kept")
    insurance = take_rate(kept, state["fees.insurance_share"])
    return {**parts, "insurance": insurance, "operations": kept - insurance}


BLOCK = Block(
    "settlement",
    "Payments are split by receipts.",
    settle_payments,
    phase="payments",
    why="The plan names fee distribution.",
    mechanism=Mechanism("settlement", "Posting and serving of jobs, escrow, payment and receipts."),
)
