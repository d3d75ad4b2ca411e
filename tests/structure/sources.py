"""The rooms' sources as syntax trees, for tests of what a function may not do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def trees(*rooms: str) -> dict[str, ast.Module]:
    """Every module of some rooms, by its path under the root."""
    files = sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def found(rooms: tuple[str, ...], *kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Every node of some kinds, with the place where it stands."""
    for path, tree in trees(*rooms).items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield f"{path}:{getattr(node, 'lineno', 0)}", node


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Full names of the modules that a tree imports, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module or ".", node.lineno
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)


def outside_functions(tree: ast.Module) -> ast.Module:
    """The same module without the bodies of its functions: what runs when it is imported."""
    kept = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return ast.Module(body=kept, type_ignores=[])
