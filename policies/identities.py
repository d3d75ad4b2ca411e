"""Identities: the stake by which a provider's tier is read.

A provider that an attack splits over many identities has the tier of each part, wherever a tier is read from a stake:
its priority, the models that it may serve, its discount, the cap on its slashes, its promised yield, its votes and its
standing. Everybody else is one, whole. Source: assumption; SPEC, Provider Registration, asks for no name behind a
stake.
"""

from __future__ import annotations

from model.arrays import Array, Values, namespace, quotient, to_nquiv, to_whole
from model.attacks import today

MOST_QUIV = 1e9
"""All tokens that there can be."""


def stake_each(params: Values, state: Values) -> Array:
    """Own stake of each of a provider's identities, nano-QUIV, `(*batch, providers)`."""
    return quotient(state["provider_stake_nquiv"], to_whole(identities(params, state)))


def lowest_stake(params: Values, state: Values) -> Array:
    """Stake that a provider needs for all of its identities to have the lowest tier, nano-QUIV."""
    xp = namespace(state)
    wanted = params["staking.tier_minimum_quiv"][..., :1] * identities(params, state)
    return to_nquiv(xp.minimum(wanted, MOST_QUIV))


def identities(params: Values, state: Values) -> Array:
    """Identities of each provider today, `(providers,)`."""
    return today(params, "identities", state["day"])
