"""State variables: shape, unit, type and meaning, and which carry the fields of the spec's structures."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import code, page, table
from state_updates import VARIABLES

FILE = "state.md"


def text() -> str:
    """The page."""
    return page("State variables", _parts())


SPEC_STATE: dict[str, tuple[tuple[str, ...], str]] = {
    "ProviderRegistry.SlashingHistory": (
        ("provider_slashes", "provider_slashed_nquiv", "provider_last_slash"),
        "number, sum and last day for each provider, not every event",
    ),
    "StakeInfo.Amount": (("provider_stake_nquiv",), ""),
    "StakeInfo.Tier": (("provider_stake_nquiv",), "read off the stake by staking.tier_minimum_quiv"),
    "StakeInfo.StakedAt": (("provider_staked_day",), ""),
    "StakeInfo.LastSlash": (("provider_last_slash",), ""),
    "StakeInfo.ReputationScore": (
        ("provider_success", "provider_penalty", "provider_activity"),
        "weighed by reputation.weights",
    ),
    "Validator.Address": ((), "the place in every array of validators"),
    "Validator.StakedAmount": (("validator_stake_nquiv",), ""),
    "Validator.ValidationsCount": (("validator_tasks",), "of the day, on average"),
    "Validator.AccuracyScore": (("validator_accuracy",), ""),
    "Validator.Active": (("validator_active",), ""),
    "ValidationTask.InferenceID": (("validation_tasks",), "canaries are counted, not told apart"),
    "ValidationTask.ProviderID": (("canary_failed",), "by provider, whether one failed today"),
    "ValidationTask.ModelHash": ((), "no single job is modelled"),
    "ValidationTask.InputHash": ((), "no single job is modelled"),
    "ValidationTask.OutputHash": ((), "no single job is modelled"),
    "ValidationTask.ValidatorReward": (("validator_income_nquiv",), "fees; rewards of stake come beside"),
    "Challenge.ChallengerAddress": (("case_challenger", "case_cause"), "a consumer or a holder by number"),
    "Challenge.InferenceID": ((), "a case is about a day's work"),
    "Challenge.StakeAmount": (("case_bond_nquiv", "case_appeal_nquiv"), ""),
    "Challenge.Evidence": (("case_bad", "case_severe"), "what a panel that looks would find"),
    "Challenge.Status": (("case_status", "case_day"), ""),
    "Challenge.Resolution": (("case_guilty",), "of the first panel"),
    "Resolution.ValidatorVotes": (("votes_sold",), "votes are drawn as a verdict, not one by one"),
    "Resolution.Outcome": (("cases_closed",), "so far, by outcome"),
    "Resolution.SlashAmount": (("case_share", "verdict_share"), "as a share of the stake"),
    "Resolution.RewardAmount": ((), "a flow: challenge_reward_consumer or challenge_reward_watcher"),
}
"""The state variables that carry each field of the spec's structures of staking and quality, and a remark."""


def _parts() -> Iterable[str]:
    yield (
        "Every state variable. A shape is that of one trajectory; an ensemble has its trajectories in front, except in "
        "the two counters `day` and `audited_substeps`. Whole variables are 64-bit integers, the others 64-bit floats."
    )
    kinds = {int: "whole", float: "float"}
    rows = [
        [code(v.name), f"({', '.join(v.axes.split())})", v.unit, kinds[v.dtype], v.contract, v.doc]
        for v in VARIABLES.values()
    ]
    yield table(["Variable", "Shape", "Unit", "Type", "Contract", "Meaning"], rows)
    yield "## By the spec's names"
    yield "Where fields of the spec's structures of staking and quality are kept; what is recorded is in metrics.md."
    named = [
        [code(field), ", ".join(code(VARIABLES[name].name) for name in names), remark]
        for field, (names, remark) in SPEC_STATE.items()
    ]
    yield table(["Field of the spec", "Variables", "Remark"], named)
