"""`quiver-sim explore`: one JSON document, a quiet end, and one sentence where it cannot start."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from tests.dashboards.synthetic import write_store

COMMAND = (sys.executable, "-m", "experiments.cli", "explore")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("explore") / "burn", days=5, runs=2)


def _heed_interrupts() -> None:
    """A program in the background of a shell is begun with interrupts ignored, and so are its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_it_says_where_it_listens_and_ends_quietly(store: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, str(store.parent), "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,
    ) as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(3))
        address = json.loads(said)["address"]
        with urllib.request.urlopen(address) as answer:
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(urllib.request.Request(address, headers={"Host": "evil.example"}))
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert (process.returncode, rest, errors) == (0, "", "")


def refused(*given: str) -> str:
    found = CliRunner().invoke(app, ["explore", *given])
    assert found.exit_code == 2
    assert found.stdout == ""
    return found.stderr


def test_a_port_that_is_taken_is_a_sentence(store: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        said = refused(str(store), "--port", str(port))
    assert said == f"error: --port: found {port}, which is taken; allowed: a free port, or 0 for any\n"


def test_what_is_no_store_is_a_sentence(store: Path, tmp_path: Path) -> None:
    assert "holds no store; allowed" in refused(str(tmp_path))
    assert f"nearest: {store}" in refused(str(store.parent / "bunr"))
    assert "--port: found 70000" in refused(str(store), "--port", "70000")
    assert "--host: 203.0.113.1 port" in refused(str(store), "--host", "203.0.113.1")
