"""`python -m tests.fuzz COUNT [SEED]`: so many mutants; prints what was neither read nor refused, and the slowest."""

from __future__ import annotations

import resource
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fuzz.files import outcomes


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(count: int, seed: int) -> int:
    """The number of mutants that were answered wrongly."""
    tally: Counter[tuple[str, str]] = Counter()
    slowest, wrong = (0.0, "", 0), 0
    with tempfile.TemporaryDirectory() as folder:
        for found in outcomes(count, Path(folder), seed):
            answered = found.said in ("read", "refused")
            tally[found.kind, found.said if answered else "wrong"] += 1
            slowest = max(slowest, (found.seconds, found.kind, found.number))
            if not answered:
                wrong += 1
                say(f"{found.kind}, mutant {found.number}: {found.said}")
    for (kind, said), number in sorted(tally.items()):
        say(f"{kind}: {number} {said}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"{count} mutants, {wrong} answered wrongly; slowest {slowest[0]:.1f} s ({slowest[1]}, mutant {slowest[2]})")
    say(f"largest memory {memory:.0f} MiB")
    return wrong


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    count, seed = (*arguments, *(20_000, 1)[len(arguments) :])[:2]
    sys.exit(1 if main(count, seed) else 0)
