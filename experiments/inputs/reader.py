"""A place in a user's file: what stands there, its dotted key, and the problems that all places of the file share.

A value that is not allowed is noted with file and key, and reading goes on with a default, so that all that is wrong
is told at once: the one who opened the file raises `problems` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from experiments.errors import Problems, RequestError, UnfitError, a, show, unknown
from experiments.inputs import validate
from experiments.inputs.text_file import path_of

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True)
class Reader:
    """`found` stands at `key` of `where`, a file or the command line; nothing (None) reads as the default."""

    where: str
    found: Any = None
    key: str = ""
    problems: Problems = field(default_factory=Problems)

    def sub(self, name: str, found: Any = None) -> Reader:
        """The place of a key, or of an item such as `[0]`, under this one."""
        dot = "." if self.key and not name.startswith("[") else ""
        return replace(self, found=found, key=f"{self.key}{dot}{name}")

    def at(self, name: str) -> Reader:
        """The place of a key of the mapping that stands here."""
        return self.sub(name, self.found.get(name))

    def inside(self) -> Reader:
        """This place taken for a file of its own: keys under it start anew."""
        return replace(self, where=": ".join(part for part in (self.where, self.key) if part), key="")

    def line(self, number: int) -> Reader:
        """The place of a line of the file."""
        return replace(self, where=f"{self.where}, line {number}")

    @property
    def anywhere(self) -> Reader:
        """No place: for sentences that say theirs."""
        return replace(self, where="", key="")

    @property
    def noted(self) -> int:
        """How many problems are noted so far, anywhere in the file."""
        return len(self.problems.sentences)

    def note(self, wrong: object, name: str = "") -> None:
        """Note what is wrong here, or at a key under this place."""
        self.problems.add(self.where, self.sub(name).key if name else self.key, wrong)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note here what the block raises, a wrong value or another file that is wrong."""
        try:
            yield
        except UnfitError as error:
            self.note(error)
        except RequestError as error:
            for sentence in error.problems:
                self.note(sentence)

    def read(self, reader: Callable[[Any], T], default: D) -> T | D:
        """What stands here, nothing too, as `reader` takes it; wrong, it is noted and the default given."""
        with self.noting():
            return reader(self.found)
        return default

    def value(self, reader: Callable[[Any], T], default: D) -> T | D:
        """What stands here as `reader` takes it; the default where nothing stands too."""
        return default if self.found is None else self.read(reader, default)

    def whole(self, low: int, high: int, unit: str, default: D) -> int | D:
        """A whole number within inclusive bounds."""
        return self.value(lambda found: validate.whole(found, low, high, unit), default)

    def choice(self, choices: Sequence[str], default: str) -> str:
        """One of some words."""
        return self.value(lambda found: validate.choice(found, choices), default)

    def text(self, default: str = "") -> str:
        """Text without spaces around it."""
        return self.value(validate.text, default)

    def file(self, folder: Path, opener: Callable[[Path], T]) -> T | None:
        """What `opener` reads from the file that is named here, relative to a folder; None where that is wrong."""
        return self.read(lambda found: opener(path_of(validate.text(found), folder)), None)

    def mapping(self, what: str) -> dict[str, Any]:
        """Keys and values; `what` stands here, in words."""
        return self.read(lambda found: validate.mapping(found, what), None) or {}

    def keys(self, what: str) -> dict[str, Reader]:
        """The places of a mapping's keys, by key; `what` stands here, in words."""
        return {name: self.sub(name, item) for name, item in self.mapping(what).items()}

    def items(self, what: str) -> list[Reader]:
        """The places of a list's items; `what` they are, in words."""
        listed = self.read(lambda found: validate.sequence(found, what), None) or []
        return [self.sub(f"[{place}]", item) for place, item in enumerate(listed)]

    def only(self, names: Collection[str], noun: str, hints: Mapping[str, str] | None = None) -> None:
        """Note every key that is none of some names, the nearest with it, and a hint for some keys."""
        for name in self.found:
            if name not in names:
                self.note(unknown(name, f"key of {noun}", names) + (hints or {}).get(name, ""), name)

    def item(
        self, noun: str, required: tuple[str, ...], optional: tuple[str, ...], field: Callable[[str], Any]
    ) -> dict[str, Any] | None:
        """The values of a mapping's required and optional keys as `field(name)` reads them; None where one is wrong."""
        if not isinstance(self.found, dict):
            self.note(UnfitError(show(self.found), f"{a(noun)} with " + ", ".join(required)))
            return None
        before = self.noted
        self.only(required + optional, a(noun))
        for name in required:
            if name not in self.found:
                self.note(f"missing; every {noun} has " + ", ".join(required), name)
        values: dict[str, Any] = {}
        for name in (name for name in required + optional if name in self.found):
            with self.sub(name).noting():
                values[name] = field(name)
        return values if self.noted == before else None
