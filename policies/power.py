r"""Voting power: what each voter's tokens weigh today, under each reading.

* weighted: $\ell + \lambda s$ with $\lambda$ = 1.5, and 2 where there has been a stake for over a year (WHITEPAPER);
* go literal: $(\ell + s) \lfloor\lambda\rfloor$ for stakers and $\ell$ for others (SPEC, CalculateVotingPower, in whole
  numbers);
* root: $s$ times the weight of its tier times that of the time staked; liquid tokens have none (ROOT); who splits a
  stake over several identities has the tier of each part;
* one token: $\ell + s$ (SUMMARY).

Voters are holders, providers and consumers. A delegator votes with what it delegates unless it leaves the vote to its
provider (`delegation.vote_share`): never both. Source: SPEC, Voting Mechanism.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace, product, rate_parts, sum_by, to_nquiv, to_whole
from model.block import Block, Choice
from model.formulas import governance, staking
from policies.identities import identities

MONTHS = (91.0, 182.0, 365.0)
"""Days of stake from which ROOT's factors for 3, 6 and 12 months hold."""


def weigh(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Votes of each voter, nano-QUIV of power: liquid tokens, and staked ones by weight."""
    xp = namespace(previous_state)
    liquid, staked, days = _electors(params, previous_state)
    weight = previous_state["governance.staked_weight"][..., None]
    long = xp.maximum(params["governance.long_staked_weight"][..., None], weight)
    weight = xp.where(days > params["governance.long_stake_days"][..., None], long, weight)
    return _known(previous_state, liquid, staked, governance.voting_power(liquid, staked, weight))


def weigh_go(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same by the spec's code: a `big.Int` multiplier cannot hold 1.5, so stakers multiply by its whole part."""
    xp = namespace(previous_state)
    liquid, staked, _ = _electors(params, previous_state)
    whole = to_whole(xp.floor(previous_state["governance.staked_weight"]))[..., None]
    power = governance.voting_power_go(liquid, staked, xp.where(staked > 0, whole, 1))
    return _known(previous_state, liquid, staked, power)


def weigh_root(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same by tier and time: stake alone has votes."""
    xp = namespace(previous_state)
    liquid, staked, days = _electors(params, previous_state)
    minimums = to_nquiv(params["staking.tier_minimum_quiv"])
    tier = staking.of_tier(
        staked / _identities(params, previous_state), minimums, params["governance.tier_weight"], 1.0
    )
    times = params["governance.time_weight"]
    time = staking.of_tier(days, xp.asarray(MONTHS), times[..., 1:], times[..., :1])
    return _known(previous_state, liquid, staked, product(staked, rate_parts(tier * time))[0])


def _identities(params: Values, state: Values) -> Array:
    """Over how many identities each voter's stake is split, `(voters,)`."""
    split = identities(params, state)
    xp, holders = namespace(split), state["holder_wallet_nquiv"].shape[-1]
    listed, last = params["script.identities"], holders + split.shape[-1]
    of_providers = listed[..., holders:last] * split
    return xp.concat([listed[..., :holders], of_providers, listed[..., last:]], axis=-1)


def count_tokens(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same with one vote a token."""
    liquid, staked, _ = _electors(params, previous_state)
    return _known(previous_state, liquid, staked, liquid + staked)


def _known(state: Values, liquid: Array, staked: Array, power: Array) -> Signals:
    """Record of each voter."""
    xp = namespace(power)
    holders, providers = state["holder_delegated_nquiv"], state["provider_stake_nquiv"]
    return {
        "voter_power_nquiv": power,
        "voter_tokens_nquiv": liquid + staked,
        "holder_stake_days": xp.where(holders > 0, state["holder_stake_days"] + 1, 0),
        "provider_stake_days": xp.where(providers > 0, state["provider_stake_days"] + 1, 0),
    }


def _electors(params: Values, state: Values) -> tuple[Array, Array, Array]:
    """Liquid and staked tokens of all who vote, nano-QUIV, and the days for which they have staked."""
    xp = namespace(state)
    delegated, own = state["holder_delegated_nquiv"], state["provider_stake_nquiv"]
    given = xp.where(params["agents.votes_by_provider"] > 0.5, delegated, 0)
    consumers = state["consumer_wallet_nquiv"]
    liquid = [state["holder_wallet_nquiv"], state["provider_wallet_nquiv"], consumers]
    staked = [delegated - given, own + sum_by(given, state["holder_provider"], own.shape[-1]), xp.zeros_like(consumers)]
    days = [state["holder_stake_days"], state["provider_stake_days"], xp.zeros_like(consumers)]
    return xp.concat(liquid, axis=-1), xp.concat(staked, axis=-1), xp.concat(days, axis=-1)


BLOCK = Block(
    "power",
    "Votes are weighed.",
    Choice(
        ("governance.power", "go_literal"),
        {
            ("weighted", False): weigh,
            ("root", False): weigh_root,
            ("one_token", False): count_tokens,
            ("weighted", True): weigh_go,
            ("root", True): weigh_go,
            ("one_token", True): weigh_go,
        },
    ),
    phase="token",
    why="The days for which a stake has stood count before there is a vote.",
    needs="governance",
    where="voting",
)
