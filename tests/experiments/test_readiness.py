"""The deployment checklist: every line of the spec, judged by what was run, and modest about the rest.

Runs are made up here; those of the page are compared with it by the test of generated pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.inputs.shipped import scenario_names
from experiments.validation import readiness, stylised_facts
from experiments.validation.expectations import EXPECTATIONS
from experiments.validation.readiness import OPEN, SUPPORTED, UNKNOWN, Line
from experiments.validation.scenario_effects import ScenarioEffect

CHECKLIST = (
    "Smart contract audits completed",
    "Testnet deployment successful",
    "Integration tests passing",
    "Documentation complete",
    "Security review approved",
    "Economic modeling validated",
    "Community testing completed",
    "Governance parameters set",
    "Emergency procedures documented",
    "Mainnet deployment plan approved",
)
NOT_OURS = {CHECKLIST[i] for i in (0, 1, 2, 3, 6, 9)}
ROOT = Path(__file__).parents[2]
MADE = {
    "capture_quiv": 2e6,
    "capture_usd": 9e6,
    "capture_part": 1.0,
    "treasury_usd": 5e6,
    "circulating_quiv": 1e8,
    "vote_top10_share": 0.9,
    "vote_majority": 1.0,
    "proposals_cancelled": 1.0,
    "proposals_executed": 0.0,
    "oracle_price_usd": 0.1,
    "price_usd": 0.15,
}
Judge = Callable[..., dict[str, Line]]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judge:
    """The checklist of made-up runs in which all is well but for what is changed."""

    def judge(
        facts_met: bool = True, rows_met: bool = True, paid: float = 0.0, **changes: dict[str, float]
    ) -> dict[str, Line]:
        def last(scenario: str, names: tuple[str, ...], *_: Any) -> dict[str, np.ndarray]:
            figures = MADE | changes.get(scenario, {})
            return {name: np.full(4, figures[name]) for name in names}

        rows = [row for row in EXPECTATIONS if row.spec]
        mean = 1.0 if rows_met else -1.0
        made = [
            ScenarioEffect(replace(row, expected=(0.0, 2.0)), paid, 0.0, mean, mean, mean, np.zeros(2), np.zeros(2))
            for row in rows
        ]
        names = ("burn_quiv", "proposals_executed")
        monkeypatch.setattr(readiness, "_last", last)
        monkeypatch.setattr(readiness, "stress_effects", lambda: made)
        attack = SimpleNamespace(pays=True, profit=SimpleNamespace(mean=1e5))
        monkeypatch.setattr(readiness, "shipped_frontiers", lambda: {"attack_wash_trading": [(0.6, attack)]})
        monkeypatch.setattr(stylised_facts, "default_runs", lambda: {name: np.ones((3, 2)) for name in names})
        found = [SimpleNamespace(fact=SimpleNamespace(name="Volatility"), met=facts_met)]
        monkeypatch.setattr(stylised_facts, "findings", lambda: found)
        return {line.item: line for line in readiness.checklist.__wrapped__()}

    return judge


def verdicts(lines: dict[str, Line]) -> dict[str, str]:
    return {item: line.verdict for item, line in lines.items() if item not in NOT_OURS}


def test_every_line_of_the_spec_in_its_order(judged: Judge) -> None:
    lines = judged()
    assert tuple(lines) == CHECKLIST
    assert all(line.says.endswith(".") for line in lines.values())


def test_what_no_simulation_knows_is_not_judged(judged: Judge) -> None:
    for lines in (judged(), judged(facts_met=False, rows_met=False, paid=1e6)):
        assert {lines[item].verdict for item in NOT_OURS} == {UNKNOWN}


def test_where_all_is_well_what_can_be_judged_is_supported(judged: Judge) -> None:
    """No verdict on code, though: a review without findings is not an approval."""
    modelling, governance, emergencies = (CHECKLIST[i] for i in (5, 7, 8))
    expected = {CHECKLIST[4]: UNKNOWN, modelling: SUPPORTED, governance: SUPPORTED, emergencies: SUPPORTED}
    assert verdicts(judged()) == expected


@pytest.mark.parametrize(
    ("item", "changes", "said"),
    [
        ("Security review approved", {"paid": 2e8}, "the attacker is paid 200 M QUIV"),
        ("Economic modeling validated", {"facts_met": False}, "0 of 1 bands of real tokens met; not: Volatility"),
        ("Economic modeling validated", {"rows_met": False}, "not: high_volume (completed_jobs)"),
        (
            "Governance parameters set",
            {"whitepaper": {"capture_usd": 1e6}},
            "2 M QUIV (2 % of circulating supply) capture a vote, for 1 M USD in one auction, against a treasury",
        ),
        (
            "Governance parameters set",
            {"whitepaper": {"capture_usd": 1e6, "capture_part": 0.4}},
            "for 1 M USD for the 40 % of them that one auction delivers, against a treasury of 5 M",
        ),
        ("Governance parameters set", {"quorum": {"capture_usd": 4e6}}, "for 4 M USD"),
        ("Emergency procedures documented", {"multisig_veto": {"proposals_cancelled": 0.5}}, "stopped in 50 % of runs"),
        ("Emergency procedures documented", {"timelock_race": {"proposals_cancelled": 0.4}}, "stopped in 40 % of runs"),
        ("Emergency procedures documented", {"oracle_override": {"oracle_price_usd": 0.15}}, "by hand in 0 % of runs"),
    ],
)
def test_what_stands_against_a_line_opens_it_and_is_named(
    judged: Judge, item: str, changes: dict[str, Any], said: str
) -> None:
    lines = judged(**changes)
    assert lines[item].verdict == OPEN
    assert any(said in support.outcome for support in lines[item].support)
    assert [other for other, verdict in verdicts(lines).items() if verdict == OPEN] == [item]


def test_what_supports_a_line_exists(judged: Judge) -> None:
    """A command of a scenario that ships, or a file or folder of this repository."""
    for line in judged().values():
        for support in line.support:
            if support.source.startswith(("quiver-sim run ", "quiver-sim attack ")):
                assert support.source.split()[2] in (*scenario_names(), "SCENARIO")
            elif support.source != "quiver-sim check":
                assert (ROOT / support.source).exists(), support.source


def test_the_command_prints_a_table_or_one_document(judged: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = tuple(judged().values())
    monkeypatch.setattr(readiness, "checklist", lambda: lines)
    result = CliRunner().invoke(app, ["readiness", "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert [line["item"] for line in found] == list(CHECKLIST)
    assert set(found[0]) == {"item", "verdict", "says", "support"}
    printed = CliRunner().invoke(app, ["readiness"], env={"COLUMNS": "200"})
    assert printed.exit_code == 0
    assert all(item in printed.stdout for item in CHECKLIST)
