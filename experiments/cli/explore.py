"""`quiver-sim explore`: stores in the browser, served from this machine."""

from __future__ import annotations

import contextlib
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.command import PUBLISH, command
from experiments.cli.options import Debug, Json, check_numbers, check_store
from experiments.cli.output import answered, print_json, quiet_stdout, say
from experiments.errors import RequestError

LOOPBACK = "127.0.0.1"


@command("explore", PUBLISH, 2, example="results --port 0")
def explore_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The store of a sweep, or a folder of stores.")],
    port: Annotated[int, typer.Option(metavar="N", help="Port to listen on; 0 for any free one.")] = 8050,
    host: Annotated[
        str, typer.Option(metavar="H", help="Address to listen on; unless it is loopback, others can read the stores.")
    ] = LOOPBACK,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Explore stores in the browser: figures, settings that meet limits, single runs, what-ifs. Ctrl-C ends it."""
    with answered(debug):
        check_numbers({"port": (port, 0, 65_535)})
        _check(folder)
        from dashboards.explorer.app import explorer
        from dashboards.explorer.jobs import Desk
        from dashboards.explorer.serve import address, listen

        with contextlib.closing(Desk()) as desk, contextlib.suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with quiet_stdout():
                server = listen(explorer(folder, desk, host).server, host, port)
            if host not in (LOOPBACK, "localhost", "::1"):
                say(f"warning: --host {host}: whoever reaches this machine can read the stores and start simulations")
            where = address(server, host)
            if as_json:
                print_json({"address": where})
            else:
                typer.echo(where)
                say("Ctrl-C ends it")
            sys.stdout.flush()
            server.serve_forever()


def _check(folder: Path) -> None:
    """A store, finished or not, or a folder that has one; RequestError says what it is instead."""
    if folder.is_dir():
        from dashboards.explorer.data import Library

        if Library(folder).names:
            return
        raise RequestError(f"{folder}: holds no store; allowed: the store of a sweep, or a folder of stores")
    check_store(folder)
