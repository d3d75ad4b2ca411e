"""The generated reference pages are those that the declarations give today, and leave nothing out."""

from __future__ import annotations

from importlib import import_module

import pytest

from docs.declared.interests import MOVED, OF_GROUP
from docs.declared.parameters import SECURITY
from docs.declared.state import SPEC_STATE
from docs.generate import FOLDER, modules, note, notes
from experiments.storage import version
from model.attacks import KINDS
from model.flows import LEDGER
from model.metrics import METRICS, SPEC_NAMES
from model.parameters import REGISTRY
from model.parameters.interests import BASES, GROUPS, IDEAS
from state_updates import VARIABLES

NAMED = {
    "parameters.md": list(REGISTRY),
    "metrics.md": list(METRICS),
    "flows.md": [*LEDGER.accounts, *LEDGER.flows],
    "state.md": list(VARIABLES),
    "attacks.md": list(KINDS),
    "interests.md": list(IDEAS),
    "blocks.md": list(LEDGER.flows),
}
"""What a page must have an entry for."""


@pytest.mark.parametrize("module", modules("declared"))
def test_a_declared_page_is_fresh(module: str) -> None:
    page = import_module(module)
    assert read(page.FILE) == page.text(), f"docs/{page.FILE}: run `make docs`"


@pytest.mark.parametrize("module", modules("measured"))
def test_a_measured_page_is_fresh(module: str) -> None:
    """Known from its note where nothing has changed that decides its figures; else it is simulated again.

    By one worker, for pages share runs: all six took 267 s of its time when this was written.
    """
    file = import_module(module).FILE
    if notes().get(file) != note(module, read(file)):
        assert read(file) == import_module(module).text(), f"docs/{file}: run `make measured`"


def test_a_note_holds_for_one_text_of_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    one = note("docs.measured.facts", "text")
    assert note("docs.measured.facts", "text") == one
    assert note("docs.measured.facts", "other")["text"] != one["text"]
    assert note("docs.measured.stress", "text")["code"] != one["code"]
    monkeypatch.setattr(version, "code_version", lambda: "other code")
    assert note("docs.measured.facts", "text")["code"] != one["code"]


@pytest.mark.parametrize("module", [*modules("declared"), *modules("measured")])
def test_a_page_names_everything(module: str) -> None:
    file = import_module(module).FILE
    assert [item for item in NAMED.get(file, []) if f"`{item}`" not in read(file)] == []
    assert uneven(read(file)) == []


def read(file: str) -> str:
    """A page as it lies there."""
    return (FOLDER / file).read_text(encoding="utf-8")


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
