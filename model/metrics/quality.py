"""Metrics of quality: conduct of providers, validation, cases, slashing, insurance."""

from __future__ import annotations

from model.arrays import Array, ratio, to_quiv
from model.codes import CASE_CAUSES, CASE_OUTCOMES, SLASH_CAUSES
from model.metrics.metric import Chapter, Metric, entry_of, held_in, mean_of, moved_by, sum_of, value_of
from model.metrics.reading import Reading

CHAPTER = Chapter(
    "quality",
    "Quality",
    "Who cheats and who is seen, what validators do, which cases are opened and how they end, what is slashed and "
    "why, and what insurance pays.",
)

SLASHED = ("downtime", "smaller models", "garbage", "validators")
"""What stake is slashed for, in words, in the order of `SLASH_CAUSES`."""

OPENED_BY = ("canaries", "consumers", "watchers", "challengers without reason")
"""Who opens cases, in words, in the order of `CASE_CAUSES`."""

OUTCOMES = (
    "Cases closed so far with a guilty verdict.",
    "Cases closed so far with an acquittal.",
    "Cases closed so far for want of a quorum.",
    "Rulings overturned so far by an appeal.",
)
"""What outcomes mean, in the order of `CASE_OUTCOMES`."""


def _undetected(r: Reading) -> Array:
    """Providers who cheat, failed no canary today and have no case."""
    seen = (r.state["canary_failed"] > 0) | (r.state["case_status"] > 0)
    return r.xp.sum(r.cheating * (1.0 - r.xp.astype(seen, r.xp.float64)), axis=-1)


def _slashed_for(cause: str, what: str, index: int) -> Metric:
    """Stake slashed for one cause."""
    amount = ("Resolution.SlashAmount",) if cause in ("degraded", "garbage") else ()
    spec = ("ProviderRegistry.SlashingHistory", *amount)
    return Metric(f"slashed_quiv_{cause}", f"Slashed, {what}", "QUIV", f"Stake slashed so far: {what}.", lambda r: to_quiv(r.state["slashed_by_cause_nquiv"][..., index]), spec)  # fmt: skip


METRICS = [
    Metric("cheating_providers", "Providers who cheat", "providers", "Providers who serve a smaller model than was paid for, or garbage.", lambda r: r.xp.sum(r.cheating, axis=-1)),
    Metric("undetected_providers", "Providers who cheat unseen", "providers", "Providers who cheat, failed no canary today and have no case against them.", _undetected),
    Metric("absent_providers", "Providers who stay away", "providers", "Providers who are staked and online but off to save their cost.", sum_of("provider_absent")),
    Metric("banned_providers", "Banned providers", "providers", "Providers who are banned for good.", sum_of("provider_banned")),
    Metric("harm_share", "Harm by cheating", "share of work", "Part of the value of today's work that consumers lose by cheating.", value_of("harm_share")),
    Metric("canary_failures", "Failed canaries", "providers", "Providers who failed a canary today.", sum_of("canary_failed")),
    Metric("slash_rate", "Rate of slashing", "1 / year", "Part of stake that is slashed in a year, as it is remembered.", value_of("slash_rate")),
    *[_slashed_for(cause, what, i) for i, (cause, what) in enumerate(zip(SLASH_CAUSES, SLASHED, strict=True))],
    Metric("slashed_quiv", "Slashed", "QUIV", "Stake slashed so far.", lambda r: to_quiv(r.summed("slashed_by_cause_nquiv")), ("ProviderRegistry.SlashingHistory",)),
    Metric("active_validators", "Active validators", "validators", "Validators with the stake and the accuracy.", sum_of("validator_active"), ("Validator.Active", "ChainMetrics.ActiveValidators")),
    Metric("lazy_validators", "Validators who do not look", "validators", "Validators who vote without looking.", sum_of("validator_lazy")),
    Metric("validator_accuracy", "Accuracy of validators", "share of votes", "Mean share of right votes of validators as it is remembered.", mean_of("validator_accuracy"), ("Validator.AccuracyScore",)),
    Metric("validation_tasks", "Validation tasks", "canaries a day", "Canaries among today's jobs.", lambda r: r.state["validation_tasks"] * 1.0, ("Validator.ValidationsCount",)),
    Metric("validator_task_reward_quiv", "Reward of a task", "QUIV a task", "ValidatorReward: validators' fees and staking rewards of today over the votes on their tasks.", lambda r: ratio(r.moved("receipt_validators", "validator_reward"), r.summed("validator_tasks")), ("ValidationTask.ValidatorReward",)),
    *[Metric(f"cases_by_{cause}", f"Cases opened by {who}", "cases", f"Cases opened so far by {who}.", entry_of("cases_opened", i), ("Challenge.Status",)) for i, (cause, who) in enumerate(zip(CASE_CAUSES, OPENED_BY, strict=True))],
    *[Metric(f"cases_{outcome}", f"Cases {outcome}", "cases", what, entry_of("cases_closed", i), ("Resolution.Outcome",)) for i, (outcome, what) in enumerate(zip(CASE_OUTCOMES, OUTCOMES, strict=True))],
    Metric("challenges_open", "Open cases", "cases", "Cases against providers in vote, ruled on or appealed.", lambda r: r.xp.count_nonzero(r.state["case_status"], axis=-1) * 1.0, ("Challenge.Status",)),
    Metric("challenge_bonds_quiv", "Bonds of cases", "QUIV", "Bonds of open challenges and appeals.", held_in("challenge_bonds_nquiv"), ("Challenge.StakeAmount",)),
    Metric("challenge_rewards_quiv", "Rewards of challengers", "QUIV a day", "RewardAmount paid today, parts of slashes included.", moved_by("challenge_reward_consumer", "challenge_reward_watcher", "slash_to_consumer", "slash_to_watcher"), ("Resolution.RewardAmount",)),
    Metric("bribes_quiv", "Bribes", "QUIV a day", "What providers paid today for votes.", moved_by("provider_bribe")),
    Metric("bonds_lost_quiv", "Bonds lost", "QUIV a day", "Bonds of rejected challenges and lost appeals, paid to the insurance fund today.", moved_by("bond_forfeit")),
    Metric("claims_paid_quiv", "Insurance claims paid", "QUIV a day", "Verified losses that the insurance fund paid today.", moved_by("insurance_claim")),
    Metric("insurance_ruined", "Insurance ruined", "0 or 1", "Whether the fund has ever failed to pay a claim; its mean over runs is the probability of ruin.", lambda r: (r.state["claims_unpaid_nquiv"] > 0) * 1.0),
    Metric("insurance_quiv", "Insurance fund", "QUIV", "Tokens set aside for insurance.", held_in("insurance_nquiv")),
    Metric("claims_unpaid_quiv", "Insurance claims unpaid", "QUIV", "Claims so far that the fund could not pay.", lambda r: to_quiv(r.state["claims_unpaid_nquiv"])),
]  # fmt: skip
