"""Security of the server: other host names are refused, and headers keep the browser to this site."""

from __future__ import annotations

import ipaddress

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing comes from another site; Dash starts with an inline script and parallel coordinates compile shaders."""


def guard(server: Flask, host: str) -> None:
    """Refuse requests by a name that is not the server's own, and send headers with every answer."""

    @server.before_request
    def _known() -> Response | None:
        if known(request.host, host):
            return None
        return Response("This server answers to its address only, not to that name.\n", 403, mimetype="text/plain")

    @server.after_request
    def _headers(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer


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
