"""Mutants of a text: of its bytes, its tokens, its tree, or its table; the same for the same generator."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable
from typing import Any

import yaml

TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*|[-+]?[0-9][0-9.eE+-]*|\s+|.", re.DOTALL)
FILE = re.compile(r"[a-z]+\.(?:yaml|json|csv)|(?<=scenario: )whitepaper|(?<=extends: )root")
PATHS = (
    *("/dev/zero", "/dev/stdin", "/etc/passwd", "/proc/self/mem", "pipe", "socket", "loop", ".", "..", "/", "", " "),
    *("~", "~nobody-of-this-name/x", "file\x00name", "n" * 300, "n/" * 3000, "*", "[a]", "design=7", "-", "--help"),
    *("http://127.0.0.1:9/x", "file:///etc/passwd", "name\nof two lines", "\x1b[2Jname", "\u202ename", "\ud800name"),
    *("secret.yaml", "secret.csv", "state.json", "started.yaml", "price.csv"),
)
NUMBERS = (
    *(0, -1, 1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, 10**400, 10**4000, 1.5, -0.0, 5e-324, 1.8e308, 1e22, 0.1),
    *(float("inf"), float("-inf"), float("nan")),
)
WORDS = (
    *("", "null", "~", "true", "yes", "off", "1e6", "1e-400", "5e-324", "9" * 400, "1_000", "0x10", "010", "12:30"),
    *("1,5", "2027-01-01", "whitepaper", "fees.burn_share", "population.holders", "mechanisms.staking", "<script>"),
    *("exogenous.price_usd", "e\u0301", "\u200d", "\u200b", "\x07", "\x1b[31m", "\x9b2J", "\ufeff", "\U0001f600"),
    *("x" * 5000, "{{7*7}}", "=1+1", "'", '"', "\\", "%s", "${HOME}", "../../etc/passwd", "a: b", "- a", "#", "a\nb"),
    *("!!int 3", "*a", "&a b"),
)
SYNTAX = (
    *("!!python/object/apply:os.system [echo]", "!!binary aGk=", "!!set {a, b}", "!!omap [a: 1]", "!!float ''"),
    *("!!int x", "&a 1", "*a", "<<: {a: 1}", "? [a, b]\n: 1\n", "? {a: b}\n: 1\n", '"\\ud800"', '"\\e[31m"', "---\n"),
    *('"\\u202e"', "\t", "...\n", "%YAML 1.2\n---\n", "[" * 200, "{" * 200, "[" * 5000, '{"a":' * 5000, "- " * 300),
    *("#" * 5000 + "\n", "|\n", ">\n", "'", '"', "\x00", "\x1b", "\x85", "\u2028", "\ufeff", "\r", "NaN", "-Infinity"),
    *("1e999", "9" * 5000, ",", ";", ":", "::", "{}", "[]", "@", "`", "%", "!", "!!", "<<", "/*", "//"),
)
STRAY = (b"\x00", b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\r", b"\x1b[2J", b"\xe2\x80\xae")
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig")
DEEP = 40

Mutator = Callable[[random.Random, str], bytes]


def mutant(draw: random.Random, text: str, form: str) -> bytes:
    """A mutant of a file of a form, `yaml`, `json` or `csv`; now and then one of a mutant."""
    mutators: list[Mutator] = [_bytes, _tokens, *([_table] if form == "csv" else [_tree(form), _paths])]
    changed = draw.choice(mutators)(draw, text)
    if draw.random() < 0.2:
        changed = _bytes(draw, changed.decode("utf-8", "replace"))
    return changed


def _bytes(draw: random.Random, text: str) -> bytes:
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(draw.choice((1, 1, 1, 2, 5))):
        start = draw.randrange(len(data) + 1)
        end = min(len(data), start + draw.choice((1, 1, 4, 30, 400)))
        kind = draw.randrange(7)
        if kind == 0:
            data[start:end] = b""
        elif kind == 1:
            data[start:start] = data[start:end] * draw.choice((1, 2, 50))
        elif kind == 2:
            data[start:end] = bytes(draw.randrange(256) for _ in range(end - start))
        elif kind == 3 and data:
            data[start % len(data)] ^= 1 << draw.randrange(8)
        elif kind == 4:
            del data[start:]
        elif kind == 5:
            data[start:start] = draw.choice(STRAY)
        else:
            data[:] = data.decode("utf-8", "replace").encode(draw.choice(ENCODINGS))
    return bytes(data)


def _tokens(draw: random.Random, text: str) -> bytes:
    tokens = TOKEN.findall(text) or [" "]
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        place = draw.randrange(len(tokens))
        kind = draw.randrange(6)
        if kind == 0:
            tokens[place] = draw.choice(SYNTAX)
        elif kind == 5:
            numbers = [at for at, token in enumerate(tokens) if token[:1].isdigit()] or [place]
            tokens[draw.choice(numbers)] = str(draw.choice((0, 1, 3, 0.25, 0.7, 40, 1000, 1e6, -1)))
        elif kind == 1:
            tokens[place] = repr(draw.choice(NUMBERS))
        elif kind == 2:
            tokens[place] = draw.choice((*WORDS, *PATHS))
        elif kind == 3:
            tokens[place] = tokens[draw.randrange(len(tokens))]
        else:
            tokens[place] = ""
    return "".join(tokens).encode("utf-8", "surrogatepass")


def _paths(draw: random.Random, text: str) -> bytes:
    """Another path in place of one that the text names."""
    places = list(FILE.finditer(text))
    if not places:
        return _tokens(draw, text)
    place = draw.choice(places)
    path = json.dumps(draw.choice((*PATHS, *PATHS, *WORDS)))
    start, end = (place.start() - 1, place.end() + 1) if text[place.start() - 1] == '"' else place.span()
    return (text[:start] + path + text[end:]).encode("utf-8")


def _tree(form: str) -> Mutator:
    """Mutants of the tree that a YAML or JSON text holds, written in either form, for JSON is YAML too."""

    def change(draw: random.Random, text: str) -> bytes:
        tree = json.loads(text) if form == "json" else yaml.safe_load(text)
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            _change(draw, tree)
        return _written(draw, tree, form).encode("utf-8", "surrogatepass")

    return change


def _written(draw: random.Random, tree: Any, form: str) -> str:
    if form == "json" or draw.random() < 0.3:
        return json.dumps(tree, default=str, ensure_ascii=draw.random() < 0.5)
    return yaml.safe_dump(
        tree, allow_unicode=draw.random() < 0.5, sort_keys=False, default_flow_style=draw.random() < 0.3
    )


def _change(draw: random.Random, tree: Any) -> None:
    """Change one place of a tree."""
    inner = [node for node in _nodes(tree) if node]
    if not inner:
        return
    node = draw.choice(inner)
    key = draw.choice(list(node) if isinstance(node, dict) else list(range(len(node))))
    kind = draw.randrange(6)
    if kind == 0:
        del node[key]
    elif kind == 1 and isinstance(node, dict):
        node[draw.choice((f"{key}s", str(key)[1:], *WORDS))] = node[key]
    elif kind == 2 and isinstance(node, list):
        node.extend([node[key]] * draw.choice((1, 3, 300)))
    elif kind == 3:
        node[key] = draw.choice(inner) if draw.random() < 0.3 and _height(tree) < DEEP else [node[key]]
    else:
        node[key] = _value(draw)
    if _cyclic(tree):
        node[key] = None


def _value(draw: random.Random) -> Any:
    simple = [*NUMBERS, *WORDS, *PATHS, True, False, None, [], {}]
    found = draw.choice(simple)
    wrap = draw.randrange(8)
    if wrap == 0:
        return [found, draw.choice(simple)]
    if wrap == 1:
        return {draw.choice(WORDS): found}
    return found


def _nodes(tree: Any) -> list[Any]:
    found = [tree] if isinstance(tree, (dict, list)) else []
    for item in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        found += _nodes(item)
    return found


def _height(tree: Any) -> int:
    items = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return 1 + max(map(_height, items), default=0)


def _cyclic(tree: Any, above: tuple[int, ...] = ()) -> bool:
    if not isinstance(tree, (dict, list)):
        return False
    if id(tree) in above:
        return True
    return any(_cyclic(item, (*above, id(tree))) for item in (tree.values() if isinstance(tree, dict) else tree))


def _table(draw: random.Random, text: str) -> bytes:
    rows = [list(row) for row in csv.reader(io.StringIO(text))]
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        row = draw.choice(rows) if rows else []
        kind = draw.randrange(6)
        if kind == 0 and row:
            row[draw.randrange(len(row))] = draw.choice((*WORDS, *PATHS, *map(repr, NUMBERS)))
        elif kind == 1:
            row.append(draw.choice(WORDS))
        elif kind == 2 and rows:
            rows.insert(draw.randrange(len(rows)), list(row) * draw.choice((1, 2, 500)))
        elif kind == 3 and rows:
            del rows[draw.randrange(len(rows))]
        elif kind == 4:
            draw.shuffle(rows)
        elif rows:
            rows += [list(row)] * draw.choice((1, 40, 4000))
    out = io.StringIO()
    mark = draw.choice((*",,,,,,", ";", "\t", "|"))
    end = draw.choice(("\n", "\r\n", "\r"))
    csv.writer(
        out, delimiter=mark, quoting=draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)), lineterminator=end
    ).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")
