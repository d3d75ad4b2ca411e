"""Security of the server: what it refuses, in a sentence and with a code; headers keep the browser to this site."""

from __future__ import annotations

import ipaddress
import sys

from dash.exceptions import DependencyException
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from experiments.words import visible

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing comes from another site; Dash starts with an inline script and parallel coordinates compile shaders."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

MOST_BODY = 4 * 2**20
"""Bytes of a request's body; the page's own are below 200 kB."""

MOST_SAID = 300
"""Characters of a line on stderr, which may have what the request says."""

ELSEWHERE = "/<path:path>"
"""Dash's name for every path that has no page of its own, for which it would send the only page."""

SENTENCES = {
    400: "This request is none that the page makes.",
    403: "This server answers to its address only, not to that name.",
    404: "There is nothing at this path.",
    405: "This path is not asked in that way.",
    413: f"The body of a request may have {MOST_BODY:,} bytes.",
}


def guard(server: Flask, host: str) -> None:
    """Refuse what the page does not ask for, and send headers with every answer."""
    server.config["MAX_CONTENT_LENGTH"] = MOST_BODY

    @server.before_request
    def _expected() -> None:
        if not known(request.host, host):
            abort(403)
        if request.endpoint == ELSEWHERE:
            abort(404)
        request.get_data()

    @server.errorhandler(Exception)
    def _refused(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            answer = Response(headers=dict(error.get_headers()), status=error.code)
        else:
            answer = Response(status=_code(error))
        answer.mimetype = "text/plain"
        answer.set_data(SENTENCES.get(answer.status_code, answer.status) + "\n")
        return answer

    @server.after_request
    def _headers(answer: Response) -> Response:
        answer.headers.update(HEADERS)
        return answer


def _code(error: Exception) -> int:
    """The status of an error of Dash itself, with a line on stderr; what callbacks raise is shown on the page."""
    if isinstance(error, DependencyException):
        return 404
    sys.stderr.write(
        f"error: {request.method} {visible(f'{request.path}: {type(error).__name__}: {error}')[:MOST_SAID]}\n"
    )
    return 400 if request.method == "POST" else 500


def known(asked: str, host: str) -> bool:
    """Whether a Host header is the server's own: an address in digits, localhost, or the name given at the start.

    Another site can make its own name point here (DNS rebinding), but not an address in digits.
    """
    name = asked[1 : asked.find("]")] if asked.startswith("[") else asked.rpartition(":")[0] or asked
    if name.lower() in ("localhost", host.lower()):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
