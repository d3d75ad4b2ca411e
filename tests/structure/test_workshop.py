"""The workshop: every test runs in one shard, and release, citation and change log name one version."""

from __future__ import annotations

import configparser
from collections import Counter

import yaml

from tests.structure.sources import ROOT

PACKAGES = ("model", "policies", "state_updates", "experiments", "dashboards")


def _version() -> str:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup["metadata"]["version"]


def test_every_folder_of_tests_is_in_one_shard() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    shards = workflow["jobs"]["tests"]["strategy"]["matrix"]["shard"]
    sharded = Counter(folder for shard in shards for folder in shard["folders"].split())
    assert sharded == Counter(f"tests/{path.parent.name}" for path in (ROOT / "tests").glob("*/__init__.py"))


def test_workflows_need_no_secret_and_pin_actions_by_major() -> None:
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert "secrets." not in text, path.name
        steps = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
        used = [step["uses"] for step in steps if "uses" in step]
        assert used, path.name
        assert [action for action in used if not action.rpartition("@v")[2].isdigit()] == [], path.name


def test_forms_and_hooks_can_be_read() -> None:
    files = [*(ROOT / ".github").rglob("*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / "CITATION.cff"]
    assert len(files) > 4
    assert all(isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict) for path in files)


def test_one_version_is_released_cited_and_described() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert citation["version"] == _version()
    assert f"\n## {_version()}" in changes


def test_every_package_ships_its_types() -> None:
    assert [name for name in PACKAGES if not (ROOT / name / "py.typed").exists()] == []
