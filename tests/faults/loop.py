"""A loop of faults over a command, as SQLite's tests have it: its n-th operation on files fails, for every n.

For each n the command is run in a process of its own on what it finds anew, and its n-th operation ends with an error
(once, or from then on) or with the process killed. The command must say in a sentence what was wrong, must have
replaced its target whole or not at all, and, given again, must end with the bytes of one that nothing happened to.

    python -m tests.faults.loop --all sweep verify
"""

from __future__ import annotations

import argparse
import errno
import gc
import itertools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from experiments.sweeps import progress
from tests.faults.commands import COMMANDS, Command, call, contents, remember
from tests.faults.disk import Disk, Fault, fits

KINDS = (
    (0, False),
    *((code, lasting) for lasting in (False, True) for code in (errno.EIO, errno.ENOSPC, errno.EACCES)),
)
"""What can become of an operation: the error, 0 for a kill, and whether it lasts."""

Answer = tuple[int, str, str]


@dataclass
class Tried:
    """What came of a command: its operations, the faults that were tried by kind, a sentence for each not survived."""

    command: str
    operations: int
    kinds: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Bench:
    """A folder in which one command is tried again and again."""

    def __init__(self, command: Command, root: Path) -> None:
        self.command, self.first, self.place = command, root / "first", root / "place"
        progress.BATCH = command.batch
        self.place.mkdir()
        self._enter()
        command.prepare(self.place)
        shutil.copytree(self.place, self.first)
        self.before = self.target()
        call(*command.arguments)
        self.renew()
        answer, self.log = self.run(Fault(0, -1))
        assert answer is not None, f"{command.name} ended without an answer"
        assert answer[0] == 0, answer
        self.after, self.whole = self.target(), contents(self.place)
        self.known: dict[frozenset[tuple[str, str]], list[str]] = {}

    def renew(self) -> None:
        """What the command finds, as it was."""
        shutil.rmtree(self.place)
        shutil.copytree(self.first, self.place)

    def target(self) -> dict[str, str] | None:
        """What the command replaces whole; None where there is none."""
        folder = self.place / self.command.target
        return contents(folder) if self.command.target and folder.exists() else None

    def run(self, fault: Fault | None) -> tuple[Answer | None, list[Any]]:
        """The command's answer in a process of its own and its operations on files; None where it was killed."""
        receiving, sending = os.pipe()
        child = os.fork()
        if not child:
            try:
                self._enter()
                disk = Disk(self.place, fault)
                if fault is not None:
                    disk.install()
                with os.fdopen(sending, "w", encoding="utf-8") as pipe:
                    json.dump([call(*self.command.arguments), disk.log], pipe)
            finally:
                os._exit(0)
        os.close(sending)
        with os.fdopen(receiving, encoding="utf-8") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        return (tuple(json.loads(said)[0]), json.loads(said)[1]) if said else (None, [])

    def tried(self, fault: Fault) -> Iterator[str]:
        """What is wrong after a fault, and after the same command again."""
        self.renew()
        answer, log = self.run(fault)
        if answer is None and not fault.kill:
            yield "ended without an answer"
        if (fault.kill and answer is not None) or (answer is not None and len(log) < fault.at):
            yield "did not come to that operation"
        if answer is not None:
            yield from self._answered(answer)
        if self.target() not in (self.before, self.after) and not self._aside():
            yield f"{self.command.target} is neither as it was nor as it is to be"
        left = frozenset(contents(self.place).items())
        if left not in self.known:
            self.known[left] = list(self._given_again())
        yield from self.known[left]

    def _aside(self) -> bool:
        """Whether the target is for the moment beside its place, whole, as who moved it there could not go on."""
        target = self.place / self.command.target
        before = target.with_name(f".{target.name}.before")
        return not target.exists() and before.exists() and contents(before) == self.before

    def _given_again(self) -> Iterator[str]:
        """What is wrong after the same command again, which what was left decides."""
        again, _ = self.run(None)
        if again is None or again[0]:
            yield f"given again: {again and again[2]}"
        if found := differing(contents(self.place), self.whole):
            yield f"given again, differ: {found}"

    def _answered(self, answer: Answer) -> Iterator[str]:
        """What is wrong with an answer: success without the work, or no sentence of its own."""
        code, _, said = answer
        last = said.rstrip().rpartition("\n")[2]
        if "Traceback" in said or "the work failed" in said:
            yield f"no sentence: {said.strip()}"
        elif code not in (0, 1, 2) or (code and not last.startswith("error: ") and "Usage: " not in said):
            yield f"exit code {code} and {last!r}"
        if not code and (lacking := [name for name in differing(contents(self.place), self.whole) if whole(name)]):
            yield f"said to be done, but differ: {lacking}"

    def _enter(self) -> None:
        os.chdir(self.place)
        (self.place / "tmp").mkdir(exist_ok=True)
        tempfile.tempdir = str(self.place / "tmp")


def whole(name: str) -> bool:
    """Whether a file is one that users see, not one that is hidden or in the temporary folder."""
    return not any(part.startswith(".") or part == "tmp" for part in name.split("/"))


def differing(found: dict[str, str], whole: dict[str, str]) -> list[str]:
    """Files that are in one of two folders only, or not the same."""
    return sorted(name for name in found.keys() | whole.keys() if found.get(name) != whole.get(name))


def faults(log: list[Any], all_of_them: bool) -> Iterator[Fault]:
    """Each operation with a kill and an error, or, of each place in the program, one operation with one of them.

    Errors take turns: the next of their kinds at each operation.
    """
    seen: set[tuple[str, str]] = set()
    for number, (operation, _, place) in enumerate(log, 1):
        known = (operation, place) in seen
        seen.add((operation, place))
        turn = number if all_of_them else len(seen)
        kill, *errors = [Fault(number, *kind) for kind in KINDS if fits(kind[0], operation)]
        error = errors[turn % len(errors)]
        if all_of_them:
            yield from (kill, error)
        elif not known:
            yield kill if turn % 4 == 0 else error


def tried(command: Command, all_of_them: bool, every: int) -> Tried:
    """A command through its loop of faults."""
    with tempfile.TemporaryDirectory(prefix="quiver-sim-faults-", ignore_cleanup_errors=True) as folder:
        bench = Bench(command, Path(folder).resolve())
        found = Tried(command.name, len(bench.log))
        for fault in itertools.islice(faults(bench.log, all_of_them), every // 2, None, every):
            found.kinds[fault.kind] = found.kinds.get(fault.kind, 0) + 1
            operation, path, place = bench.log[fault.at - 1]
            wrong = "; ".join(bench.tried(fault))
            sys.stderr.write(f"{command.name}: {fault} of {len(bench.log)}{': ' * bool(wrong)}{wrong}\n")
            found.wrong += [f"{fault} ({operation} {path}, {place}): {wrong}"] if wrong else []
        os.chdir("/")
    tempfile.tempdir = None
    return found


def main() -> None:
    """Print a line of JSON for each command."""
    names = [command.name for command in COMMANDS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help=f"{', '.join(names)}; all if left out")
    parser.add_argument("--all", action="store_true", help="every operation, with a kill and an error")
    parser.add_argument("--every", type=int, default=1, metavar="K", help="only each K-th of these faults")
    given = parser.parse_args()
    remember()
    gc.disable()
    for command in COMMANDS:
        if command.name in (given.commands or names):
            sys.stdout.write(json.dumps(asdict(tried(command, given.all, given.every))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
