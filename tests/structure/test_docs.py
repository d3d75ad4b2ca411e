"""The generated reference pages are those that the declarations give today, and leave nothing out."""

from __future__ import annotations

import pytest

from docs.generate import FOLDER, MOVED, OF_GROUP, SECURITY, SPEC_STATE, pages
from model.attacks import KINDS
from model.flows import LEDGER
from model.metrics import METRICS, SPEC_NAMES
from model.parameters import REGISTRY
from model.parameters.interests import BASES, GROUPS, IDEAS
from model.state import VARIABLES

pytestmark = pytest.mark.xdist_group("pages")

NAMED = {
    "parameters.md": list(REGISTRY),
    "parameters.schema.json": [],
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
}
EVERY_PAGE = pytest.mark.parametrize("name", NAMED)


def test_every_page_is_tested() -> None:
    assert set(pages()) == set(NAMED)


@EVERY_PAGE
def test_a_page_is_fresh(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == pages()[name], f"docs/{name} is stale: run `python -m docs.generate`"


@EVERY_PAGE
def test_a_page_names_everything(name: str) -> None:
    assert [item for item in NAMED[name] if f"`{item}`" not in pages()[name]] == []


@EVERY_PAGE
def test_tables_are_even(name: str) -> None:
    """Every row of a table has as many cells as its head."""
    widths: list[int] = []
    for line in pages()[name].splitlines():
        cells = line.replace("\\|", "").count("|")
        assert not (line.startswith("|") and widths and cells != widths[-1]), line
        widths = [cells] if line.startswith("|") else []


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
