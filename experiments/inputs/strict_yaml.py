"""Strict YAML: what a person most likely meant is never guessed.

`yaml.safe_load`'s types, with these differences. Only `true` and `false` are switches (`no`, `on` stay text). Only
plain decimals are numbers (`12:30` and `010` stay text, as `1e6` does in PyYAML). Dates stay text. Duplicate keys,
aliases, characters that cannot be seen, keys that are not text and numbers without end are refused with their line. A
document has so few values, and so few within each other, that it is read in seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from experiments.errors import RequestError, kind_of, show
from experiments.inputs.text_file import read_text, unseen
from experiments.words import UNSEEN

DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
NUMBER = re.compile(r"([-+]?[0-9_]{0,100}(?:\.[0-9_]{0,100})?)(?:[eE][-+]?[0-9]{1,3})?")
"""What a number is made of at most: a text of digits has bounds, as its value is worked out in full."""

MOST_DIGITS = 1000
MOST_VALUES = 50_000
"""Keys and values of a document, which take some two seconds; longer tables are CSV files."""

MOST_DEEP = 50
"""Values within each other; no file of ours has ten."""


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without its guesses, bounded in time and depth."""

    values = deep = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        peek: Callable[[], Any] = self.peek_event
        event = peek()
        self.values += 1
        if problem := self._refusal(event):
            raise yaml.constructor.ConstructorError(None, None, problem, event.start_mark)
        self.deep += 1
        node = super().compose_node(parent, index)
        self.deep -= 1
        return node

    def _refusal(self, event: Any) -> str:
        if isinstance(event, yaml.AliasEvent):
            return "aliases (*name) are not allowed: repeat the value"
        if isinstance(event, yaml.ScalarEvent) and (hidden := UNSEEN.search(event.value)):
            return str(unseen(hidden[0]))
        if self.values > MOST_VALUES:
            return f"found more than {MOST_VALUES:,} keys and values; allowed: fewer, or a table in a CSV file"
        return f"found values within each other more than {MOST_DEEP} deep" if self.deep >= MOST_DEEP else ""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if not isinstance(name, str):
                problem = f"the key {show(name)} is not text"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            if name in seen:
                problem = f"the key {show(name)[1:-1]} is there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _bool(loader: _Loader, node: Any) -> bool | str:
    text = loader.construct_scalar(node)
    return {"true": True, "false": False}.get(str(text).lower(), str(text))


def _int(loader: _Loader, node: Any) -> int | str:
    text = str(loader.construct_scalar(node))
    if not DECIMAL.fullmatch(text):
        return text
    if len(text) > MOST_DIGITS:
        problem = f"found a number of {len(text):,} digits; allowed: at most {MOST_DIGITS:,}"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    return int(text.replace("_", ""))


def _float(loader: _Loader, node: Any) -> float | str:
    text = str(loader.construct_scalar(node))
    return text if ":" in text else loader.construct_yaml_float(node)


def _text(loader: _Loader, node: Any) -> str:
    return str(loader.construct_scalar(node))


for _tag, _construct in {"bool": _bool, "int": _int, "float": _float, "timestamp": _text}.items():
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _construct)


class _Exact(_Loader):
    """The same with numbers that have a point as text: a float would lose their last digits."""


_Exact.add_constructor("tag:yaml.org,2002:float", _text)


def parse(text: str, where: str, loader: type[_Loader] = _Loader) -> Any:
    """The value of one YAML document; a `RequestError` names `where`, the line and what is wrong."""
    try:
        return yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        raise RequestError(_sentence(error, where)) from None
    except (RecursionError, ValueError, TypeError, IndexError) as error:
        raise RequestError(f"{where}: not readable as YAML ({type(error).__name__})") from None


def number(text: str) -> Decimal | None:
    """The number that a file would have there, with every digit as written, or None.

    An exponent may stand without point or sign (`1e3`), which YAML takes for text.
    """
    match = NUMBER.fullmatch(text)
    value = parse(match[1], "") if match else None
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return Decimal(text.replace("_", "")) if plain else None


def read_exact(path: Path, where: str) -> dict[str, Any]:
    """The keys of a YAML file; numbers with a point are the text that was written."""
    return read_mapping(path, where, _Exact)


def read_mapping(path: Path, where: str, loader: type[_Loader] = _Loader) -> dict[str, Any]:
    """The keys of a YAML file."""
    return mapping_of(read_text(path, where), where, loader)


def mapping_of(text: str, where: str, loader: type[_Loader] = _Loader) -> dict[str, Any]:
    """The keys of a YAML document."""
    content = parse(text, where, loader)
    if content is None:
        raise RequestError(f"{where}: the file is empty; allowed: keys and values, one a line")
    if not isinstance(content, dict):
        raise RequestError(f"{where}: found {kind_of(content)}; allowed: keys and values, one a line")
    return content


def _sentence(error: yaml.YAMLError, where: str) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not valid YAML"
    if str(problem).startswith("but "):
        problem = f"{getattr(error, 'context', '')}, {problem}"
    line = f", line {mark.line + 1}" if mark else ""
    return f"{where}{line}: {' '.join(str(problem).split())}"
