"""The command line, `quiver-sim`. Nothing heavy is imported before a command needs it, so that help answers at once."""

from __future__ import annotations

import sys
import warnings

from experiments.cli.app import app
from experiments.cli.output import say
from experiments.cli.streams import steady

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of `quiver-sim`: exit code 0 done, 1 the work failed, 2 the request was wrong.

    What could not be printed is told at the end, unless a pipe was closed by who reads it, and makes 0 a 1.
    """
    out = steady()
    warnings.filterwarnings("ignore", ".*joblib will operate in serial mode")  # as we do, where /dev/shm is read only
    try:
        app(prog_name="quiver-sim")
    except SystemExit as done:
        code = done.code
    sys.stdout.flush()
    if out.lost and out.broken and not isinstance(out.broken, BrokenPipeError):
        say(f"error: the result could not be printed ({out.broken.strerror}); what was written to disk is complete")
    raise SystemExit(code or (1 if out.lost else 0))
