"""The server's sockets: a port on this machine, a request a connection, and a time for all of it to arrive."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import threading
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from experiments.errors import RequestError

READ_S = 15.0
"""Seconds within which the whole of a request must arrive, however many bytes it sends at a time."""

WRITE_S = 120.0
"""Seconds within which a client must take each part of an answer."""


class Handler(WSGIRequestHandler):
    """A request, after which the connection is closed; nothing says which server of which version this is."""

    protocol_version = "HTTP/1.0"
    timeout = WRITE_S

    def setup(self) -> None:
        """Begin the time that the client has to send its request."""
        super().setup()
        self._patience = threading.Timer(READ_S, self._stop_reading)
        self._patience.daemon = True
        self._patience.start()

    def finish(self) -> None:
        """The connection is done with."""
        self._patience.cancel()
        super().finish()

    def _stop_reading(self) -> None:
        """What waits for more of the request finds its end; an answer may still be written."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RD)

    def send_header(self, keyword: str, value: str) -> None:
        """All headers but the server's name."""
        if keyword != "Server":
            super().send_header(keyword, value)

    def log_error(self, format: str, *args: Any) -> None:
        """A request that is none is answered, and not worth a line."""


def listen(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server that holds the port, 0 being any that is free; RequestError where it cannot have it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    _free(host, port)
    return make_server(host, port, app, threaded=True, request_handler=Handler)


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
