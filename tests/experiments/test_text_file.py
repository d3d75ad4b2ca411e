"""Files that a user names, and that a file of a user names: regular ones, bounded, and never quoted by mistake."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

import pytest

from experiments.errors import MOST_NOTED, MOST_SENTENCE, Problems, RequestError, show
from experiments.inputs.experiment import load_experiment
from experiments.inputs.scenario import load_scenario
from experiments.inputs.strict_yaml import MOST_DEEP, MOST_VALUES, parse
from experiments.inputs.text_file import path_of, read_bytes, read_text
from tests.experiments.snapshots import small

SECRET = "hunter2"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with things that are no files."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    os.symlink("loop", "loop")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    return tmp_path


NO_FILES = {
    "pipe": "pipe: a pipe; allowed: a file",
    "socket": "socket: a socket; allowed: a file",
    "loop": "loop: cannot be read (Too many levels of symbolic links)",
    ".": ".: a folder; allowed: a file",
    "/dev/zero": "/dev/zero: a device; allowed: a file",
    "/dev/stdin": "/dev/stdin: ",
    "none": "none: no such file",
    "none/none": "none/none: no such file",
    "state/x": "state/x: cannot be read (Not a directory)",
    "n" * 300: f"'{'n' * 56}...: no such file (the name is too long)",
    "n/" * 3000: f"'{'n/' * 28}...: no such file (the name is too long)",
    "a\0b": r"'a\x00b': cannot be read (no file has such a name)",
    "\ud800": r"'\ud800': cannot be read (no file has such a name)",
    "\x1b[2J": r"'\x1b[2J': cannot be read (no file has such a name)",
    "a\u202eb": r"'a\u202eb': cannot be read (no file has such a name)",
    "a\nb": r"'a\nb': cannot be read (no file has such a name)",
    "~nobody-of-this-name/x": "~nobody-of-this-name/x: no such file (whose home folder ~ stands for is not known)",
}


@pytest.mark.parametrize("name", NO_FILES, ids=lambda name: ascii(name)[:20])
def test_what_is_no_file_is_refused_and_not_opened(name: str, folder: Path) -> None:
    (folder / "state").write_text("")
    with pytest.raises(RequestError) as caught:
        read_text(path_of(name), name)
    assert str(caught.value).startswith(NO_FILES[name])
    assert len(caught.value.problems) == 1


def test_no_more_is_read_than_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "ten").write_bytes(b"0123456789")
    assert read_bytes(folder / "ten", "ten", 10) == b"0123456789"
    with pytest.raises(RequestError, match="ten: the file has more than 9 bytes"):
        read_bytes(folder / "ten", "ten", 9)
    monkeypatch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(RequestError, match=r"ten: cannot be read \(Permission denied\)"):
        read_bytes(folder / "ten", "ten")


NAMING = {
    # a file that names another, and the other
    "extends": ("extends: other", f"{SECRET}: 1\n"),
    "extends a text": ("extends: ./other", f"{SECRET}\n"),
    "exogenous": ("exogenous: {price_usd: other}", f"{SECRET},x\n1,2\n"),
    "exogenous of one column": ("exogenous: {price_usd: other}", f"{SECRET}\n{SECRET}\n"),
    "exogenous with bars": ("exogenous: {price_usd: other}", f"a|{SECRET}|b\n"),
    "start": ("start: other", f'{{"{SECRET}": "{SECRET}"}}'),
    "start from a list": ("start: other", f'["{SECRET}"]'),
    "start from a text": ("start: other", f'"{SECRET}"'),
    "list": ("start: lists.json", f"{SECRET},{SECRET}\n{SECRET},1\n"),
    "scenario": ("scenario: ./other", f"{SECRET}: {SECRET}\n"),
    "scenario of a list": ("scenario: ./other", f"- {SECRET}\n"),
    "design": ("scenario: quiet\ndesign: {kind: list, file: other}", f"{SECRET}\n1\n"),
    "environment": ("scenario: quiet\nenvironment: {demand.elasticity: {file: other}}", f"{SECRET}\n1\n"),
}


@pytest.mark.parametrize("case", NAMING)
def test_nothing_of_another_file_is_quoted(case: str, folder: Path) -> None:
    text, other = NAMING[case]
    (folder / "other").write_text(other, encoding="utf-8")
    (folder / "lists.json").write_text(json.dumps(small() | {"holders": "other"}), encoding="utf-8")
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        (load_experiment if "scenario:" in text else load_scenario)("mine.yaml")
    assert "other" in str(caught.value)
    assert SECRET not in str(caught.value)


BOUNDED = {
    "flow list": ("a: [" + "1," * 400_000 + "]", f"found more than {MOST_VALUES:,} keys and values"),
    "keys": ("".join(f"k{place}: 1\n" for place in range(90_000)), "found more than"),
    "brackets": ("a: " + "[" * 900_000, f"within each other more than {MOST_DEEP} deep"),
    "list of lists": ("- " * 400_000 + "a", "within each other more than"),
    "complex keys": ("? " * 400_000 + "a", "within each other more than"),
    "digits": ("a: " + "9" * 5000, "found a number of 5,000 digits; allowed: at most 1,000"),
    "escape": ('a: "\\e[31m"', "found the character U+001B (control character); allowed: characters that can be seen"),
    "direction": ('a: "\\u202e"', "found the character U+202E (right-to-left override)"),
    "long key": (f"? {'k' * 400_000}\n: 1\n" * 2, "is there twice"),
}


@pytest.mark.parametrize("case", BOUNDED)
def test_a_document_is_refused_within_seconds(case: str) -> None:
    text, said = BOUNDED[case]
    start = time.process_time()
    with pytest.raises(RequestError) as caught:
        parse(text, "mine.yaml")
    assert str(caught.value).startswith("mine.yaml, line ")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 200
    assert time.process_time() - start < 20.0


def test_prose_may_have_signs_that_join_letters() -> None:
    prose = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f469\u200d\U0001f4bb caf\xe9\xa0\u2014"
    assert parse(f'title: "{prose}"', "mine.yaml") == {"title": prose}


def test_a_sentence_is_one_line_of_a_bounded_length() -> None:
    error = RequestError("a\nb\x1b[31m\u202e\ud800\xa0c", "x" * 10_000)
    assert error.problems[0] == r"a\nb\x1b[31m\u202e\ud800" + "\xa0c"
    assert len(error.problems[1]) == MOST_SENTENCE
    assert str(error).count("\n") == 1
    assert RequestError(*error.args).problems == error.problems


def test_a_value_is_shown_short_however_large_or_deep() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert show(deep) == "[" * 57 + "..."
    assert show(range(3)) == "range(0, 3)"
    assert show({"a": [1, None, True], "b": "x"}) == "{a: [1, nothing, true], b: 'x'}"
    assert len(show(["x" * 1_000_000] * 1_000_000)) == 60


def test_a_request_is_read_no_further_after_many_problems() -> None:
    problems = Problems()
    for place in range(MOST_NOTED - 1):
        problems.add("mine.yaml", f"k{place}", "wrong")
    with pytest.raises(RequestError) as caught:
        problems.add("mine.yaml", "last", "wrong")
    assert caught.value.problems[-1] == "mine.yaml: last: wrong"
    assert len(caught.value.problems) == MOST_NOTED


NUMBERS = {
    # a file, and the sentence after its name
    f"parameters: {{demand.elasticity: {'9' * 400}}}": "demand.elasticity: found 9999",
    f"parameters: {{demand.elasticity: -{'9' * 400}}}": "demand.elasticity: found -9999",
    f"days: {'9' * 400}": "days: found 9999",
    f"exogenous: {{price_usd: {'9' * 400}}}": "exogenous.price_usd: found 9999",
    "parameters: {demand.elasticity: 5e-324}": "found '5e-324'; allowed: a number from 0 to 5 (ratio); write 5.0e-324",
    "parameters: {demand.elasticity: 1e300}": "found '1e300'; allowed: a number from 0 to 5 (ratio); write 1.0e+300",
    "days: 1.0e+300": "days: found 1e+300; allowed: a whole number from 1 to 36500 (days)",
    "parameters: {demand.elasticity: 1.0e+400}": "demand.elasticity: found inf",
}


def test_a_scenario_may_not_extend_a_loop_of_links(folder: Path) -> None:
    (folder / "mine.yaml").write_text("extends: ./loop")
    with pytest.raises(RequestError, match="Too many levels of symbolic links"):
        load_scenario("mine.yaml")


@pytest.mark.parametrize("text", NUMBERS, ids=lambda text: text[:30])
def test_a_number_that_no_float_holds_is_refused(text: str, folder: Path) -> None:
    (folder / "mine.yaml").write_text(text)
    with pytest.raises(RequestError) as caught:
        load_scenario("mine.yaml")
    assert NUMBERS[text] in str(caught.value)
    assert len(str(caught.value)) < 250


OTHER_KINDS = {
    ("scenario", "demo"): "demo: no such scenario or file (demo is an experiment: quiver-sim sweep demo)",
    (
        "scenario",
        "burn_share",
    ): "burn_share: no such scenario or file (burn_share is a proposal: quiver-sim propose bur",
    ("experiment", "root"): "root: no such experiment or file (root is a scenario: quiver-sim run root)",
    ("scenario", "whitepapr"): "whitepapr: no such scenario or file; nearest: whitepaper, whitepaper_2_3_05; allowed: ",
    ("scenario", "dmo"): "dmo: no such scenario or file; nearest: demo, an experiment (quiver-sim sweep); allowed: ",
    ("scenario", "zzz"): "zzz: no such scenario or file; allowed: whitepaper, ",
}


@pytest.mark.parametrize(("kind", "name"), OTHER_KINDS)
def test_a_name_of_another_kind_is_told(kind: str, name: str) -> None:
    with pytest.raises(RequestError) as caught:
        (load_scenario if kind == "scenario" else load_experiment)(name)
    assert str(caught.value).startswith(OTHER_KINDS[kind, name])
