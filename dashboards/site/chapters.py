"""The site's chapters, one a subsystem, with the metrics that each draws; every metric has one chapter."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.figures.lines import CONDUCT, FLOWS, RUIN, VALIDATORS, YIELDS
from dashboards.figures.lorenz import NAMES
from dashboards.figures.proposals import FATES
from dashboards.figures.stacks import OPENINGS, OUTCOMES, SLASHES, STAKE_BY_CLASS, STAKE_BY_TIER
from dashboards.figures.supply_stack import COMPONENTS
from dashboards.site.over_time import FEE_PHASE, HOLDERS, LASTS, PROPOSALS, SUPPLY, Recipe, composed
from model.attacks import CLASSES
from model.metrics import METRICS
from model.parameters.pricing import SIZES
from model.parameters.staking import TIERS

HEADLINES = ("supply_quiv", "burned_quiv", "tvl_usd", "staking_ratio", "price_usd", "treasury_quiv")
"""The metrics of the overview; each is in its chapter too."""


@dataclass(frozen=True)
class Chapter:
    """A page of the site: its file's name, title, what it is about, figures of several metrics, and its metrics.

    Metrics are drawn in this order as far as the store recorded them and no figure of several shows them.
    """

    id: str
    title: str
    what: str
    metrics: tuple[str, ...]
    figures: tuple[Recipe, ...] = ()


def _by(prefix: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Metrics that come by model size, tier or class."""
    return tuple(f"{prefix}_{name}" for name in names)


CHAPTERS = (
    Chapter(
        "supply",
        "Supply and emission",
        "How many tokens there are and where they are, what is minted and burned, and who holds them.",
        (
            *("supply_quiv", "circulating_quiv", "minted_quiv", "burned_quiv", "emitted_quiv", "vesting_quiv"),
            *COMPONENTS,
            *("emission_quiv", "burn_quiv", "burn_over_emission", "growth_multiplier", "burn_factor"),
            *("live_emission_growth_cap", "live_emission_staking_share"),
            *NAMES,
            *("gini", "nakamoto"),
        ),
        (SUPPLY, HOLDERS),
    ),
    Chapter(
        "token",
        "Token market",
        "What the token costs and what it is worth by the flows, how much is traded, how deep the pool is and what it "
        "earns, what speculators and the market maker do, and how fast tokens change hands.",
        (
            *("price_usd", "value_usd", "oracle_price_usd", "oracle_trips", "oracle_age_days"),
            *("traded_quiv", "traded_usd", "depth_usd", "pool_quiv", "pool_usd"),
            *("pool_over_holding", "impermanent_loss", "lvr_usd", "maker_quiv", "maker_profit_usd"),
            *("fundamentalist_share", "speculator_wealth_usd", "speculator_quiv"),
            *("velocity", "exchange_velocity", "transaction_velocity"),
        ),
    ),
    Chapter(
        "marketplace",
        "Marketplace",
        "What consumers want and pay, what inference costs them in tokens, how busy providers are, how long an answer "
        "takes, which jobs wait, what is locked for them, and what the network takes.",
        (
            *("payments_usd", "payments_quiv", "revenue_usd", "revenue_quiv", "take_rate", "net_take_rate"),
            *("rebates_quiv", "rebate_coverage", "rebate_deficit_quiv", "priority_fees_quiv"),
            *_by("inference_price_quiv", SIZES),
            *_by("paid_price_quiv", SIZES),
            *("demand_tokens", "served_tokens"),
            *_by("served_tokens", SIZES),
            *("capacity_tokens", "congestion", "wait_s", "latency_s"),
            *_by("latency_s", SIZES),
            *("active_providers", "online_providers", "provider_uptime", "uptime_below_95_share", "uptime_lowest"),
            *_by("uptime", TIERS),
            *("mean_reputation", "capacity_income_usd", "provider_income_quiv"),
            *("provider_reward_quiv", "provider_reward_usd"),
            *("active_consumers", "consumer_satisfaction", "satisfaction_margin_p10", "dissatisfied_share"),
            *_by("retained_share", SIZES),
            "outside_share",
            *("posted_jobs", "completed_jobs", "failed_jobs", "expired_jobs", "pending_jobs", "refunds_quiv"),
            *("escrow_quiv", "channels_quiv", "channel_payments_quiv", "channel_lapsed_quiv", "channel_deposits"),
            *("channel_velocity", "network_fee_quiv", "validator_fee_quiv", "stakers_fee_quiv", "referral_fee_quiv"),
        ),
    ),
    Chapter(
        "staking",
        "Staking",
        "Who stakes and what it yields, which tiers providers reach, what waits to be unbonded, and to whom holders "
        "delegate.",
        (
            *("staking_ratio", "tvl_usd", "staked_quiv", "delegated_quiv", "validator_staked_quiv", "unbonding_quiv"),
            *("direct_apr", "delegator_apr", "validator_apr", "delegator_apy", "reward_shortfall_quiv"),
            *_by("stake_quiv", TIERS),
            *_by("providers", TIERS),
            *("delegation_gini", "delegation_top10_share"),
        ),
        (composed(STAKE_BY_CLASS), composed(YIELDS), composed(STAKE_BY_TIER)),
    ),
    Chapter(
        "quality",
        "Quality",
        "Who cheats and who is seen, what validators do, which cases are opened and how they end, what is slashed and "
        "why, and what insurance pays.",
        (
            *CONDUCT.metrics,
            *("harm_share", "canary_failures", "slash_rate"),
            *SLASHES.metrics,
            *VALIDATORS.metrics,
            *("validator_accuracy", "validation_tasks", "validator_task_reward_quiv"),
            *OPENINGS.metrics,
            *OUTCOMES.metrics,
            *("challenge_bonds_quiv", "challenge_rewards_quiv", "bribes_quiv"),
            *FLOWS.metrics,
            *RUIN.metrics,
            *("insurance_quiv", "claims_unpaid_quiv"),
        ),
        tuple(composed(figure) for figure in (CONDUCT, SLASHES, VALIDATORS, OPENINGS, OUTCOMES, FLOWS, RUIN)),
    ),
    Chapter(
        "governance",
        "Governance",
        "What became of proposals, who votes and how few decide, what a majority would cost, what the fee's controller "
        "does, and where votes have moved parameters.",
        (
            *("proposals_submitted", *FATES, "governance_activity", "turnout"),
            *("vote_top10_share", "vote_majority", "capture_quiv", "capture_usd", "fee_multiplier"),
            *(
                name
                for name in METRICS
                if name.startswith("live_") and not name.startswith(("live_emission_", "live_treasury_"))
            ),
        ),
        (PROPOSALS, FEE_PHASE),
    ),
    Chapter(
        "treasury",
        "Treasury",
        "What the treasury and the other pools hold and take in, what they pay, and how long it lasts.",
        (
            *("treasury_quiv", "treasury_usd", "treasury_usd_held", "treasury_income_quiv", "treasury_income_usd"),
            *("treasury_fee_quiv", "payments_made_quiv", "treasury_runway_days", "live_treasury_grants_quiv_per_year"),
            *("operations_quiv", "seized_quiv"),
        ),
        (LASTS,),
    ),
    Chapter(
        "attacks",
        "Attacks",
        "What crews of attackers spend and gain, and what becomes of everyone else's wealth meanwhile.",
        (
            *("crew_cash_usd", "crew_wealth_usd", "attack_spent_usd", "attack_profit_usd", "wash_quiv"),
            *_by("wealth_usd", (*CLASSES, "treasury")),
        ),
    ),
)
