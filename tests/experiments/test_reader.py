"""Places in a user's file: every problem with its file and key, all of them at once, and a default in place of each."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from experiments.errors import RequestError, UnfitError
from experiments.inputs import validate
from experiments.inputs.reader import Reader

ROOT = Path(__file__).parents[2]


def said(reader: Reader) -> list[str]:
    return reader.problems.sentences


def test_a_place_has_its_key() -> None:
    file = Reader("mine.yaml", {"shocks": [{"day": 3}]})
    (shock,) = file.at("shocks").items("shocks")
    assert [place.key for place in (file, shock, shock.at("day"), shock.at("kind"))] == [
        "",
        "shocks[0]",
        "shocks[0].day",
        "shocks[0].kind",
    ]
    assert (shock.at("day").found, shock.at("kind").found) == (3, None)
    assert (shock.inside().where, shock.inside().sub("kind").key) == ("mine.yaml: shocks[0]", "kind")
    assert file.line(4).where == "mine.yaml, line 4"


def test_problems_are_collected_and_reading_goes_on() -> None:
    file = Reader("mine.yaml", {"days": "ten", "name": 3, "kind": "gird", "seed": 7, "runs": None})
    assert file.at("days").whole(1, 9, "days", 5) == 5
    assert file.at("name").text("none") == "none"
    assert file.at("kind").choice(("grid", "sobol"), "grid") == "grid"
    assert file.at("seed").whole(0, 9, "", 1) == 7
    assert file.at("runs").whole(1, 9, "runs", 2) == 2
    file.only(("days", "name", "kind", "seed"), "a file", {"runs": " (a hint)"})
    assert said(file) == [
        "mine.yaml: days: found 'ten'; allowed: a whole number from 1 to 9 (days)",
        "mine.yaml: name: found 3; allowed: text (in quotes if it looks like a number)",
        "mine.yaml: kind: found 'gird'; allowed: grid or sobol; nearest: grid",
        "mine.yaml: runs: no such key of a file; allowed: days, name, kind, seed (a hint)",
    ]
    with pytest.raises(RequestError) as caught:
        file.problems.raise_any()
    assert caught.value.problems == said(file)


def test_nothing_is_the_default_unless_it_is_read() -> None:
    at = Reader("mine.yaml", {}).at("runs")
    assert at.value(validate.switch, False) is False
    assert said(at) == []
    assert at.read(validate.switch, False) is False
    assert said(at) == ["mine.yaml: runs: found nothing; allowed: true or false"]


def test_another_file_is_told_at_the_place_that_names_it(tmp_path: Path) -> None:
    def opener(path: Path) -> str:
        raise RequestError(f"{path.name}: wrong", f"{path.name}: and wrong again")

    file = Reader("mine.yaml", {"file": "other.csv", "design": {"file": 3}})
    assert file.at("file").file(tmp_path, opener) is None
    assert file.at("design").at("file").file(tmp_path, opener) is None
    with file.anywhere.noting():
        raise RequestError("override: its own place")
    assert said(file) == [
        "mine.yaml: file: other.csv: wrong",
        "mine.yaml: file: other.csv: and wrong again",
        "mine.yaml: design.file: found 3; allowed: text (in quotes if it looks like a number)",
        "override: its own place",
    ]


def test_an_item_is_whole_or_none() -> None:
    def read(item: Any) -> tuple[dict[str, Any] | None, list[str]]:
        def field(name: str) -> Any:
            if item[name] is False:
                raise UnfitError("false", "anything else")
            return str(item[name])

        at = Reader("mine.yaml").sub("attacks[0]", item)
        return at.item("attack", ("kind", "size"), ("day",), field), said(at)

    assert read({"size": 2, "kind": 1}) == ({"kind": "1", "size": "2"}, [])
    assert read(3) == (None, ["mine.yaml: attacks[0]: found 3; allowed: an attack with kind, size"])
    assert read({"kind": False, "dya": 1}) == (
        None,
        [
            "mine.yaml: attacks[0].dya: no such key of an attack; allowed: kind, size, day; nearest: day",
            "mine.yaml: attacks[0].size: missing; every attack has kind, size",
            "mine.yaml: attacks[0].kind: found false; allowed: anything else",
        ],
    )


def test_no_function_takes_a_place_in_two_parts() -> None:
    """A place is a Reader: `where` and `problems` are not handed on side by side."""
    both = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((ROOT / "experiments").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and {"where", "problems"} <= {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
    ]
    assert both == []
