"""The code version: the digest of what decides numbers, and of nothing else."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.storage.version import DECIDING, code_digest
from tests.structure.sources import ROOT, imported, trees

PROJECT = ("model", "policies", "state_updates", "experiments", "dashboards")
EXPERIMENT = """
name: killed
scenario: whitepaper
days: 2
runs: 3
keep: kpis
metrics: [price_usd]
controls: {fees.burn_share: [0.4, 0.5, 0.6]}
kpis: [{name: price, metric: price_usd, aggregation: last}]
"""
KILLED_HALF_WAY = """
import os, sys
from experiments.inputs.experiment import load_experiment
from experiments.sweeps import progress, run
from experiments.sweeps.planning import plan_of
progress.BATCH = 3
seen = []
def tell_and_die(done, total):
    if 0 < done < total:
        os._exit(9)
run.run_sweep(plan_of(load_experiment(sys.argv[1])), sys.argv[2], 0, progress=tell_and_die)
"""
RESUMED = """
import sys
from experiments import sweep
asked, out = sys.argv[1:]
print(sweep(asked, out=out, workers=0, engine="ensemble", progress=lambda done, total: print(done, total)))
"""
POLICY, SEVERE = "policies/emission.py", "experiments/scenarios/stress_severe.yaml"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's cache."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def copied(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's packages in another folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for package in PROJECT:
        shutil.copytree(ROOT / package, tmp_path / "copy" / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "copy"


def edit(place: Path, old: str, new: str) -> None:
    """Replace a passage that is there."""
    text = place.read_text(encoding="utf-8")
    assert old in text, f"{place}: no {old!r}"
    place.write_text(text.replace(old, new, 1), encoding="utf-8")


def rewritten(place: Path, change: Callable[[ast.Module], None]) -> None:
    """Parse a module, change the tree, and write it anew: other layout, no comments."""
    tree = ast.parse(place.read_text(encoding="utf-8"))
    change(tree)
    place.write_text(ast.unparse(tree), encoding="utf-8")


def other_sign(tree: ast.Module) -> None:
    """Turn the first multiplication into a division."""
    first = next(node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult))
    first.op = ast.Div()


def test_what_deciding_code_imports_is_deciding_code() -> None:
    every = trees(*PROJECT)
    modules = {place.removesuffix(".py").removesuffix("/__init__").replace("/", "."): place for place in every}
    deciding = [place for place in every if _deciding(place)]
    assert len(deciding) > 100
    used = [(f"{p}:{line} {name}", modules.get(name, "")) for p in deciding for name, line in imported(every[p])]
    assert [said for said, place in used if place not in ("", "experiments/__init__.py") and not _deciding(place)] == []


def test_deciding_places_are_there() -> None:
    assert [place for place in DECIDING if not (ROOT / place).exists()] == []


def _deciding(place: str) -> bool:
    return any(place == room or place.startswith(f"{room}/") for room in DECIDING)


def test_what_only_speaks_or_shows_does_not_count(copied: Path) -> None:
    before = code_digest(copied)
    assert before == code_digest(ROOT)
    for module in (
        "experiments/cli/run.py",
        "experiments/validation/registry.py",
        "experiments/analysis/goals.py",
        "experiments/proposals/rails.py",
        "dashboards/source.py",
    ):
        with (copied / module).open("a", encoding="utf-8") as opened:
            opened.write("MORE = 1\n")
    edit(copied / POLICY, '"""', '"""Another docstring. ')
    rewritten(copied / "model/ledger.py", lambda tree: None)
    edit(copied / SEVERE, "title: ", "# another comment\ntitle: Another ")
    assert code_digest(copied) == before


CHANGES: dict[str, Callable[[Path], object]] = {
    "a sign in a policy": lambda root: rewritten(root / POLICY, other_sign),
    "a sign in a reader of files": lambda root: rewritten(root / "experiments/inputs/environment.py", other_sign),
    "a value of a preset": lambda root: edit(root / "experiments/presets/rewards.yaml", "_quiv: 0.01", "_quiv: 0.02"),
    "the grade of a scenario": lambda root: edit(root / SEVERE, "severity: severe", "severity: mild"),
    "a module that is gone": lambda root: (root / POLICY).unlink(),
    "a module that is new": lambda root: (root / "policies/more.py").touch(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_decides_numbers_counts(change: str, copied: Path) -> None:
    before = code_digest(copied)
    CHANGES[change](copied)
    assert code_digest(copied) != before


def test_the_digest_is_kept_by_the_bytes_of_the_sources(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = code_digest(copied)
    monkeypatch.setattr(ast, "parse", None)
    assert code_digest(copied) == first


def test_a_half_done_sweep_outlives_a_docstring_and_not_a_sign(copied: Path, tmp_path: Path) -> None:
    asked, out = tmp_path / "asked.yaml", tmp_path / "results"
    asked.write_text(EXPERIMENT, encoding="utf-8")

    def python(script: str) -> subprocess.CompletedProcess[str]:
        known = os.environ | {"PYTHONPATH": str(copied)}
        command = [sys.executable, "-c", script, str(asked), str(out)]
        return subprocess.run(command, cwd=copied, env=known, capture_output=True, text=True, timeout=120, check=False)

    assert python(KILLED_HALF_WAY).returncode == 9
    edit(copied / "experiments/cli/__init__.py", '"""', '"""Another help text. ')
    policy = (copied / POLICY).read_text(encoding="utf-8")
    rewritten(copied / POLICY, other_sign)
    refused = python(RESUMED)
    assert "was begun by other code" in refused.stderr
    (copied / POLICY).write_text(policy, encoding="utf-8")
    resumed = python(RESUMED)
    assert resumed.returncode == 0, resumed.stderr
    assert resumed.stdout.splitlines()[0] == "3 9"
    assert (out / resumed.stdout.splitlines()[-1] / "manifest.json").exists()


@pytest.mark.parametrize("module", ["proposals/stress.py", "proposals/attacks.py", "validation/attack_value.py"])
def test_what_makes_a_packs_numbers_counts(copied: Path, module: str) -> None:
    before = code_digest(copied)
    with (copied / "experiments" / module).open("a", encoding="utf-8") as opened:
        opened.write("MORE = 1\n")
    assert code_digest(copied) != before
