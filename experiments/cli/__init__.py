"""The command line, `quiver-sim`. Nothing heavy is imported before a command needs it, so that help answers at once."""

from __future__ import annotations

from experiments.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of `quiver-sim`: exit code 0 done, 1 the work failed, 2 the request was wrong."""
    app(prog_name="quiver-sim")
