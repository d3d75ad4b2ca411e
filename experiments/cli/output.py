"""What the commands print: results on stdout, prose, progress and errors on stderr, and the exit code of an error."""

from __future__ import annotations

import codecs
import contextlib
import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import typer

from experiments.errors import MOST_NOTED, RequestError, StoppedError
from experiments.words import escaped, plain_data
from experiments.words import figure as figure

MOST_PRINTED = 20
"""Problems of a request that are printed."""

SURROGATE = re.compile("[\ud800-\udfff]")
WIDTH_OF_A_FILE = 200
"""Columns of a table that does not go to a terminal, unless COLUMNS is set."""


@contextlib.contextmanager
def answered(debug: bool, stopped: str = "") -> Iterator[None]:
    """Turn what goes wrong into one clear sentence and the exit code: 2 a wrong request, 1 failed work.

    `stopped` is what to add where Ctrl-C, or too little memory, ended the work.
    """
    if not debug:
        logging.getLogger("radCAD").setLevel(logging.CRITICAL)
    try:
        yield
    except typer.Exit:
        raise
    except RequestError as error:
        _fail(error.problems, 2, debug)
    except StoppedError as error:
        _fail([escaped(line) for line in str(error).splitlines()], 1, debug)
    except KeyboardInterrupt:
        _fail([f"interrupted{stopped}"], 1, debug)
    except Exception as error:
        said, code = _unforeseen(error, stopped)
        _fail([escaped(line) for line in said.splitlines()], code, debug)


def resume_hint(fresh: bool = False) -> str:
    """How to resume after Ctrl-C: by the same command, which `--fresh` would start again."""
    return f"; run the same command{' without --fresh' if fresh else ' again'} to resume"


def _fail(sentences: Sequence[str], code: int, debug: bool) -> None:
    if debug:
        say(traceback.format_exc().rstrip())
    shown = [f"error: {sentence}" for sentence in sentences[:MOST_PRINTED]]
    if len(sentences) > MOST_PRINTED:
        least = "at least " if len(sentences) >= MOST_NOTED else ""
        shown.append(f"error: and {least}{len(sentences) - MOST_PRINTED} more")
    say("\n".join(shown))
    raise typer.Exit(code)


def _unforeseen(error: Exception, stopped: str) -> tuple[str, int]:
    """What to say of an error that nobody has put into a sentence, and the exit code.

    What the system refuses is a wrong request where the place is at fault, else failed work.
    """
    from experiments.storage.folder import REFUSED, reason

    if isinstance(error, MemoryError):
        return f"the memory that this process may use is used up{stopped}", 1
    if isinstance(error, OSError) and error.errno:
        where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        return f"{where}{reason(error)}", 2 if error.errno in REFUSED else 1
    return f"{_kind(error)}: {str(error) or 'no further word'} (--debug shows where)", 1


def _kind(error: Exception) -> str:
    from model.arrays import NumberError
    from model.ledger import LedgerError

    known = {LedgerError: "money was not conserved", NumberError: "a number is out of range"}
    return known.get(type(error), f"the work failed, {type(error).__name__}")


def say(text: str) -> None:
    """Prose, on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def print_json(content: Any) -> None:
    """One JSON document on stdout, in UTF-8 or else in ASCII; a figure that is no number becomes null."""
    plain = plain_data(content)
    text = json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False)
    if not _is_utf8(text):
        text = json.dumps(plain, indent=2, allow_nan=False)
    sys.stdout.write(text + "\n")


def _is_utf8(text: str) -> bool:
    """Whether stdout writes the text in UTF-8, which has no half characters (of a file's name that is none)."""
    return codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8" and not SURROGATE.search(text)


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], title: str = "", right: Sequence[int] = ()
) -> None:
    """A table on stdout; the first column is not broken, nor are those of `right`, which are aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, width=_width(), highlight=False)
    grid = Table(title=Text(title) if title else None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, heading in enumerate(headings):
        whole = index == 0 or index in right
        grid.add_column(heading, justify="right" if index in right else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    console.print(grid)


def _width() -> int | None:
    """Columns of a table; None leaves it to rich, which asks the terminal."""
    columns = os.environ.get("COLUMNS", "")
    if sys.stdout.isatty():
        return None
    return int(columns) if columns.isdecimal() and int(columns) else WIDTH_OF_A_FILE


@contextlib.contextmanager
def quiet_stdout() -> Iterator[None]:
    """Send what libraries print (cadCAD's banners) to stderr: stdout is for the result."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


@contextlib.contextmanager
def progress() -> Iterator[Callable[[int, int], None] | None]:
    """A callable (done, total) that draws a bar of trajectories on stderr, or None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("trajectories", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextlib.contextmanager
def progress_of(total: int) -> Iterator[Callable[[int], None]]:
    """A callable that is given some more trajectories of `total`, for the same bar."""
    done = 0
    with progress() as report:

        def add(some: int) -> None:
            nonlocal done
            done = min(done + some, total)
            if report:
                report(done, total)

        yield add
