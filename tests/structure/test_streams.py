"""No two draws share a stream: a name decides the numbers, so two draws of one name would be the same luck."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import combinations

import pytest

from model import draws
from tests.structure.sources import trees

ROOMS = ("model", "policies", "state_updates")
DRAWS = {
    name
    for name, found in inspect.getmembers(draws, inspect.isfunction)
    if list(inspect.signature(found).parameters)[:2] == ["params", "name"]
}
ALLOWED = {
    frozenset(("governance.*/*/*", "governance.bribe/*")): "the first `*` is turnout or support, never bribe",
}
"""Pairs of names that may be taken for one, or are one on purpose, each with the reason why that is right."""


@dataclass(frozen=True)
class Draw:
    """A draw's stream name, with `*` for what is known only when it is drawn, and the place that gives the name."""

    name: str
    place: str


@dataclass(frozen=True)
class Call:
    """A call, the module that it is in and the functions around it, the innermost last."""

    path: str
    around: tuple[ast.FunctionDef, ...]
    node: ast.Call

    def argument(self, position: int, name: str) -> ast.expr:
        """The argument of a call, by its place or its name."""
        named = {keyword.arg: keyword.value for keyword in self.node.keywords}
        return named[name] if name in named else self.node.args[position]


def calls(sources: Mapping[str, ast.Module]) -> Iterator[Call]:
    """Every call of some modules."""

    def walk(path: str, node: ast.AST, around: tuple[ast.FunctionDef, ...]) -> Iterator[Call]:
        inside = (*around, node) if isinstance(node, ast.FunctionDef) else around
        if isinstance(node, ast.Call):
            yield Call(path, around, node)
        for child in ast.iter_child_nodes(node):
            yield from walk(path, child, inside)

    for path, tree in sources.items():
        yield from walk(path, tree, ())


def called(node: ast.Call) -> str:
    """The last part of what is called: `uniform` of `draws.uniform(...)`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_draw(node: ast.AST) -> bool:
    """Whether this is a function of `model.draws`, as `draws.uniform`."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr in DRAWS
        and isinstance(node.value, ast.Name)
        and node.value.id == "draws"
    )


def names(call: Call, node: ast.expr, every: list[Call]) -> Iterator[Draw]:
    """The names that an expression in a call stands for: a text, or what the function around it is given as one."""
    place = f"{call.path}:{node.lineno}:{node.col_offset}"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Draw(node.value, place)
    elif isinstance(node, ast.Name):
        given = list(given_names(call, node.id, every))
        assert given, f"{place}: the stream's name `{node.id}` is neither a text nor given by a caller"
        yield from given
    elif isinstance(node, ast.JoinedStr):
        found = [Draw("", place)]
        for part in node.values:
            found = [
                Draw(begun.name + added.name, added.place or begun.place)
                for begun in found
                for added in endings(call, part, every)
            ]
        yield from found
    else:
        raise AssertionError(f"{place}: a stream's name is a text, or made of texts")


def endings(call: Call, part: ast.expr, every: list[Call]) -> list[Draw]:
    """What a part of an f-string can be: its text, what callers give as a parameter, or `*`; placed if callers do."""
    if isinstance(part, ast.Constant):
        return [Draw(str(part.value), "")]
    value = part.value if isinstance(part, ast.FormattedValue) else part
    given = list(given_names(call, value.id, every)) if isinstance(value, ast.Name) else []
    return given or [Draw("*", "")]


def parameter_of(call: Call, name: str) -> tuple[ast.FunctionDef, int] | None:
    """The innermost function around a call that has a parameter of this name, and the parameter's place."""
    for function in reversed(call.around):
        parameters = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        if name in parameters:
            return function, parameters.index(name)
    return None


def given_names(call: Call, name: str, every: list[Call]) -> Iterator[Draw]:
    """What callers pass as a parameter: callers in the same module, if the function is private."""
    found = parameter_of(call, name)
    if found is None:
        return
    function, position = found
    for other in every:
        near = other.path == call.path or not function.name.startswith("_")
        if near and called(other.node) == function.name:
            yield from names(other, other.argument(position, name), every)


def drawn(sources: Mapping[str, ast.Module]) -> list[Draw]:
    """Every stream name of some modules with the place where it is given."""
    every = list(calls(sources))
    of_draws = [call for call in every if is_draw(call.node.func)]
    found = [draw for call in of_draws for draw in names(call, call.argument(1, "name"), every)]
    return list(dict.fromkeys(found))


def overlap(one: str, other: str) -> bool:
    """Whether two names can be the same. Of two that both have a `*`, the fixed beginnings and ends are compared."""
    if "*" not in one or "*" not in other:
        return fnmatchcase(one, other) or fnmatchcase(other, one)
    starts, ends = ((one.split("*")[end], other.split("*")[end]) for end in (0, -1))
    begin = starts[0].startswith(starts[1]) or starts[1].startswith(starts[0])
    return begin and (ends[0].endswith(ends[1]) or ends[1].endswith(ends[0]))


def shared(found: list[Draw]) -> list[str]:
    """Two draws of one stream, each as a sentence."""
    return [
        f"{one.name} ({one.place}) and {other.name} ({other.place})"
        for one, other in combinations(found, 2)
        if overlap(one.name, other.name) and frozenset((one.name, other.name)) not in ALLOWED
    ]


def test_no_two_draws_share_a_stream() -> None:
    found = drawn(trees(*ROOMS))
    assert len(found) > 50
    assert shared(found) == []


def test_the_streams_within_a_normal_draw_are_no_others_names() -> None:
    assert [draw for draw in drawn(trees(*ROOMS)) if draw.name.endswith(("/radius", "/angle"))] == []


def test_draws_are_called_by_name_from_their_module() -> None:
    """Otherwise a draw could escape: as `from model.draws import uniform`, or handed on as a value."""
    for path, tree in trees(*ROOMS).items():
        if path == "model/draws.py":
            continue
        plain = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            assert not is_draw(node) or id(node) in plain, f"{path}:{node.lineno}: a draw is called where it is named"
            if isinstance(node, ast.ImportFrom) and node.module == "model.draws":
                assert not {name.name for name in node.names} & DRAWS, f"{path}:{node.lineno}: import model.draws whole"
            if isinstance(node, (ast.ImportFrom, ast.Import)):
                assert all(name.asname is None for name in node.names if name.name.endswith("draws")), path


def test_every_exception_still_exists() -> None:
    known = {draw.name for draw in drawn(trees(*ROOMS))}
    assert [sorted(pair) for pair in ALLOWED if not pair <= known] == []


HELPED = """
def _one(params, name):
    return draws.uniform(params, name, 0)

def day(params):
    return _one(params, "a.x") + _one(params, {second}) + draws.normal(params, f"a.{{size}}/y", 0)
"""


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ('"a.z"', []),
        ('"a.x"', ["a.x (m.py:6:24) and a.x (m.py:6:46)"]),
        ('"a.small/y"', ["a.small/y (m.py:6:46) and a.*/y (m.py:6:82)"]),
    ],
)
def test_two_draws_of_one_stream_are_seen(second: str, found: list[str]) -> None:
    assert shared(drawn({"m.py": ast.parse(HELPED.format(second=second))})) == found


def test_a_name_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(AssertionError, match="is neither a text nor given by a caller"):
        drawn({"m.py": ast.parse("x = draws.uniform(params, NAME, 0)")})
