"""Server of the explorer on this machine; it makes no request to anywhere else."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from pathlib import Path

from dash import Dash, set_props
from werkzeug.serving import BaseWSGIServer, make_server

from dashboards.explorer.callbacks import bind_callbacks
from dashboards.explorer.data import Library
from dashboards.explorer.guard import guard
from dashboards.explorer.jobs import Desk
from dashboards.explorer.layout import layout
from dashboards.explorer.page import notice
from experiments.errors import RequestError

LOOPBACK = "127.0.0.1"

INDEX = """<!doctype html>
<html lang="en">
<head>{%metas%}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{%title%}</title>{%favicon%}{%css%}</head>
<body>{%app_entry%}<div hidden>{%config%}{%scripts%}{%renderer%}</div></body>
</html>"""
"""HTML around the page: Dash's own footer of scripts is not a landmark here."""


def explorer(root: Path, desk: Desk, host: str = LOOPBACK) -> Dash:
    """The Dash application over the store `root` or the stores below it; `desk` runs simulations."""
    app = Dash(
        "dashboards.explorer",
        title="Explorer",
        update_title="",
        serve_locally=True,
        on_error=_said,
        index_string=INDEX,
        assets_folder=str(Path(__file__).parent / "assets"),
    )
    app.layout = layout()
    bind_callbacks(app, Library(root), desk)
    guard(app.server, host)
    return app


def _said(error: Exception) -> None:
    """Show a callback's error as a sentence on the page and on stderr."""
    sentence = f"This could not be shown: {type(error).__name__}: {str(error) or 'no further word'}"
    sys.stderr.write(f"{sentence}\n")
    set_props("notice", {"children": notice([sentence], "problem")})


def listen(app: Dash, host: str, port: int) -> BaseWSGIServer:
    """A server that holds the port, 0 being any that is free; RequestError where it cannot have it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    _free(host, port)
    return make_server(host, port, app.server, threaded=True)


def _free(host: str, port: int) -> None:
    """Try the port first, for werkzeug ends the process where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise RequestError(f"--port: found {port}, which is taken; allowed: a free port, or 0 for any") from None
        raise RequestError(f"--host: {host} port {port} cannot be had ({error.strerror or error})") from None


def address(server: BaseWSGIServer, host: str) -> str:
    """Where a browser finds it."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{server.port}/"
