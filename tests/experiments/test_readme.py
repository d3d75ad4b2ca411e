"""README's own examples: what it tells a newcomer to type runs, cheaply, and what it names exists."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import experiments
from experiments.cli import app
from experiments.inputs.experiment import load_experiment
from experiments.inputs.scenario import load_scenario, preset_names
from experiments.inputs.strict_yaml import parse
from experiments.sweeps.results import Results

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHEAP = {"--days": "2", "--runs": "2", "--trajectories": "2", "--trials": "2"}
ONLY_HELP = (
    "explore",
    "propose",
    "verify",
    "calldata",
    "snapshot",
    "bench",
    "check",
    "readiness",
    "attack",
    "sensitivity",
    "tune",
)
OF_A_STORE = ("status", "report")


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(README) if found == language]


def commands(program: str) -> Iterator[list[str]]:
    """The words of every command of one program in README's shell blocks."""
    for block in blocks("sh"):
        lines = [line.partition("#")[0] for line in block.splitlines()]
        for command in (part for line in lines for part in line.split(";")):
            words = shlex.split(command)
            if words and words[0] == program:
                yield words[1:]


def cheap(words: list[str]) -> list[str]:
    """The same command, tiny: --days and --runs replaced, or --days added to a run."""
    if words[0] in ONLY_HELP:
        return [words[0], "--help"]
    given = [CHEAP.get(option, word) for option, word in zip(["", *words], words, strict=False)]
    return [*given, "--days", "2"] if words[0] == "run" and "--days" not in words else given


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with README's two files in it, as the current one."""
    monkeypatch.chdir(tmp_path)
    for name, text in zip(("my-scenario.yaml", "my-question.yaml"), blocks("yaml"), strict=True):
        assert f"`{name}`" in README
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def call(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, (words, result.stderr)
    return result.stdout


def test_the_makefile_has_what_readme_makes() -> None:
    targets = [words[0] for words in commands("make")]
    assert targets
    assert all(f"\n{target}:" in MAKEFILE for target in targets)


def test_the_commands_work(workplace: Path) -> None:
    asked = [words for words in commands("quiver-sim") if words[0] not in ("sweep", "publish", *OF_A_STORE)]
    lists = {"presets", "scenarios", "shocks", "experiments", "params", "metrics"}
    assert {words[0] for words in asked} == {"run", "rational", *lists, *ONLY_HELP}
    for words in asked:
        assert call(*cheap(words))
    assert list((workplace / "results").glob("whitepaper-*/manifest.json"))


def test_the_sweep_and_its_page_work(workplace: Path) -> None:
    dry, sweep = (words for words in commands("quiver-sim") if words[0] == "sweep")
    assert dry == [*sweep, "--dry-run"]
    (publish,) = (words for words in commands("quiver-sim") if words[0] == "publish")
    file = workplace / sweep[1]
    file.write_text(re.sub(r"^runs: \d+", "days: 40\nruns: 2", file.read_text(), flags=re.MULTILINE))
    store = call(*sweep, "--workers", "0").strip()
    assert Path(store).parent.name == Path(publish[1]).parent.name
    assert Path(store).name.rpartition("-")[0] == Path(publish[1]).name.rpartition("-")[0]
    assert call("publish", store).startswith("file://")
    for command in OF_A_STORE:
        ((_, folder),) = (words for words in commands("quiver-sim") if words[0] == command)
        assert folder == publish[1]
        assert call(command, store)


def test_the_scenario_and_the_experiment_are_valid(workplace: Path) -> None:
    economy, experiment = load_scenario(workplace / "my-scenario.yaml"), load_experiment(workplace / "my-question.yaml")
    assert (economy.days, len(economy.proposals), economy.on("adaptive_fee")) == (730, 1, False)
    assert (experiment.days, experiment.runs, experiment.seed, len(experiment.points())) == (730, 50, 7, 3)
    assert set(parse(blocks("yaml")[1], "README")) == {"scenario", "runs", "seed", "controls", "environment", "kpis"}


def test_the_python_names_and_arguments_exist() -> None:
    (block,) = blocks("python")
    tree = ast.parse(block)
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert all(
        hasattr(importlib.import_module(node.module or ""), alias.name) for node in imported for alias in node.names
    )
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert {node.func.id for node in calls if isinstance(node.func, ast.Name)} == {"simulate", "sweep", "load"}
    for node in calls:
        function = getattr(experiments, ast.unparse(node.func))
        inspect.signature(function).bind(*node.args, **{str(word.arg): word.value for word in node.keywords})
    parts = re.findall(r"\.(\w+)", block.rpartition("#")[2])
    assert {"design", "kpis", "summary", "failures", "trajectories"} <= set(parts)
    shown = dir(Results) + list(Results.__annotations__) + ["manifest"]
    assert set(parts) <= set(shown)


def test_every_preset_is_named() -> None:
    assert all(f"`{name}`" in README for name in preset_names())
