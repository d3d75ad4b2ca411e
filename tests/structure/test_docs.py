"""The generated reference pages are those that the declarations give today, and leave nothing out."""

from __future__ import annotations

from docs.declared import target_map
from docs.generate import FOLDER, MOVED, OF_GROUP, SECURITY, SPEC_STATE, pages
from model.attacks import KINDS
from model.flows import LEDGER
from model.metrics import METRICS, SPEC_NAMES
from model.parameters import REGISTRY
from model.parameters.interests import BASES, GROUPS, IDEAS
from state_updates import VARIABLES

NAMED = {
    "parameters.md": list(REGISTRY),
    "parameters.schema.json": [],
    "snapshot.schema.json": [],
    "proposal.schema.json": [],
    "metrics.md": list(METRICS),
    "flows.md": [*LEDGER.accounts, *LEDGER.flows],
    "state.md": list(VARIABLES),
    "attacks.md": list(KINDS),
    "facts.md": [],
    "controllers.md": [],
    "interests.md": list(IDEAS),
    "governance.md": [],
    "stress.md": [],
    "readiness.md": [],
    "blocks.md": list(LEDGER.flows),
    target_map.FILE: [],
}


def test_every_page_is_fresh_and_names_everything() -> None:
    """One test, as the pages take minutes to make: once, in one process."""
    found = pages()
    assert set(found) == set(NAMED)
    stale = [name for name, text in found.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    assert stale == [], f"{', '.join(stale)} in docs/: run `python -m docs.generate`"
    for name, text in found.items():
        assert [item for item in NAMED[name] if f"`{item}`" not in text] == [], name
        assert uneven(text) == [], name


def uneven(page: str) -> list[str]:
    """The rows of tables that have not as many cells as the head."""
    wrong, width = [], 0
    for line in page.splitlines():
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
        wrong += [line] if cells and width and cells != width else []
        width = cells
    return wrong


def test_an_uneven_table_is_seen() -> None:
    assert uneven("| a | b |\n| --- | --- |\n| 1 |\n") == ["| 1 |"]
    assert uneven("| a \\| b |\n| - |\n\n| a | b |\n| - | - |\n") == []


def test_the_specs_names_are_metrics() -> None:
    for field, metrics in SPEC_NAMES.items():
        assert set(metrics) <= set(METRICS), field


RECORDED = {
    "ChainMetrics": (
        "TotalValueLocked",
        "CirculatingSupply",
        "BurnedTokens",
        "StakingRatio",
        "ActiveValidators",
        "GovernanceActivity",
    ),
    "NetworkMetrics": (
        "InferenceVolume",
        "AverageLatency",
        "ProviderUptime",
        "ConsumerSatisfaction",
        "RevenueMetrics",
    ),
    "MarketMetrics": ("TotalVolume24h", "AverageResponseTime", "ActiveProviders", "PendingJobs", "CompletedJobs24h"),
}


def test_every_field_of_the_specs_metrics_is_recorded() -> None:
    for structure, fields in RECORDED.items():
        named = {field.split(".")[1] for field in SPEC_NAMES if field.startswith(f"{structure}.")}
        assert named == set(fields), structure
        assert all(SPEC_NAMES[f"{structure}.{field}"] for field in fields), structure


def test_interests_are_in_words() -> None:
    assert (set(MOVED), set(OF_GROUP)) == (set(BASES), set(GROUPS))


SPEC_FIELDS = {
    "StakeInfo": ("Amount", "Tier", "StakedAt", "LastSlash", "ReputationScore"),
    "Validator": ("Address", "StakedAmount", "ValidationsCount", "AccuracyScore", "Active"),
    "ValidationTask": ("InferenceID", "ProviderID", "ModelHash", "InputHash", "OutputHash", "ValidatorReward"),
    "Challenge": ("ChallengerAddress", "InferenceID", "StakeAmount", "Evidence", "Status", "Resolution"),
    "Resolution": ("ValidatorVotes", "Outcome", "SlashAmount", "RewardAmount"),
}


def test_every_field_of_the_specs_structures_has_a_place_or_a_reason() -> None:
    asked = {f"{structure}.{field}" for structure, fields in SPEC_FIELDS.items() for field in fields}
    assert set(SPEC_STATE) == {*asked, "ProviderRegistry.SlashingHistory"}
    for field, (names, remark) in SPEC_STATE.items():
        assert set(names) <= set(VARIABLES), field
        assert names or remark, field


def test_every_item_of_staking_security_is_governed_by_parameters() -> None:
    assert len(SECURITY) == 4
    for item, names in SECURITY.items():
        assert names, item
        assert set(names) <= set(REGISTRY), item
