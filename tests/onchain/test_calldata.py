"""`quiver-sim calldata`: what it prints where, its exit codes, and files of changes that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.proposals.onchain import example_targets, forms
from experiments.proposals.onchain.example import EXAMPLE

CHANGES = """
title: Burn more
body: |
  **Why**: 火.
changes:
  fees.burn_share: {from: 0.5, to: 0.6}
  challenges.bond_quiv: {from: 100, to: 123456.123456789012345678}
snapshot: {discussion: "https://forum.example/1", start: 2000000000}
"""


def call(tmp_path: Path, text: str, *options: str) -> tuple[int, str, str]:
    path = tmp_path / "changes.yaml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["calldata", str(path), *options])
    return result.exit_code, result.stdout, result.stderr.replace(f"{path}: ", "")


def test_json_is_one_document_of_the_forms(tmp_path: Path) -> None:
    code, out, err = call(tmp_path, CHANGES, "--json", "--targets", str(EXAMPLE))
    changes = {"fees.burn_share": ("0.5", "0.6"), "challenges.bond_quiv": (100, "123456.123456789012345678")}
    options = {"discussion": "https://forum.example/1", "start": 2 * 10**9}
    expected = forms("Burn more", "**Why**: 火.\n", changes, example_targets(), options)
    assert (code, err) == (0, "")
    assert json.loads(out) == {"targets": str(EXAMPLE)} | expected


def test_every_form_is_printed_whole(tmp_path: Path) -> None:
    _, as_json, _ = call(tmp_path, CHANGES, "--json")
    code, out, _ = call(tmp_path, CHANGES)
    governor = json.loads(as_json)["governor"]
    assert code == 0
    for name in ("proposal_id", "propose", "queue", "execute", "bravo"):
        assert f"{name}: {governor[name]}\n" in out
    assert json.loads(out.partition("snapshot: ")[2]) == json.loads(as_json)["snapshot"]


def test_addresses_of_the_example_are_warned_of(tmp_path: Path) -> None:
    assert "made up" in call(tmp_path, CHANGES)[2]
    assert call(tmp_path, CHANGES, "--targets", str(EXAMPLE))[2] == ""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("to: 0.6", "to: 0.60000000000000001", "changes.fees.burn_share.to: found 0.60000000000000001; allowed: mult"),
        ("to: 0.6", "tu: 0.6", "changes.fees.burn_share.tu: no such key of a change; allowed: from, to"),
        (
            "{from: 0.5, to: 0.6}",
            "0.6",
            "changes.fees.burn_share: found '0.6'; allowed: a change with from, to",
        ),
        ("title: Burn more", "", "title: missing; every file of changes has title, body, changes"),
        ("title:", "titel:", "titel: no such key of a file of changes; allowed: title, body, changes, snapshot; near"),
        ("snapshot:", "snapshot: 3 #", "snapshot: found 3; allowed: names and what each has"),
        ("start:", "begin:", "snapshot.begin: no such key of a Snapshot proposal; allowed: type, choices"),
        ("start: 2", "start: 2.", "snapshot.start: found"),
    ],
)
def test_a_wrong_file_is_answered_and_nothing_printed(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    code, out, err = call(tmp_path, CHANGES.replace(old, new, 1), "--json")
    assert (code, out) == (2, "")
    assert any(line.startswith(f"error: {sentence}") for line in err.splitlines()), err


@pytest.mark.parametrize("option", [[], ["--targets"]])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, option: list[str]) -> None:
    missing = str(tmp_path / "none.yaml")
    if option:
        code, out, err = call(tmp_path, CHANGES, *option, missing)
    else:
        result = CliRunner().invoke(app, ["calldata", missing])
        code, out, err = result.exit_code, result.stdout, result.stderr
    assert (code, out, err.strip()) == (2, "", f"error: {missing}: no such file")
