"""A wrong request: what is wrong, where, what is allowed, and the nearest valid name.

A problem is one sentence. Everything that is wrong with a file is collected in `Problems` and raised together as one
`RequestError`, before anything is simulated.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

MOST_SHOWN = 60
"""Characters of a value that a sentence quotes."""


class RequestError(ValueError):
    """The request was wrong; the message has one problem a line."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))

    @property
    def problems(self) -> list[str]:
        """The problems, one sentence each."""
        return str(self).splitlines()


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
        """Note that at `key` of `where` (a file, or the command line) something is wrong."""
        sentence = ": ".join(part for part in (where, key, str(text)) if part)
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def raise_any(self) -> None:
        """Raise a `RequestError` if there are problems."""
        if self.sentences:
            raise RequestError(*self.sentences)


def nearest(name: object, names: Iterable[str]) -> list[str]:
    """At most three valid names that resemble one that is not, the best first.

    A name without its contract (`burn_share`) is compared with the last part of dotted names too.
    """
    text, valid = str(name).lower(), list(names)
    short = text.rsplit(".", 1)[-1]
    close = difflib.get_close_matches(text, valid, n=3, cutoff=0.6)
    by_part = [full for full in valid if full.rsplit(".", 1)[-1] == short]
    contract = text.rsplit(".", 1)[0] + "."
    valid = sorted(valid, key=lambda full: full.startswith(contract))
    parts = {full.rsplit(".", 1)[-1]: full for full in valid if "." in full}
    by_part += [parts[part] for part in difflib.get_close_matches(short, parts, n=2, cutoff=0.75)]
    return list(dict.fromkeys([*by_part, *close]))[:3]


def unknown(name: object, what: str, names: Iterable[str], where_listed: str = "") -> str:
    """The sentence for a name that does not exist; lists the valid ones, or where they are listed."""
    valid = list(names)
    near = nearest(name, valid)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    return f"no such {what}; allowed: {where_listed or ', '.join(valid) or 'none'}{hint}"


def a(noun: str) -> str:
    """A noun with its article, as in "a shock" and "an attack"."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def show(value: Any) -> str:
    """A value as a user would write it, cut short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        text = "[" + ", ".join(show(item) for item in value) + "]"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{key}: {show(item)}" for key, item in value.items()) + "}"
    else:
        text = repr(value)
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."
