"""Metrics of staking: stake and its yields by class, tiers, unbonding, delegation."""

from __future__ import annotations

from model.arrays import Array, ratio, to_quiv
from model.flows import LEDGER
from model.formulas import concentration, staking
from model.metrics.metric import Chapter, Metric, Read, held_in, value_of
from model.metrics.reading import Reading
from model.parameters.staking import TIERS

CHAPTER = Chapter(
    "staking",
    "Staking",
    "Who stakes and what it yields, which tiers providers reach, what waits to be unbonded, and to whom holders "
    "delegate.",
)

STAKED = LEDGER.where(lambda account: account.part == "staked")
UNBONDING = LEDGER.where(lambda account: account.part == "unbonding")
DEPOSITED = ("consumer_escrow_nquiv", "consumer_channel_nquiv", "proposal_deposits_nquiv", "challenge_bonds_nquiv")

MOST_APR = 10.0
"""Yield beyond which compounding a single day's reward for a year says nothing (and overflows)."""


def _apy(r: Reading) -> Array:
    """Delegation APY: the day's yield compounded for a year."""
    return staking.apy(r.xp.minimum(r.state["delegator_apr"], MOST_APR))


def _stake_in_tier(index: int) -> Read:
    """Own stake of the providers in a tier, QUIV."""

    def read(r: Reading) -> Array:
        stake = r.state["provider_stake_nquiv"]
        return to_quiv(r.xp.sum(r.xp.where(r.in_tier(index), stake, 0 * stake), axis=-1))

    return read


def _providers_in_tier(index: int) -> Read:
    """Providers whose stake reaches a tier and no higher one."""
    return lambda r: r.reached[index] - r.reached[index + 1]


def _top_delegation(r: Reading) -> Array:
    """Part of all delegations that the ten providers with the most have."""
    most = r.delegated_by_provider
    return ratio(r.xp.sum(most[..., -10:], axis=-1), r.xp.sum(most, axis=-1))


METRICS = [
    Metric("staking_ratio", "Staking ratio", "share of circulating supply", "Tokens staked by providers, delegators and validators over circulating supply.", lambda r: ratio(r.held(*STAKED), r.circulating), ("ChainMetrics.StakingRatio",)),
    Metric("tvl_usd", "Total value locked", "USD", "Staked, delegated, unbonding tokens, escrow, channels, deposits and bonds, at the token's price.", lambda r: r.held(*STAKED, *UNBONDING, *DEPOSITED) * r.state["price_usd"], ("ChainMetrics.TotalValueLocked",)),
    Metric("staked_quiv", "Staked by providers", "QUIV", "Providers' own stake.", held_in("provider_stake_nquiv")),
    Metric("delegated_quiv", "Delegated", "QUIV", "Holders' delegated stake.", held_in("holder_delegated_nquiv")),
    Metric("validator_staked_quiv", "Staked by validators", "QUIV", "Validators' stake.", held_in("validator_stake_nquiv"), ("Validator.StakedAmount",)),
    Metric("unbonding_quiv", "Unbonding", "QUIV", "Tokens on their way out of stake.", held_in(*UNBONDING)),
    Metric("direct_apr", "Yield of own stake", "1 / year", "Today's reward of providers' own stake, a year of it over the stake, not compounded.", value_of("direct_apr")),
    Metric("delegator_apr", "Yield of delegation", "1 / year", "Today's reward of delegated stake, a year of it over the stake, not compounded.", value_of("delegator_apr")),
    Metric("validator_apr", "Yield of validators' stake", "1 / year", "Today's reward of validators' stake, a year of it over the stake, not compounded.", value_of("validator_apr")),
    Metric("delegator_apy", "Yield of delegation, compounded", "1 / year", "The same yield compounded daily; one above 10 a year, as on the first days, counts as 10.", _apy),
    Metric("reward_shortfall_quiv", "Shortfall of promised rewards", "QUIV a day", "Promised staking rewards of today that the pool could not pay; zero but under fixed_apy.", value_of("reward_shortfall_quiv")),
    *[Metric(f"stake_quiv_{tier}", f"Stake in tier {tier}", "QUIV", f"Own stake of the providers in tier {tier}.", _stake_in_tier(i)) for i, tier in enumerate(TIERS)],
    *[Metric(f"providers_{tier}", f"Providers in tier {tier}", "providers", f"Providers whose stake reaches {tier} and no higher tier.", _providers_in_tier(i), ("ProviderRegistry.MinStakeAmount",)) for i, tier in enumerate(TIERS)],
    Metric("delegation_gini", "Gini coefficient of delegation", "ratio", "Of what is delegated to each provider.", lambda r: concentration.gini_sorted(r.delegated_by_provider)),
    Metric("delegation_top10_share", "Delegated to the ten largest", "share of delegations", "Part of all delegations that the ten providers with the most have.", _top_delegation),
]  # fmt: skip
