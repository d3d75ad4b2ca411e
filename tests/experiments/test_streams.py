"""Output that cannot be written: the work is finished, what is on disk is whole, and a sentence says so."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from experiments.cli.streams import Spout
from tests.experiments import small

UNPRINTED = "error: the result could not be printed"
ENDS = {
    # what the shell does with the output, the exit code, and what is said at the end of stderr
    "full": (">/dev/full", 1, f"{UNPRINTED} (No space left on device); what was written to disk is complete\n"),
    "closed": (">&-", 1, f"{UNPRINTED} (stdout is closed); what was written to disk is complete\n"),
    "left by its reader": ("| true", 1, ""),
    "errors full": ("2>/dev/full", 0, ""),
    "errors closed": ("2>&-", 0, ""),
}


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line of bash in which `quiver` is the command; the exit code is the command's own."""
    command = f'quiver() {{ "{sys.executable}" -m experiments.cli "$@"; }}; {line}; exit "${{PIPESTATUS[0]}}"'
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False
    )


@pytest.mark.parametrize("case", ENDS)
def test_what_cannot_be_printed_is_told_at_the_end(case: str, tmp_path: Path) -> None:
    end, code, said = ENDS[case]
    done = shell(f"quiver params --contract fees --json {end}", tmp_path)
    assert (done.returncode, done.stderr.decode()) == (code, said)
    assert bool(done.stdout) == (code == 0)


def test_help_and_wrong_requests_need_no_output(tmp_path: Path) -> None:
    done = shell("quiver --help >/dev/full", tmp_path)
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert shell("quiver run whitepapr 2>/dev/full >&-", tmp_path).returncode == 2
    assert shell("quiver run whitepapr >&-", tmp_path).stderr.decode().count("error: ") == 1


def test_a_sweep_without_any_output_leaves_a_whole_store(tmp_path: Path) -> None:
    """Descriptors that are closed are not given to the store's files, into which prints would go."""
    small.write(tmp_path)
    assert shell("quiver sweep small.yaml --workers 0 --json <&- >&- 2>&-", tmp_path).returncode == 1
    (store,) = (tmp_path / "results").iterdir()
    assert small.parts(store)


def test_json_is_utf_8_or_escaped(tmp_path: Path) -> None:
    """A note of music, an accent and an arrow are the same in every encoding of the output."""
    (tmp_path / "café.yaml").write_text(
        'title: "\N{BEAMED EIGHTH NOTES} café \N{RIGHTWARDS ARROW}"\ndays: 1\n', encoding="utf-8"
    )
    for encoding in ("utf-8", "ascii", "latin-1"):
        done = shell("quiver run café.yaml --json", tmp_path, PYTHONIOENCODING=encoding)
        assert done.returncode == 0, done.stderr
        text = done.stdout.decode(encoding)
        assert text.isascii() == (encoding != "utf-8")
        assert json.loads(text)["title"] == "\N{BEAMED EIGHTH NOTES} café \N{RIGHTWARDS ARROW}"


def test_a_table_needs_no_encoding(tmp_path: Path) -> None:
    done = shell("quiver metrics", tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert b"price_usd" in done.stdout


def test_a_reader_that_is_slow_gets_everything() -> None:
    """A pipe that does not block takes a part at a time."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETFL, os.O_NONBLOCK)
    taken = bytearray()
    reader = threading.Thread(target=lambda: [taken.extend(data) for data in iter(lambda: os.read(reading, 4096), b"")])
    with Spout(writing, "wb", closefd=False) as spout:
        reader.start()
        assert spout.write(b"x" * 1_000_000) == 1_000_000
        os.close(writing)
    reader.join()
    os.close(reading)
    assert (len(taken), spout.lost) == (1_000_000, False)


def test_nothing_more_is_written_after_an_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with Spout(writing, "wb") as spout:
        assert [spout.write(b"abc"), spout.write(b"d")] == [3, 1]
        assert spout.lost
        assert isinstance(spout.broken, BrokenPipeError)
