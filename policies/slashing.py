r"""Slashing: what a verdict, a day down or a sold vote costs, and where it goes.

A provider loses the part $f = \min(u, c)$ of its own stake, of its unbonding tokens and of all that is delegated to
it, unbonding or not, with $u$ from the band of the fault and $c$ the cap of its tier. Downtime is slashed at most once
in `slashing.cooldown_days`; a verdict counts in any case, so that a small slash shields from no large one. Validators
who are found to vote without looking, or to have sold a vote, lose `validation.slash_share`. Of unbonding tokens an
eighth of what was once put in always remains, so that a share of them keeps a value. Slashed stake is burned, paid to
the challenger or to the insurance fund. Source: SPEC, Core Contracts (QUIVStaking: slashing logic) and Provider
Registration (SlashEvent, LastSlash); WHITEPAPER for bands, caps and burn.
"""

from __future__ import annotations

from typing import Any

from model import draws
from model.arrays import (
    Array,
    Signals,
    Unread,
    Values,
    namespace,
    once,
    pick,
    quotient,
    scale_down,
    sum_by,
    take_rate,
    to_quiv,
)
from model.block import Block, Mechanism
from model.codes import CaseCause, Severity, SlashCause
from model.formulas import slashing
from model.launch import STAKED
from policies.cases import to_challengers
from policies.conduct import tier_cap

LEAST_VALUE = 8
"""Of unbonding tokens at least one part in so many is left by slashes."""


def slash(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Slashes of the day, nano-QUIV by agent, where they go, and each provider's history."""
    state = previous_state
    xp = namespace(state)
    verdict, downtime = once((_verdict(params, state), _downtime(params, state)))
    share = xp.maximum(verdict, downtime)
    of_holder = pick(share, state["holder_provider"])
    of_validator = _found_out(params, state)
    own = {
        "stake_slash": scale_down(state["provider_stake_nquiv"], share),
        "unbonding_slash": _of_unbonding(state, "provider", share),
        "delegation_slash": scale_down(state["holder_delegated_nquiv"], of_holder),
        "delegation_unbonding_slash": _of_unbonding(state, "holder", of_holder),
        "validator_slash": scale_down(state["validator_stake_nquiv"], of_validator),
        "validator_unbonding_slash": _of_unbonding(state, "validator", of_validator),
    }
    own = once(own)
    by_provider = own["stake_slash"] + own["unbonding_slash"]
    delegated = own["delegation_slash"] + own["delegation_unbonding_slash"]
    by_provider = by_provider + sum_by(delegated, state["holder_provider"], by_provider.shape[-1])
    of_validators = xp.sum(own["validator_slash"] + own["validator_unbonding_slash"], axis=-1)
    total = xp.sum(by_provider, axis=-1) + of_validators
    for_verdict = verdict >= downtime
    return {
        **own,
        **_destinations(params, state, by_provider * (verdict > 0.0) * for_verdict, total),
        **_history(params, state, by_provider, share),
        "slashed_by_cause_nquiv": state["slashed_by_cause_nquiv"]
        + _by_cause(xp, state, by_provider, for_verdict, of_validators),
        "slash_rate": _rate(params, state, total),
    }


def _ready(params: Values, state: Values) -> Array:
    """Whether each provider's last slash is long enough ago, 1.0 or 0.0."""
    xp = namespace(state)
    since = state["day"] - state["provider_last_slash"]
    never = state["provider_slashes"] == 0
    return xp.astype(never | (since >= params["slashing.cooldown_days"][..., None]), xp.float64)


def _capped(params: Values, state: Values, share: Array) -> Array:
    """A slash under the cap of each provider's tier."""
    xp = namespace(share)
    return xp.minimum(share, tier_cap(params, state))


def _verdict(params: Values, state: Values) -> Array:
    """The part of the stake that today's guilty verdicts take, by provider."""
    return _capped(params, state, state["verdict_share"])


def _downtime(params: Values, state: Values) -> Array:
    """The part of the stake that a day below the bar of uptime takes, by provider."""
    xp = namespace(state)
    uptime = state["provider_up"]
    below = (uptime < state["slashing.uptime_bar"][..., None]) & (state["provider_online"] > 0.0)
    below = below & (state["provider_standing"] > 0.0) & (params["draws.noise"][..., None] > 0.0)
    low, high = (params[name][..., Severity.MINOR, None] for name in ("slashing.band_low", "slashing.band_high"))
    size = draws.between(params, "slashing.downtime", state["day"], low, high, uptime.shape[-1])
    return _capped(params, state, size * xp.astype(below, xp.float64)) * _ready(params, state)


def _found_out(params: Values, state: Values) -> Array:
    """The part of the stake that each validator loses today."""
    xp = namespace(state)
    votes = state["votes_sold"]
    seen = 1.0 - slashing.survival(votes, params["validation.exposure"][..., None])
    exposed = draws.decided(params, "slashing.exposed", state["day"], seen, votes.shape[-1])
    guilty = xp.astype(exposed | (state["validator_caught"] > 0), xp.float64)
    return guilty * state["validation.slash_share"][..., None]


def _of_unbonding(state: Values, who: str, share: Array) -> Array:
    """The slash of unbonding tokens, nano-QUIV by agent."""
    xp = namespace(share)
    held, shares = state[f"{who}_unbonding_nquiv"], state[f"{who}_unbonding_shares_nquiv"]
    most = held - quotient(shares + LEAST_VALUE - 1, LEAST_VALUE)
    return xp.minimum(scale_down(held, share), xp.maximum(most, 0))


def _destinations(params: Values, state: Values, convicted: Array, total: Array) -> Signals:
    """Slashed stake by destination, nano-QUIV: burned, to challengers, the rest to the insurance fund."""
    xp = namespace(total)
    challenged = xp.where(state["case_cause"] != CaseCause.CANARY, convicted, 0)
    cut = take_rate(challenged, state["slashing.challenger_share"][..., None])
    burned = xp.minimum(take_rate(total, state["slashing.burn_share"]), total - xp.sum(cut, axis=-1))
    to_consumers, to_holders = to_challengers(state, cut)
    return {
        "slash_to_consumer": to_consumers,
        "slash_to_watcher": to_holders,
        "slash_burn": burned,
        "slash_to_insurance": total - burned - xp.sum(cut, axis=-1),
    }


def _history(params: Values, state: Values, amount: Array, share: Array) -> Signals:
    """Slashes so far, their sum and the last one's day, and who is banned, by provider."""
    xp = namespace(share)
    hit = share > 0.0
    banned = (
        (state["verdict_share"] > 0.0) & (state["case_severe"] > 0) & (params["genesis.bans_severe"] > 0.0)[..., None]
    )
    return {
        "provider_slashed_nquiv": state["provider_slashed_nquiv"] + amount,
        "provider_slashes": state["provider_slashes"] + xp.astype(hit, xp.int64),
        "provider_last_slash": xp.where(hit, state["day"], state["provider_last_slash"]),
        "provider_banned": xp.where(banned, 1, state["provider_banned"]),
    }


def _by_cause(xp: Any, state: Values, amount: Array, for_verdict: Array, validators: Array) -> Array:
    """Today's slashes by cause, `(*batch, causes)`, nano-QUIV."""
    severe = state["case_severe"] > 0
    judged = for_verdict & (state["verdict_share"] > 0.0)
    masks = {
        SlashCause.DOWNTIME: ~judged,
        SlashCause.DEGRADED: judged & ~severe,
        SlashCause.GARBAGE: judged & severe,
    }
    sums = {cause: xp.sum(xp.where(mask, amount, 0), axis=-1) for cause, mask in masks.items()}
    sums = sums | {SlashCause.VALIDATORS: validators}
    return xp.stack([sums[cause] for cause in SlashCause], axis=-1)


def _rate(params: Values, state: Values, total: Array) -> Array:
    """Slashed of what is staked, a year, as it is remembered."""
    xp = namespace(state)
    at_stake = sum(
        (xp.sum(state[name], axis=-1) for name in ("provider_stake_nquiv", "holder_delegated_nquiv")),
        start=xp.sum(state["validator_stake_nquiv"], axis=-1),
    )
    today = 365.0 * to_quiv(total) / xp.maximum(to_quiv(at_stake), 1.0)
    pull = 1.0 - xp.exp(-1.0 / params["slashing.memory_days"])
    return state["slash_rate"] + pull * (today - state["slash_rate"])


BLOCK = Block(
    "slashing",
    "Stake is slashed.",
    slash,
    phase="staking",
    why="The plan names it; before there is work only the idle have a reason.",
    since=STAKED,
    mechanism=Mechanism("slashing", "Slashes of stake."),
)
