"""Metrics of the marketplace: payments, fees and rebates, prices, capacity, latency, providers, consumers, jobs."""

from __future__ import annotations

from model.arrays import Array, ascending, ratio, to_quiv
from model.flows import PAID, TAKEN
from model.formulas import reputation
from model.metrics.metric import Chapter, Metric, Read, entry_of, held_in, mean_of, moved_by, sum_of, value_of
from model.metrics.reading import Reading
from model.parameters.pricing import SIZES
from model.parameters.staking import TIERS

CHAPTER = Chapter(
    "marketplace",
    "Marketplace",
    "What consumers want and pay, what inference costs them in tokens, how busy providers are, how long an answer "
    "takes, which jobs wait, what is locked for them, and what the network takes.",
)

REBATES = ("rebates_from_operations", "rebates_from_treasury")

UPTIME_BAR = 0.95
"""Uptime below which a provider counts as unreliable (WHITEPAPER, slashing for downtime)."""


def _latency(r: Reading) -> Array:
    """Mean latency of the jobs demanded, seconds; jobs are in fractions, as many as the tokens demanded make."""
    jobs = r.state["demand_tokens"] / r.params["jobs.tokens_per_job"]
    return ratio((r.state["latency_s"] * jobs).sum(axis=-1), jobs.sum(axis=-1))


def _uptime(r: Reading) -> Array:
    """Part of those online who are up; one while nobody is online."""
    online, up = r.state["provider_online"], r.state["provider_up"]
    return 1.0 - ratio(r.xp.sum(online * (1.0 - up), axis=-1), r.xp.sum(online, axis=-1))


def _below_uptime_bar(r: Reading) -> Array:
    """Part of those online whose remembered uptime is below the bar; zero while nobody is online."""
    online = r.state["provider_online"]
    below = online * (r.state["provider_activity"] < UPTIME_BAR)
    return ratio(r.xp.sum(below, axis=-1), r.xp.sum(online, axis=-1))


def _lowest_uptime(r: Reading) -> Array:
    """Lowest remembered uptime of those online; one while nobody is."""
    uptime = r.state["provider_activity"]
    return r.xp.min(r.xp.where(r.state["provider_online"] > 0.0, uptime, 1.0 + 0.0 * uptime), axis=-1)


def _tier_uptime(index: int) -> Read:
    """Mean remembered uptime of those online in a tier; zero where there are none."""

    def read(r: Reading) -> Array:
        there = r.state["provider_online"] * r.in_tier(index)
        return ratio(r.xp.sum(there * r.state["provider_activity"], axis=-1), r.xp.sum(there, axis=-1))

    return read


def _mean_reputation(r: Reading) -> Array:
    """Mean reputation score of those online."""
    success, online = r.state["provider_success"], r.state["provider_online"]
    activity, weights = r.state["provider_activity"], r.params["reputation.weights"]
    score = reputation.score(success, r.state["provider_penalty"], activity, weights)
    return ratio(r.xp.sum(score * online, axis=-1), r.xp.sum(online, axis=-1))


def _lowest_tenth_margin(r: Reading) -> Array:
    """Satisfaction less the tolerance below which a consumer leaves, of the consumer at the lowest tenth."""
    margin = ascending(r.state["satisfaction"] - r.params["agents.tolerance"])
    return margin[..., margin.shape[-1] // 10]


def _dissatisfied(r: Reading) -> Array:
    """Part of consumers, by budget, whose satisfaction is below their tolerance."""
    budget = r.params["agents.budget_usd"]
    leaving = budget * (r.state["satisfaction"] < r.params["agents.tolerance"])
    return ratio(r.xp.sum(leaving, axis=-1), r.xp.sum(budget, axis=-1))


def _retained(index: int) -> Read:
    """Part of the demand for a model size that is with the network, of consumers by their budget for it."""

    def read(r: Reading) -> Array:
        budget = r.params["agents.budget_usd"] * r.params["agents.size_mix"][..., index, :]
        return ratio(r.xp.sum(budget * r.state["consumer_active"], axis=-1), r.xp.sum(budget, axis=-1))

    return read


METRICS = [
    Metric("payments_usd", "Payments in USD", "USD a day", "What consumers paid today, at the day's opening price.", value_of("payments_usd")),
    Metric("payments_quiv", "Payments", "QUIV a day", "What consumers paid today.", moved_by(*PAID), ("MarketMetrics.TotalVolume24h", "Receipt.PaymentAmount")),
    Metric("revenue_usd", "Revenue of the network", "USD a day", "What the network takes of today's payments, burn included, at the closing price.", lambda r: r.moved(*TAKEN) * r.state["price_usd"], ("NetworkMetrics.RevenueMetrics",)),
    Metric("revenue_quiv", "Revenue of the network in QUIV", "QUIV a day", "What the network takes of today's payments, burn included.", moved_by(*TAKEN), ("NetworkMetrics.RevenueMetrics",)),
    Metric("take_rate", "Take of the network", "share of payments", "Part of today's payments that providers did not get.", lambda r: ratio(r.moved(*TAKEN), r.moved(*PAID))),
    Metric("net_take_rate", "Take after rebates", "share of payments", "Part of today's payments that the network takes and does not give back.", lambda r: ratio(r.moved(*TAKEN) - r.moved(*REBATES), r.moved(*PAID))),
    Metric("rebates_quiv", "Rebates", "QUIV a day", "Discounts, cashback, bonuses, referral and developers' rewards paid today.", moved_by(*REBATES)),
    Metric("rebate_coverage", "Rebates paid of those promised", "ratio", "What is paid of the rebates promised for today; zero where none are.", lambda r: ratio(r.moved(*REBATES), r.state["rebates_owed_quiv"])),
    Metric("rebate_deficit_quiv", "Deficit of rebates", "QUIV a day", "Rebates paid today beyond what the network took.", lambda r: r.xp.clip(r.moved(*REBATES) - r.moved(*TAKEN), 0.0, None)),
    Metric("priority_fees_quiv", "Priority fees", "QUIV a day", "What consumers paid today for service ahead of others.", moved_by("priority_fee")),
    *[Metric(f"inference_price_quiv_{size}", f"Inference price, {size} model", "QUIV per token", f"Quoted price of a token of a {size} model.", entry_of("inference_price_quiv", i)) for i, size in enumerate(SIZES)],
    *[Metric(f"paid_price_quiv_{size}", f"Price paid, {size} model", "QUIV per token", f"What a token of a {size} model costs today: the quote, or what auction or contract make of it.", entry_of("paid_price_quiv", i)) for i, size in enumerate(SIZES)],
    Metric("demand_tokens", "Tokens demanded", "tokens a day", "Tokens that consumers want, all model sizes.", sum_of("demand_tokens")),
    Metric("served_tokens", "Tokens served", "tokens a day", "Tokens served and paid, all model sizes.", sum_of("served_tokens")),
    *[Metric(f"served_tokens_{size}", f"Tokens served, {size} model", "tokens a day", f"Tokens of a {size} model served and paid.", entry_of("served_tokens", i), ("NetworkMetrics.InferenceVolume",)) for i, size in enumerate(SIZES)],
    Metric("capacity_tokens", "Capacity", "small-model tokens a day", "Compute of the active providers.", value_of("capacity_tokens")),
    Metric("congestion", "Congestion", "demand over capacity", "Utilisation: compute demanded over compute there is.", value_of("congestion")),
    Metric("wait_s", "Wait", "seconds", "Mean wait for a free server, at most the users' patience.", value_of("wait_s")),
    Metric("latency_s", "Latency", "seconds", "Mean time from request to answer over the jobs demanded.", _latency, ("MarketMetrics.AverageResponseTime",)),
    *[Metric(f"latency_s_{size}", f"Latency, {size} model", "seconds", f"Mean time from request to answer of a {size} model.", entry_of("latency_s", i), ("NetworkMetrics.AverageLatency",)) for i, size in enumerate(SIZES)],
    Metric("active_providers", "Active providers", "providers", "Providers who are online with the stake of a tier.", value_of("active_providers"), ("MarketMetrics.ActiveProviders",)),
    Metric("online_providers", "Providers online", "providers", "Providers who are online, with or without the stake of a tier.", sum_of("provider_online")),
    Metric("provider_uptime", "Provider uptime", "share of providers", "Part of the active providers' time that they are up today.", _uptime, ("NetworkMetrics.ProviderUptime",)),
    Metric("uptime_below_95_share", "Providers below 95 % uptime", "share of providers", "Part of the providers online who were online and up on fewer than 95 % of days, as it is remembered.", _below_uptime_bar, ("NetworkMetrics.ProviderUptime",)),
    Metric("uptime_lowest", "Lowest uptime", "share of days", "Part of days that the least reliable provider online was online and up, as it is remembered.", _lowest_uptime, ("NetworkMetrics.ProviderUptime",)),
    *[Metric(f"uptime_{tier}", f"Uptime in tier {tier}", "share of days", f"Mean part of days that the providers online in tier {tier} were online and up, as it is remembered; zero without any.", _tier_uptime(i), ("NetworkMetrics.ProviderUptime",)) for i, tier in enumerate(TIERS)],
    Metric("mean_reputation", "Mean reputation", "points of 1000", "Mean reputation score of the providers who are online.", _mean_reputation, ("StakeInfo.ReputationScore",)),
    Metric("capacity_income_usd", "Income of capacity", "USD a day per small-model token a day", "What a unit of capacity earns by work, smoothed.", value_of("capacity_income_usd")),
    Metric("provider_income_quiv", "Provider income", "QUIV a day", "Receipts, tier discounts, work rewards and rewards of own stake, paid to providers today.", moved_by("receipt_provider", "tier_discount", "work_reward", "direct_reward", "direct_restake")),
    Metric("provider_reward_quiv", "Provider reward", "QUIV a day", "ProviderReward of today's receipts, with priority fees.", moved_by("receipt_provider"), ("NetworkMetrics.RevenueMetrics", "Receipt.ProviderReward")),
    Metric("provider_reward_usd", "Provider reward in USD", "USD a day", "ProviderReward of today's receipts, with priority fees, at the closing price.", lambda r: r.moved("receipt_provider") * r.state["price_usd"], ("NetworkMetrics.RevenueMetrics",)),
    Metric("active_consumers", "Active consumers", "consumers", "Consumers who are with the network, by the share of their demand that is.", sum_of("consumer_active")),
    Metric("consumer_satisfaction", "Consumer satisfaction", "ratio", "Mean satisfaction of consumers, from 0 to 1.", mean_of("satisfaction"), ("NetworkMetrics.ConsumerSatisfaction",)),
    Metric("satisfaction_margin_p10", "Satisfaction over tolerance, lowest tenth", "ratio", "Satisfaction less the tolerance below which a consumer leaves, of the consumer at the lowest tenth; below zero it is leaving.", _lowest_tenth_margin, ("NetworkMetrics.ConsumerSatisfaction",)),
    Metric("dissatisfied_share", "Dissatisfied consumers", "share of budgets", "Part of consumers, by budget, whose satisfaction is below their tolerance.", _dissatisfied, ("NetworkMetrics.ConsumerSatisfaction",)),
    *[Metric(f"retained_share_{size}", f"Retained demand, {size} model", "share of budgets", f"Part of consumers that is with the network, by their budget for {size} models.", _retained(i), ("NetworkMetrics.ConsumerSatisfaction",)) for i, size in enumerate(SIZES)],
    Metric("outside_share", "Share of the outside option", "share of demand", "Part of demand that goes elsewhere today because of the price.", value_of("outside_share")),
    Metric("posted_jobs", "Posted jobs", "jobs a day", "Jobs posted today.", sum_of("posted_jobs")),
    Metric("completed_jobs", "Completed jobs", "jobs a day", "Jobs completed today.", sum_of("completed_jobs"), ("MarketMetrics.CompletedJobs24h",)),
    Metric("failed_jobs", "Failed jobs", "jobs a day", "Jobs served today that broke off.", sum_of("failed_jobs")),
    Metric("expired_jobs", "Expired jobs", "jobs a day", "Jobs that waited in vain and expired today.", sum_of("expired_jobs")),
    Metric("pending_jobs", "Pending jobs", "jobs", "Jobs that wait for capacity at the end of the day.", lambda r: r.state["queued_jobs"].sum(axis=(-2, -1)) * 1.0, ("MarketMetrics.PendingJobs",)),
    Metric("refunds_quiv", "Refunds", "QUIV a day", "Payment returned today for expired and failed jobs and upheld challenges.", moved_by("expiry_refund", "failure_refund", "challenge_refund")),
    Metric("escrow_quiv", "Escrow", "QUIV", "Payment of jobs that wait or can be challenged.", held_in("consumer_escrow_nquiv")),
    Metric("channels_quiv", "Payment channels", "QUIV", "Deposits in payment channels.", held_in("consumer_channel_nquiv")),
    Metric("channel_payments_quiv", "Payments by channel", "QUIV a day", "What consumers paid today by channel.", moved_by("channel_payment")),
    Metric("channel_lapsed_quiv", "Payments by channel never claimed", "QUIV a day", "Vouchers of today's work that were not claimed before their channel ended; the consumer keeps them.", lambda r: to_quiv(r.summed("channel_lapsed_nquiv"))),
    Metric("channel_deposits", "Channel deposits", "deposits a day", "Consumers who filled up their channel today.", sum_of("channel_opened")),
    Metric("channel_velocity", "Velocity of channels", "1 / year", "A year of today's payments by channel over what is in channels.", lambda r: 365.0 * ratio(r.moved("channel_payment"), r.held("consumer_channel_nquiv"))),
    Metric("network_fee_quiv", "Network fee", "QUIV a day", "NetworkFee of today's receipts after burn, validators and stakers: operations and insurance.", moved_by("receipt_operations", "receipt_insurance"), ("NetworkMetrics.RevenueMetrics", "Receipt.NetworkFee")),
    Metric("validator_fee_quiv", "Validators' fee", "QUIV a day", "Validators' part of today's receipts.", moved_by("receipt_validators"), ("Receipt.NetworkFee",)),
    Metric("stakers_fee_quiv", "Stakers' fee", "QUIV a day", "Stakers' part of today's receipts.", moved_by("receipt_stakers"), ("Receipt.NetworkFee",)),
    Metric("referral_fee_quiv", "Referral fee", "QUIV a day", "Referral part of today's receipts.", moved_by("receipt_referral"), ("Receipt.NetworkFee",)),
]  # fmt: skip
