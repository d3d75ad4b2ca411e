"""A parameter of an earlier version: every way in says in one sentence what to write instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from typer.testing import CliRunner

from experiments import api
from experiments.cli import app
from experiments.errors import RequestError
from experiments.inputs.experiment import load_experiment
from experiments.inputs.scenario import load_scenario
from experiments.inputs.snapshot import load_snapshot
from experiments.proposals.chain import keys_of
from experiments.proposals.onchain import example_targets, forms, load_targets
from experiments.proposals.proposal_file import load_proposal
from model.gone import GONE, MOVED, instead
from model.parameters import REGISTRY, Parameters
from tests.experiments.snapshots import SMALL

NAMES = (*MOVED, *GONE)
KPIS = [{"name": "supply", "metric": "supply_quiv", "aggregation": "last"}]
EXPERIMENT = {"scenario": "quiet", "days": 3, "runs": 1, "kpis": KPIS}
FIELDS = {"Proposer": "a", "Type": 1, "Title": "b", "Description": "c"}

Way = Callable[[Path, str], object]


def file(folder: Path, content: dict[str, Any], name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(json.dumps(content) if name.endswith("json") else yaml.safe_dump(content), encoding="utf-8")
    return path


def experiment(folder: Path, **changes: Any) -> object:
    return load_experiment(file(folder, EXPERIMENT | changes))


def table(folder: Path, name: str) -> object:
    (folder / "points.csv").write_text(f"{name}\n0.1\n", encoding="utf-8")
    return experiment(folder, design={"kind": "list", "file": "points.csv"})


def proposal(folder: Path, **changes: Any) -> object:
    good = {"title": "a", "author": "b", "rationale": "c", "review": "2027-01-01", "type": "economic", "kpis": KPIS}
    return load_proposal(file(folder, good | {"scenario": "quiet", "changes": {"fees.burn_share": 0.6}} | changes))


def scripted(folder: Path, name: str) -> object:
    asked = {"day": 1, "parameter": name, "value": 0.1, "type": "economic"}
    return load_scenario(file(folder, {"days": 9, "proposals": [asked]}))


def command(*arguments: str) -> object:
    done = CliRunner().invoke(app, [*arguments])
    assert (done.exit_code, done.stdout) == (2, "")
    raise RequestError(*done.stderr.splitlines())


WAYS: dict[str, Way] = {
    "scenario": lambda folder, name: load_scenario(file(folder, {"parameters": {name: 0.1}})),
    "override": lambda _, name: load_scenario("quiet", {name: 0.1}),
    "Python": lambda _, name: api.simulate("quiet", days=1, overrides={name: 0.1}),
    "cadCAD": lambda _, name: api.cadcad_experiment("quiet", days=1, sweep={name: [0.1, 0.2]}),
    "command line": lambda _, name: command("run", "quiet", "--set", f"{name}=0.1"),
    "scripted proposal": scripted,
    "control": lambda folder, name: experiment(folder, controls={name: [0.1, 0.2]}),
    "environment": lambda folder, name: experiment(folder, environment={name: {"low": 0.1, "high": 0.2}}),
    "design": lambda folder, name: experiment(folder, design={"kind": "list", "points": [{name: 0.1}]}),
    "table": table,
    "proposal": lambda folder, name: proposal(folder, changes={name: 0.1}),
    "alternative": lambda folder, name: proposal(folder, alternatives=[{name: 0.1}]),
    "today": lambda folder, name: proposal(folder, today={name: 0.1}),
    "on chain": lambda _, name: keys_of(FIELDS | {"Parameters": {name: "0.1"}}),
    "calls": lambda _, name: forms("a", "b", {name: (0.1, 0.2)}, example_targets()),
    "target map": lambda folder, name: load_targets(file(folder, {"contracts": {}, "functions": {name: {}}})),
    "snapshot": lambda folder, name: load_snapshot(file(folder, SMALL | {"parameters": {name: 0.1}}, "live.json")),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_says_what_to_write_instead(way: str, tmp_path: Path) -> None:
    for name in NAMES:
        with pytest.raises(RequestError) as caught:
            WAYS[way](tmp_path, name)
        about = [sentence for sentence in caught.value.problems if name in sentence]
        assert len(about) == 1, (name, caught.value.problems)
        assert about[0].endswith(f"{name}: {instead(name)}")


def test_a_contract_in_python_says_so_too() -> None:
    for name in NAMES:
        contract, short = name.split(".")
        with pytest.raises(ValidationError) as caught:
            type(getattr(Parameters(), contract))(**{short: 0.1})
        assert f"{name}: {instead(name)}" in str(caught.value)


def test_what_to_write_instead_exists() -> None:
    """No old name is a parameter, and every dotted name in a sentence is one."""
    assert [name for name in NAMES if name in REGISTRY] == []
    words = " ".join(instead(name) for name in NAMES).replace(",", " ").replace(";", " ").split()
    named = {word for word in words if "." in word}
    assert named
    assert named - set(REGISTRY) == set()


def test_another_name_has_no_sentence() -> None:
    assert [instead(name) for name in ("fees.burn_share", "pool.unlock_sell_shares", "", None, ["pool"], 1)] == [""] * 6
