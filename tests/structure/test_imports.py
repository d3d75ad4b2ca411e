"""Which room may use what: imports point one way, and the economy has no clock, no generator, no files."""

from __future__ import annotations

import ast

import pytest

from tests.structure.sources import found, imported, outside_functions, trees

ALLOWED = {
    "model": {"model"},
    "policies": {"model", "policies"},
    "state_updates": {"model", "state_updates"},
    "experiments": {"model", "policies", "state_updates", "experiments"},
    "dashboards": {"model", "policies", "state_updates", "experiments", "dashboards"},
}
ROOMS = {*ALLOWED, "tests", "docs", "benchmarks"}
PURE = ("model", "policies", "state_updates")
LIBRARIES = {"__future__", "array_api_compat", "numpy", "pydantic", "scipy"}
CONTAINERS = {"collections", "dataclasses", "enum", "functools", "operator", "types", "typing"}
STANDARD = CONTAINERS | {"decimal", "fractions", "hashlib", "math"}
GATHER = {"importlib", "pkgutil"}
"""What a room needs to gather what its files declare."""
FORBIDDEN_CALLS = {"open", "print", "input", "eval", "exec", "__import__"}


def _rooms(tree: ast.AST) -> list[tuple[str, int]]:
    tops = [(name.split(".")[0], line) for name, line in imported(tree)]
    return [(top, line) for top, line in tops if top in ROOMS]


@pytest.mark.parametrize("room", ["model", "policies", "state_updates"])
def test_imports_point_one_way(room: str) -> None:
    wrong = [f"{p}:{line} {top}" for p, t in trees(room).items() for top, line in _rooms(t) if top not in ALLOWED[room]]
    assert wrong == []


def test_no_decision_is_taken_on_a_metric() -> None:
    """Metrics read the economy; what both need, such as circulating supply, is the model's."""
    names = [(f"{p}:{line}", name) for p, t in trees("policies", "state_updates").items() for name, line in imported(t)]
    assert [f"{place} {name}" for place, name in names if name.startswith("model.metrics")] == []


@pytest.mark.parametrize("room", ["experiments", "dashboards"])
def test_imports_at_load_point_one_way(room: str) -> None:
    """The command line may open a dashboard, inside the function that does."""
    rooms = {path: _rooms(outside_functions(tree)) for path, tree in trees(room).items()}
    wrong = [f"{p}:{line} {top}" for p, found_ in rooms.items() for top, line in found_ if top not in ALLOWED[room]]
    assert wrong == []


def test_only_the_command_line_opens_dashboards() -> None:
    users = {p for p, t in trees("experiments").items() if any(top == "dashboards" for top, _ in _rooms(t))}
    assert {path for path in users if not path.startswith("experiments/cli")} == set()


def test_no_room_imports_tests() -> None:
    rooms = trees(*ALLOWED)
    assert [p for p, t in rooms.items() if any(top in ("tests", "docs", "benchmarks") for top, _ in _rooms(t))] == []


def test_the_economy_uses_few_libraries() -> None:
    """No clock, no generator, no operating system: nothing beyond these modules."""
    allowed = LIBRARIES | STANDARD | {"model", "policies", "state_updates"}
    names = [(f"{p}:{line}", name) for p, t in trees(*PURE).items() for name, line in imported(t)]
    more = {
        "model/traced.py": {"contextlib", "jax"},
        "policies/__init__.py": GATHER,
        "state_updates/__init__.py": GATHER,
    }
    found_ = [(place, name, allowed | more.get(place.split(":")[0], set())) for place, name in names]
    assert [f"{place} {name}" for place, name, may in found_ if name.split(".")[0] not in may] == []


def test_the_model_does_not_need_jax() -> None:
    """What it takes of JAX is imported by the functions that a compiler traces, never with the module."""
    tree = next(tree for place, tree in trees("model").items() if str(place).endswith("traced.py"))
    assert [node.lineno for node in tree.body if isinstance(node, ast.ImportFrom) and "jax" in str(node.module)] == []
    assert any("jax" in name for name, _ in imported(tree))


def test_the_economy_has_no_global_generator() -> None:
    attributes = [place for place, node in found(PURE, ast.Attribute) if node.attr == "random"]  # type: ignore[attr-defined]
    modules = [p for p, t in trees(*PURE).items() for name, _ in imported(t) if "random" in name]
    assert attributes + modules == []


def test_the_economy_reads_and_writes_nothing() -> None:
    calls = [(place, node.func) for place, node in found(PURE, ast.Call)]  # type: ignore[attr-defined]
    named = [place for place, func in calls if isinstance(func, ast.Name) and func.id in FORBIDDEN_CALLS]
    files = {"save", "savez", "load", "loadtxt", "savetxt", "fromfile", "tofile", "memmap", "read_text", "write_text"}
    numpys = [place for place, func in calls if isinstance(func, ast.Attribute) and func.attr in files]
    assert named + numpys == []
