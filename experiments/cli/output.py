"""What the commands print: results on stdout, prose, progress and errors on stderr, and the exit code of an error."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.errors import RequestError, StoppedError, UnfitError
from experiments.words import figure as figure
from experiments.words import plain

WIDTH_OF_A_FILE = 200
"""Columns of a table that does not go to a terminal, unless COLUMNS is set."""

FOLDER = "a folder that can be written to; it is made if it is missing"

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the full traceback of an error.")]


@contextlib.contextmanager
def answered(debug: bool, stopped: str = "") -> Iterator[None]:
    """Turn what goes wrong into one clear sentence and the exit code: 2 a wrong request, 1 failed work.

    `stopped` is what to add where Ctrl-C ended the work.
    """
    if not debug:
        logging.getLogger("radCAD").setLevel(logging.CRITICAL)
    try:
        yield
    except typer.Exit:
        raise
    except RequestError as error:
        _fail(str(error), 2, debug)
    except StoppedError as error:
        _fail(str(error), 1, debug)
    except KeyboardInterrupt:
        _fail(f"stopped before it was done{stopped}", 1, debug)
    except BrokenPipeError:
        raise
    except Exception as error:
        _fail(f"{_kind(error)}: {str(error) or 'no further word'} (--debug shows where)", 1, debug)


def _fail(sentence: str, code: int, debug: bool) -> None:
    if debug:
        say(traceback.format_exc().rstrip())
    say("\n".join(f"error: {line}" for line in sentence.splitlines()))
    raise typer.Exit(code)


def _kind(error: Exception) -> str:
    from model.ledger import LedgerError

    return "money was not conserved" if isinstance(error, LedgerError) else f"the work failed, {type(error).__name__}"


def check_out(out: Path | str) -> None:
    """Refuse, before anything is simulated, a folder that cannot be made or written to; an address is not looked at."""
    if "://" in str(out) and not str(out).startswith("file://"):
        return
    folder = Path(str(out).removeprefix("file://")).absolute()
    above = next(path for path in (folder, *folder.parents) if os.path.exists(path))
    if not above.is_dir():
        raise RequestError(f"--out: found the file {above}; allowed: {FOLDER}")
    if not os.access(above, os.W_OK | os.X_OK):
        raise RequestError(f"--out: found {above}, which cannot be written to; allowed: {FOLDER}")


def check_numbers(bounds: Mapping[str, tuple[int | None, int, int]]) -> None:
    """Refuse an option whose number is not whole or not within its bounds, inclusive; None is not given."""
    from experiments.inputs import validate

    for option, (found, low, high) in bounds.items():
        try:
            validate.whole(low if found is None else found, low, high, "")
        except UnfitError as error:
            raise RequestError(f"--{option}: {error}") from None


def check_choice(option: str, found: str, choices: Sequence[str]) -> None:
    """Refuse an option that is none of some words."""
    from experiments.inputs import validate

    try:
        validate.choice(found, choices)
    except UnfitError as error:
        raise RequestError(f"--{option}: {error}") from None


def check_engine(found: str, choices: Sequence[str]) -> None:
    """Refuse an engine that is none of some, or is not installed."""
    check_choice("engine", found, choices)
    if found == "jax":
        from experiments.engines import device

        device.require_jax()


def say(text: str) -> None:
    """Prose, on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def document(content: Any) -> None:
    """One JSON document on stdout; a figure that is no number becomes null."""
    sys.stdout.write(json.dumps(plain(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], title: str = "", right: Sequence[int] = ()) -> None:
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
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A callable (done, total) that draws a bar on stderr, or None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
