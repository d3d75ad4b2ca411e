"""A wrong request: what is wrong, where, what is allowed, and the nearest valid name.

A problem is one sentence. Everything that is wrong with a file is collected in `Problems` and raised together as one
`RequestError`, before anything is simulated.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

from experiments.words import escaped

MOST_SHOWN = 60
"""Characters of a value that a sentence quotes."""

MOST_SENTENCE = 4000
"""Characters of a sentence; the longest list of allowed names has half of them."""

MOST_NOTED = 1000
"""Problems of a request after which it is read no further."""

MOST_COMPARED = 2000
"""Names among which the nearest one is looked for, and characters of the one that is not valid."""


class RequestError(ValueError):
    """The request was wrong; each problem is a sentence on a line of its own, made of characters that can be seen."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*(_short(escaped(problem), MOST_SENTENCE) for problem in problems))

    @property
    def problems(self) -> list[str]:
        """The problems, one sentence each."""
        return list(self.args)

    def __str__(self) -> str:
        return "\n".join(self.args)


class StoppedError(RuntimeError):
    """The work could not go on; the message is a whole sentence that says why, and what to do."""


class UnfitError(ValueError):
    """A value that is not allowed: what was found and what is allowed, both in words."""

    def __init__(self, found: str, allowed: str) -> None:
        super().__init__(f"found {found}; allowed: {allowed}")
        self.allowed = allowed


class Problems:
    """The problems of one request, in order and without repetition."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, where: str, key: str, text: object) -> None:
        """Note that at `key` of `where` (a file, or the command line) something is wrong; the last one is raised."""
        sentence = ": ".join(part for part in (where, _short(key, 2 * MOST_SHOWN), str(text)) if part)
        if sentence not in self.sentences:
            self.sentences.append(sentence)
        if len(self.sentences) >= MOST_NOTED:
            self.raise_any()

    def raise_any(self) -> None:
        """Raise a `RequestError` if there are problems."""
        if self.sentences:
            raise RequestError(*self.sentences)


def nearest(name: object, names: Iterable[str]) -> list[str]:
    """At most three valid names that resemble one that is not, the best first.

    A name without its contract (`burn_share`) is compared with the last part of dotted names too.
    """
    text, valid = str(name).lower(), list(names)
    if max(len(text), len(valid)) > MOST_COMPARED:
        return []
    short = text.rsplit(".", 1)[-1]
    close = difflib.get_close_matches(text, valid, n=3, cutoff=0.6)
    by_part = [full for full in valid if full.rsplit(".", 1)[-1] == short]
    contract = text.rsplit(".", 1)[0] + "."
    valid = sorted(valid, key=lambda full: full.startswith(contract))
    parts = {full.rsplit(".", 1)[-1]: full for full in valid if "." in full}
    by_part += [parts[part] for part in difflib.get_close_matches(short, parts, n=2, cutoff=0.75)]
    return list(dict.fromkeys([*by_part, *close]))[:3]


def unknown(name: object, what: str, names: Iterable[str], where_listed: str = "") -> str:
    """The sentence for a name that does not exist: what to write instead of a name of earlier versions.

    Of any other, the valid ones, or where they are listed, and the nearest.
    """
    from model.gone import instead  # the model is not looked for before the command has set where to look

    if sentence := instead(name):
        return sentence
    valid = list(names)
    near = nearest(name, valid)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    return f"no such {what}; allowed: {where_listed or ', '.join(valid) or 'none'}{hint}"


def a(noun: str) -> str:
    """A noun with its article, as in "a shock" and "an attack"."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def first_line(error: BaseException) -> str:
    """The first line of what another program's error says, or its kind where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def show(value: Any) -> str:
    """A value as a user would write it, cut short."""
    text = ""
    for piece in _pieces(value):
        text += piece
        if len(text) > MOST_SHOWN:
            break
    return _short(text, MOST_SHOWN)


def kind_of(value: Any) -> str:
    """What a whole document is, for where its content may not be quoted: it may be another's than the user's."""
    kinds = ((dict, "keys and values"), (list, "a list"), (str, "text"))
    return next((word for kind, word in kinds if isinstance(value, kind)), "a single value")


def _pieces(value: Any) -> Iterator[str]:
    """What a value is written with, piece by piece, so that a large or deep one is not written as a whole."""
    if value is None:
        yield "nothing"
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, (list, tuple)):
        yield "["
        for place, item in enumerate(value):
            yield ", " if place else ""
            yield from _pieces(item)
        yield "]"
    elif isinstance(value, dict):
        yield "{"
        for place, (key, item) in enumerate(value.items()):
            yield f"{', ' if place else ''}{key}: "
            yield from _pieces(item)
        yield "}"
    else:
        yield repr(value[: MOST_SHOWN + 1] if isinstance(value, (str, bytes)) else value)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
