"""Every state variable that is not an account: name, axis, unit, the contract that updates it, and what it is.

An axis of several words is an axis each: `"unbonding_days providers"` is shape `(*batch, unbonding_days, providers)`.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.flows import ACCOUNTS
from model.parameters import GOVERNED, REGISTRY

WHOLE_UNITS = frozenset(
    [
        "nQUIV",
        "nQUIV a day",
        "votes",
        "days",
        "substeps",
        "code",
        "whole tokens",
        "trips",
        "jobs",
        "vouchers",
        "tasks",
        "cases",
        "slashes",
        "agent",
    ]
)


@dataclass(frozen=True)
class Variable:
    name: str
    own: str
    unit: str
    contract: str
    doc: str

    @property
    def whole(self) -> bool:
        """Whether it is `int64`: amounts, votes, counts and codes are whole; prices, rates and ratios are not."""
        return self.unit in WHOLE_UNITS


FIGURES = [
    Variable("day", "", "days", "clock", "Days since genesis; one number for the whole batch."),
    Variable("minted_nquiv", "", "nQUIV", "supply", "Cumulative mint: genesis allocations and emission."),
    Variable("burned_nquiv", "", "nQUIV", "supply", "Cumulative burn."),
    Variable("flows_nquiv", "flows", "nQUIV", "clock", "Moved today by each flow."),
    Variable("price_usd", "", "USD per QUIV", "market", "Price of the token."),
    Variable("pool_usd", "", "USD", "market", "USD in the liquidity pool."),
    Variable("lvr_usd", "", "USD", "market", "Loss of the pool against rebalancing, cumulative, fees included."),
    Variable("maker_usd", "", "USD", "market", "The market maker's cash."),
    Variable("maker_ask_usd", "", "USD per QUIV", "maker", "What the market maker asks."),
    Variable("maker_bid_usd", "", "USD per QUIV", "maker", "What the market maker bids."),
    Variable("maker_variance", "", "% squared a day", "maker", "Variance of returns that the market maker goes by."),
    Variable("maker_last_price_usd", "", "USD per QUIV", "maker", "Price that the market maker saw yesterday."),
    Variable("batch_price_usd", "", "USD per QUIV", "market", "Price of the day's batch."),
    Variable("speculator_cash_usd", "speculators", "USD", "market", "Speculators' cash."),
    Variable("economy_bought_usd", "", "USD a day", "market", "What consumers buy, smoothed."),
    Variable("economy_sold_quiv", "", "QUIV a day", "market", "What providers, validators and holders sell, smoothed."),
    Variable("speculator_order_nquiv", "speculators", "nQUIV", "speculators", "What each group of speculators orders today; sales are negative."),
    Variable("fundamentalist_share", "speculators", "ratio", "speculators", "Part of each group of speculators that goes by value."),
    Variable("speculator_trend", "speculators", "log return a day", "speculators", "Trend that each group of speculators sees."),
    Variable("speculator_last_price_usd", "", "USD per QUIV", "speculators", "Price that speculators saw yesterday."),
    Variable("news", "", "log", "speculators", "News about the value that is not in the flows."),
    Variable("value_usd", "", "USD per QUIV", "speculators", "Value that speculators see."),
    Variable("contributors_nquiv", "", "nQUIV a day", "treasury", "Paid today to contributors by grants and operations."),
    Variable("feed_price_usd", "feeds", "USD per QUIV", "oracle", "Each feed's last report."),
    Variable("feed_age_days", "feeds", "days", "oracle", "Days since each feed reported anew."),
    Variable("oracle_price_usd", "", "USD per QUIV", "oracle", "Price that consumers and contracts go by."),
    Variable("oracle_held_days", "", "days", "oracle", "Days for which a tripped circuit breaker still holds the last price."),
    Variable("oracle_trips", "", "trips", "oracle", "Times that the circuit breaker has tripped."),
    Variable("oracle_last_update", "", "days", "oracle", "Day on which the oracle's price was last renewed."),
    Variable("budget_usd", "consumers", "USD a day", "demand", "What each consumer would spend today at the reference price."),
    Variable("spending_usd", "consumers", "USD a day", "demand", "What each consumer wants to spend today at today's price."),
    Variable("demand_tokens", "sizes", "tokens a day", "demand", "Tokens demanded today, by model size."),
    Variable("ordered_tokens", "sizes consumers", "tokens a day", "demand", "Tokens that each consumer wants today, by model size."),
    Variable("outside_share", "", "share of demand", "outside", "Part of demand that the outside option takes today."),
    Variable("satisfaction", "consumers", "ratio", "satisfaction", "Satisfaction of each consumer, from 0 to 1."),
    Variable("consumer_active", "consumers", "ratio", "satisfaction", "Share of each consumer's demand that is with the network, from 0 to 1."),
    Variable("inference_price_quiv", "sizes", "QUIV per token", "pricing", "Price of inference, by model size."),
    Variable("order_price_quiv", "sizes", "QUIV per token", "matching", "Price at which consumers order, by model size."),
    Variable("paid_price_quiv", "sizes", "QUIV per token", "matching", "Price that today's orders pay, by model size."),
    Variable("admitted_tokens", "sizes", "small-model tokens a day", "matching", "Capacity that serves at today's prices, by model size."),
    Variable("demand_index", "", "ratio", "pricing", "Smoothed demand over the demand at target utilisation."),
    Variable("queued_nquiv", "expiry_days sizes consumers", "nQUIV", "jobs", "Payment of jobs that wait, by day of posting, oldest first."),
    Variable("queued_tokens", "expiry_days sizes", "tokens", "jobs", "Tokens of jobs that wait, by day of posting, oldest first."),
    Variable("queued_jobs", "expiry_days sizes", "jobs", "jobs", "Jobs that wait, by day of posting, oldest first."),
    Variable("job_remainder", "sizes", "jobs, a fraction", "jobs", "Part of a job that is not yet a whole one, by model size."),
    Variable("posted_jobs", "sizes", "jobs", "jobs", "Jobs posted today, by model size."),
    Variable("served_jobs", "sizes", "jobs", "jobs", "Jobs served today, complete or not, by model size."),
    Variable("expired_jobs", "sizes", "jobs", "jobs", "Jobs that expired today, by model size."),
    Variable("served_nquiv", "sizes consumers", "nQUIV a day", "jobs", "Payment of the jobs served today, still in escrow."),
    Variable("work_weight", "providers", "QUIV a day", "award", "Value of what each provider served today, at today's prices."),
    Variable("delivered_weight", "providers", "QUIV a day", "failures", "Value of what each provider delivered today, by which it is paid."),
    Variable("delivered_nquiv", "consumers", "nQUIV a day", "failures", "Payment of what was delivered today, still in escrow."),
    Variable("failed_jobs", "sizes", "jobs", "failures", "Jobs served today that broke off, by model size."),
    Variable("completed_jobs", "sizes", "jobs", "failures", "Jobs completed today, by model size."),
    Variable("streamed_nquiv", "sizes consumers", "nQUIV a day", "jobs", "Payment by channel for what was served today."),
    Variable("stream_due_nquiv", "consumers", "nQUIV a day", "failures", "Payment by channel for what was delivered today."),
    Variable("rebates_owed_quiv", "", "QUIV a day", "rebates", "Rebates that are promised for today, paid or not."),
    Variable("consumer_month_usd", "consumers", "USD a month", "rebates", "Each consumer's payments of a month, smoothed over a month."),
    Variable("provider_days_online", "providers", "days online", "rebates", "Days for which each provider has been online."),
    Variable("urgent_share", "", "share of postings", "priority", "Part of today's jobs that pays for service ahead of others."),
    Variable("claimed_nquiv", "consumers", "nQUIV a day", "channels", "Payment by channel that providers claimed today."),
    Variable("channel_lapsed_nquiv", "consumers", "nQUIV a day", "channels", "Payment by channel that nobody claimed before the channel ended today."),
    Variable("channel_target_nquiv", "consumers", "nQUIV", "channels", "Balance to which each consumer fills up its channel."),
    Variable("channel_opened", "consumers", "code", "channels", "Whether each consumer made a deposit today: 0 or 1."),
    Variable("channel_nonce", "consumers", "vouchers", "channels", "Nonce of the latest voucher of each channel; it only grows."),
    Variable("channel_expiry_day", "consumers", "days", "channels", "Day on which each channel expires."),
    Variable("window_nquiv", "window_days consumers", "nQUIV", "escrow", "Payment in the challenge window, by day of delivery, latest first."),
    Variable("released_nquiv", "consumers", "nQUIV a day", "escrow", "Payment released today."),
    Variable("capacity_tokens", "", "small-model tokens a day", "capacity", "Capacity of the active providers who are up."),
    Variable("offered_tokens", "sizes providers", "small-model tokens a day", "capacity", "What each active provider can do today for each model size."),
    Variable("provider_up", "providers", "ratio", "capacity", "Whether each provider is up today: 0 or 1, a share in a run without noise."),
    Variable("provider_priority", "providers", "ratio", "capacity", "Priority of each provider's capacity when work is shared out; 0 without a tier."),
    Variable("provider_success", "providers", "ratio", "reputation", "Success of each provider's jobs as it is remembered, from 0 to 1."),
    Variable("provider_activity", "providers", "ratio", "reputation", "Share of days that each provider was online and up as it is remembered, from 0 to 1."),
    Variable("active_providers", "", "agents", "capacity", "Providers who are online with the stake of a tier."),
    Variable("provider_online", "providers", "ratio", "providers", "Whether each provider is online: 0 or 1, a share in a run without noise."),
    Variable("capacity_income_usd", "", "USD a day per small-model token a day", "providers", "What capacity earns by work, smoothed."),
    Variable("provider_income_nquiv", "providers", "nQUIV a day", "settlement", "Earned today by work: receipts and work rewards."),
    Variable("validator_income_nquiv", "validators", "nQUIV a day", "settlement", "Earned today by validators from receipts."),
    Variable("payments_usd", "", "USD a day", "settlement", "Value of today's payments."),
    Variable("congestion", "", "demand over capacity", "jobs", "Utilisation: compute demanded today over compute there is."),
    Variable("served_tokens", "sizes", "tokens a day", "jobs", "Tokens served today, by model size."),
    Variable("wait_s", "", "seconds", "latency", "Mean wait for a free server."),
    Variable("latency_s", "sizes", "seconds", "latency", "Mean time from request to answer, by model size."),
    Variable("fee_multiplier", "", "ratio", "fees", "Factor on the network share."),
    Variable("growth_ring_tokens", "growth_days sizes", "whole tokens", "emission", "Tokens served on each of the last days of two windows."),
    Variable("growth_recent_tokens", "sizes", "whole tokens", "emission", "Tokens served in the recent window."),
    Variable("growth_previous_tokens", "sizes", "whole tokens", "emission", "Tokens served in the window before it."),
    Variable("growth_smoothed", "", "ratio", "emission", "Exponential average of network growth."),
    Variable("growth_multiplier", "", "ratio", "emission", "Factor on the scheduled emission."),
    Variable("direct_apr", "", "1 / year", "rewards", "Yield of providers' own stake, from today's reward."),
    Variable("delegator_apr", "", "1 / year", "rewards", "Yield of delegated stake, from today's reward."),
    Variable("validator_apr", "", "1 / year", "rewards", "Yield of validators' stake, from today's reward."),
    Variable("reward_shortfall_quiv", "", "QUIV a day", "rewards", "Promised staking rewards of today that the pool could not pay."),
    Variable("price_trend", "", "log return a year", "staking", "Trend of the price that stakers see."),
    Variable("price_seen_usd", "", "USD per QUIV", "staking", "Price that stakers saw yesterday."),
    Variable("holder_provider", "holders", "agent", "delegation", "Provider to whom each holder delegates, by number."),
    Variable("provider_standing", "providers", "ratio", "registry", "Whether each provider is in good standing: 0 or 1."),
    Variable("provider_below_days", "providers", "days", "registry", "Days for which each provider's stake has been below the lowest tier."),
    Variable("provider_staked_day", "providers", "days", "registry", "StakedAt: day since when each provider's stake has reached the lowest tier."),
    Variable("provider_degraded", "providers", "ratio", "conduct", "Whether each provider serves a smaller model: 0 or 1, a share in a run without noise."),
    Variable("provider_garbage", "providers", "ratio", "conduct", "Whether each provider serves garbage: 0 or 1, a share in a run without noise."),
    Variable("provider_absent", "providers", "ratio", "conduct", "Whether each provider is off to save its cost: 0 or 1, a share in a run without noise."),
    Variable("validation_tasks", "", "tasks", "validation", "Canaries among today's jobs."),
    Variable("canary_failed", "providers", "code", "validation", "Whether each provider failed a canary today: 0 or 1."),
    Variable("validator_active", "validators", "ratio", "validation", "Whether each validator is active: 0 or 1."),
    Variable("validator_lazy", "validators", "ratio", "validation", "Whether each validator votes without looking: 0 or 1, a share in a run without noise."),
    Variable("validator_caught", "validators", "code", "validation", "Whether each validator was found today to vote without looking: 0 or 1."),
    Variable("validator_accuracy", "validators", "ratio", "validation", "AccuracyScore: right votes of each validator as they are remembered, from 0 to 1."),
    Variable("validator_tasks", "validators", "tasks a day", "validation", "Tasks of each validator today, on average."),
    Variable("harm_share", "", "share of work", "validation", "Part of the value of today's work that consumers lose by cheating."),
    Variable("case_status", "providers", "code", "challenges", "ChallengeStatus of the case against each provider: 0 none, 1 voting, 2 ruled, 3 appealed."),
    Variable("case_day", "providers", "days", "challenges", "Day on which each case came to its status."),
    Variable("case_cause", "providers", "code", "challenges", "Who opened the latest case: 0 a canary, 1 a consumer, 2 a watcher, 3 somebody without reason."),
    Variable("case_bad", "providers", "code", "challenges", "Whether the provider of the latest case did cheat: 0 or 1."),
    Variable("case_severe", "providers", "code", "challenges", "Whether the fault of the latest case is severe: 0 or 1."),
    Variable("case_guilty", "providers", "code", "challenges", "Ruling of the first panel in the latest case: 0 or 1."),
    Variable("case_share", "providers", "share of stake", "challenges", "Slash at stake in the latest case, before the cap of the tier."),
    Variable("case_loss_quiv", "providers", "QUIV", "challenges", "What consumers lost on the day of the fault of the latest case."),
    Variable("case_challenger", "providers", "agent", "challenges", "Challenger of the latest case: a consumer or a holder by number."),
    Variable("case_bond_nquiv", "providers", "nQUIV", "challenges", "Challenger's bond in each open case."),
    Variable("case_appeal_nquiv", "providers", "nQUIV", "challenges", "Appellant's bond in each open case."),
    Variable("verdict_share", "providers", "share of stake", "challenges", "Slash of each guilty verdict of today, before the cap of the tier."),
    Variable("cases_opened", "causes", "cases", "challenges", "Cases opened so far, by who opened them."),
    Variable("cases_closed", "outcomes", "cases", "challenges", "Cases closed so far: upheld, rejected, lapsed; and rulings that were overturned."),
    Variable("votes_sold", "", "votes a day", "challenges", "Votes that validators sold today, on average."),
    Variable("provider_strikes", "providers", "failed canary days", "challenges", "Days with a failed canary since the last case, as they are remembered."),
    Variable("disputed_share", "", "share of payments", "challenges", "Part of payments that comes back out of escrow."),
    Variable("provider_slashed_nquiv", "providers", "nQUIV", "slashing", "Slashed so far of each provider and of those who delegate to it."),
    Variable("provider_slashes", "providers", "slashes", "slashing", "SlashingHistory: slashes of each provider so far."),
    Variable("provider_last_slash", "providers", "days", "slashing", "LastSlash: day of each provider's last slash."),
    Variable("provider_banned", "providers", "code", "slashing", "Whether each provider is banned: 0 or 1."),
    Variable("slashed_by_cause_nquiv", "slash_causes", "nQUIV", "slashing", "Slashed so far for downtime, smaller models, garbage, and of validators."),
    Variable("slash_rate", "", "1 / year", "slashing", "Part of stake that is slashed in a year, as it is remembered."),
    Variable("claims_due_nquiv", "", "nQUIV", "insurance", "Claims of today."),
    Variable("claims_unpaid_nquiv", "", "nQUIV", "insurance", "Claims so far that the fund could not pay."),
    Variable("provider_penalty", "providers", "ratio", "reputation", "Penalty of each provider for slashes as they are remembered, from 0 to 1."),
    Variable("validator_released_nquiv", "unbonding_days validators", "nQUIV", "staking", "Unbonding shares that end on each coming day."),
    Variable("validator_release_rate_nquiv", "validators", "nQUIV a day", "staking", "Unbonding shares due tomorrow by linear unbonding."),
    *[Variable(f"{who}_unbonding_shares_nquiv", f"{who}s", "nQUIV", "staking", "Unbonding shares, one a nano-QUIV until something is slashed.") for who in ("provider", "holder", "validator")],
    Variable("provider_released_nquiv", "unbonding_days providers", "nQUIV", "staking", "Unbonding shares that end on each coming day."),
    Variable("provider_release_rate_nquiv", "providers", "nQUIV a day", "staking", "Unbonding shares due tomorrow by linear unbonding."),
    Variable("holder_released_nquiv", "unbonding_days holders", "nQUIV", "staking", "Unbonding shares that end on each coming day."),
    Variable("holder_release_rate_nquiv", "holders", "nQUIV a day", "staking", "Unbonding shares due tomorrow by linear unbonding."),
    Variable("proposal_status", "slots", "code", "governance", "0 waiting, 1 discussion, 2 voting, 3 timelock, 4 executed, 5 defeated, 6 rejected."),
    Variable("proposal_for_nquiv", "slots", "votes", "governance", "Votes for, at the snapshot of submission."),
    Variable("proposal_against_nquiv", "slots", "votes", "governance", "Votes against, at the snapshot of submission."),
    Variable("proposal_deposit_nquiv", "slots", "nQUIV", "governance", "Deposit locked by each proposal."),
    Variable("proposal_turnout", "slots", "share of circulating supply", "governance", "Tokens that voted over circulating supply at the snapshot."),
    Variable("audited_substeps", "", "substeps", "clock", "Substeps whose conservation was checked; one number for the whole batch."),
]  # fmt: skip

LIVE = [
    Variable(name, "", REGISTRY[name].unit, "governance", f"Live value of {name}: {REGISTRY[name].doc}")
    for name in GOVERNED
]

COUNTERS = ("day", "audited_substeps")
"""Variables that the whole batch shares: one number, never an axis."""

VARIABLES: dict[str, Variable] = {
    **{a.name: Variable(a.name, a.own, "nQUIV", a.contract, a.doc) for a in ACCOUNTS},
    **{v.name: v for v in FIGURES},
    **{v.name: v for v in LIVE},
}
"""Every state variable by name: accounts, figures, live parameters."""
