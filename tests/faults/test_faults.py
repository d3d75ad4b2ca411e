"""Commands whose disk fails, or that are killed, at one operation after another: `tests/faults/loop.py`.

By default every third place in the program that touches a file is tried; `pytest -m faults` tries every operation.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["sweep", "mend", "retry", "publish", "propose", "verify"]
EVERY = 3


def loop(*options: str) -> dict[str, dict[str, Any]]:
    """What came of the commands, by name: in a process that is theirs alone, as it is forked for each fault."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.loop", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {found["command"]: found for found in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    return loop("--every", str(EVERY))


@pytest.mark.parametrize("name", NAMES)
def test_a_command_survives_faults_of_its_disk(name: str, found: dict[str, dict[str, Any]]) -> None:
    tried = found[name]
    assert tried["wrong"] == []
    assert {"killed", "EIO from then on"} <= set(tried["kinds"]) or name == "verify"
    assert sum(tried["kinds"].values()) > 1


@pytest.mark.faults
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", NAMES)
def test_every_operation(name: str, request: pytest.FixtureRequest) -> None:
    if "faults" not in request.config.option.markexpr:
        pytest.skip("run with `-m faults`; takes an hour")
    tried = loop("--all", name)[name]
    assert tried["wrong"] == []
    assert sum(tried["kinds"].values()) == 2 * tried["operations"]
