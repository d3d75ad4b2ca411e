"""Standard streams that cannot stop the work: what they do not take is dropped, and told at the end.

A sweep of hours is not lost because `| head -1` ended early, a disk is full, the output is closed, or its encoding
lacks a sign.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from typing import Any

CLOSED = OSError(errno.EBADF, "stdout is closed")


class Spout(io.FileIO):
    """A file descriptor to write to; `broken` is why it takes nothing more, and `lost` whether there was something."""

    broken: OSError | None = None
    lost = False

    def write(self, data: Any) -> int:
        """Write all of `data`, or nothing more from the first error on."""
        left = memoryview(data).cast("B")
        size = len(left)
        while left and self.broken is None:
            try:
                left = left[self._some(left) :]
            except OSError as error:
                self.broken = error
        self.lost = self.lost or bool(left)
        return size

    def _some(self, data: memoryview) -> int:
        """Write as much as fits; where that is nothing for now, wait."""
        written = super().write(data)
        if written is None:
            select.select([], [self.fileno()], [])
        return written or 0


def steady() -> Spout:
    """Make stdout and stderr such streams, and give that of stdout; descriptors that are closed lead nowhere.

    A descriptor that is free would be given to the next file that is opened, which prints would then overwrite.
    """
    closed = [number for number in (0, 1, 2) if not _open(number)]
    spouts = {}
    for number, name in ((1, "stdout"), (2, "stderr")):
        spouts[number] = Spout(number, "wb", closefd=False)
        spouts[number].broken = CLOSED if number in closed else None
        _flush(getattr(sys, name))
        setattr(sys, name, _text(spouts[number], getattr(sys, name), number == 2 or spouts[number].isatty()))
    return spouts[1]


def _open(number: int) -> bool:
    """Whether a descriptor was open; now it is."""
    try:
        os.fstat(number)
    except OSError:
        os.open(os.devnull, os.O_RDWR)
        return False
    return True


def _text(spout: Spout, before: Any, by_line: bool) -> io.TextIOWrapper:
    """A text stream that writes as the one before did, and signs that its encoding lacks as escapes."""
    encoding = getattr(before, "encoding", None) or "utf-8"
    return io.TextIOWrapper(io.BufferedWriter(spout), encoding, "backslashreplace", line_buffering=by_line)


def _flush(stream: Any) -> None:
    if stream is not None:
        stream.flush()
