r"""Fees: the congestion controller, and the split of a payment.

$$m' = \min(\max(g\,m,\; m_{\min}),\; m_{\max}), \qquad
  g = \begin{cases} 1.1 & C > 0.8 \\ 0.95 & C < 0.3 \\ 1 & \text{otherwise} \end{cases}$$

$$A = \text{provider} + \text{network kept} + \text{treasury} + \text{burn} + \text{validators} + \text{stakers}
  + \text{referral}$$

Every part is rounded down to a whole nano-QUIV and the provider takes the remainder: the parts sum to the payment $A$.
Units: nano-QUIV (`int64`); rates and shares in [0, 1], read in parts of 1e9; congestion is demand over capacity.

Source: SPEC, Adaptive Fee Adjustment; SPEC, Receipt System Enhancement; WHITEPAPER 3.1, 5.2 and 5.3 and ROOT for the
rates. Assumptions: the controller acts on a multiplier of the network share, within bounds that the spec lacks; the
burn is a share of the network fee; validators are paid out of the network fee as far as it goes.
"""

from __future__ import annotations

from model.arrays import Array, namespace, take_rate


def adjust_multiplier(
    multiplier: Array, congestion: Array, *, high: Array, low: Array, up: Array, down: Array, floor: Array, cap: Array
) -> Array:
    """The fee multiplier after one step of the controller, elementwise; both comparisons are strict.

    `up` and `down` are factors (1.1 and 0.95 in the spec), `floor` and `cap` bound the result. A NaN congestion
    changes nothing. Source: SPEC, Adaptive Fee Adjustment.
    """
    xp = namespace(multiplier, congestion)
    lowered = xp.where(congestion < low, multiplier * down, multiplier)
    moved = xp.where(congestion > high, multiplier * up, lowered)
    return xp.minimum(xp.maximum(moved, floor), cap)


def split(
    payment_nquiv: Array,
    *,
    network_rate: Array,
    treasury_rate: Array,
    burn_share: Array,
    validator_rate: Array,
    stakers_share: Array,
    network_treasury_share: Array,
    referral_rate: Array,
    base_burn_rate: Array,
) -> dict[str, Array]:
    """Whole parts of each payment, which sum to it exactly; elementwise, `int64` nano-QUIV.

    Rates are of the payment, shares of the network fee. Keys: `provider`, `network_kept` (operations), `treasury`,
    `burn`, `validators`, `stakers`, `referral`. No part is negative: should rates or shares sum to more than 1, those
    named later get what is left. Source: SPEC, Receipt System Enhancement; WHITEPAPER 3.1, 5.2, 5.3.
    """
    network = _part(payment_nquiv, network_rate, payment_nquiv)
    kept = _split_network(
        network,
        payment_nquiv,
        burn_share=burn_share,
        stakers_share=stakers_share,
        treasury_share=network_treasury_share,
        validator_rate=validator_rate,
    )
    treasury = _part(payment_nquiv, treasury_rate, payment_nquiv - network)
    referral = _part(payment_nquiv, referral_rate, payment_nquiv - network - treasury)
    base_burn = _part(payment_nquiv, base_burn_rate, payment_nquiv - network - treasury - referral)
    return {
        "provider": payment_nquiv - network - treasury - referral - base_burn,
        "network_kept": kept["network_kept"],
        "treasury": treasury + kept["treasury"],
        "burn": base_burn + kept["burn"],
        "validators": kept["validators"],
        "stakers": kept["stakers"],
        "referral": referral,
    }


def _split_network(
    network: Array,
    payment: Array,
    *,
    burn_share: Array,
    stakers_share: Array,
    treasury_share: Array,
    validator_rate: Array,
) -> dict[str, Array]:
    """The network fee by payee; only the validators' rate is of the payment."""
    burn = _part(network, burn_share, network)
    stakers = _part(network, stakers_share, network - burn)
    treasury = _part(network, treasury_share, network - burn - stakers)
    validators = _part(payment, validator_rate, network - burn - stakers - treasury)
    kept = network - burn - stakers - treasury - validators
    return {"burn": burn, "stakers": stakers, "treasury": treasury, "validators": validators, "network_kept": kept}


def _part(amount: Array, rate: Array, left: Array) -> Array:
    """floor(amount * rate), at most what is left."""
    xp = namespace(amount)
    return xp.minimum(take_rate(amount, xp.asarray(rate, dtype=xp.float64)), left)
