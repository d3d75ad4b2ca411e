"""The explorer's server against clients that no browser is: every request ends, with a code and without a traceback."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from dashboards.explorer import serve
from dashboards.explorer.app import LOOPBACK, explorer
from dashboards.explorer.guard import MOST_BODY
from dashboards.explorer.jobs import Desk
from tests.dashboards.synthetic import write_store

UPDATE = "/_dash-update-component"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a live explorer over a small store."""
    desk = Desk()
    store = write_store(tmp_path_factory.mktemp("served") / "burn", days=5, runs=2)
    server = serve.listen(explorer(store, desk).server, LOOPBACK, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
    desk.close()


def ask(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str]]:
    """The code and the headers of an answer."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=20)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders())


def tell(port: int, *parts: bytes, pause: float = 0.0) -> tuple[bytes, float]:
    """What is answered to raw bytes, sent with pauses between, and the seconds until the connection is closed."""
    begun = time.perf_counter()
    with socket.create_connection((LOOPBACK, port), timeout=20) as client:
        for part in parts:
            try:
                client.sendall(part)
            except OSError:
                break
            time.sleep(pause)
        answer = b""
        try:
            while more := client.recv(65536):
                answer += more
        except ConnectionResetError:
            pass
    return answer, time.perf_counter() - begun


CODES = {
    ("GET", "/", None): 200,
    ("GET", "/_dash-layout", None): 200,
    ("GET", "/nowhere/at/all", None): 404,
    ("GET", UPDATE, None): 404,
    ("GET", "/assets/../app.py", None): 404,
    ("GET", "/assets/%2e%2e/app.py", None): 404,
    ("GET", "/_dash-component-suites/dash/nowhere.js", None): 404,
    ("GET", "/_dash-component-suites/os/path.js", None): 404,
    ("PUT", "/", None): 405,
    ("DELETE", UPDATE, None): 405,
    ("TRACE", "/", None): 405,
    ("BREW", "/", None): 405,
    ("POST", "/", b"{}"): 405,
    ("POST", UPDATE, b"{"): 400,
    ("POST", UPDATE, b""): 400,
    ("POST", UPDATE, b"\xff\xfe"): 400,
    ("POST", UPDATE, b"null"): 400,
    ("POST", UPDATE, b"[]"): 400,
    ("POST", UPDATE, b"{}"): 400,
    ("POST", UPDATE, b"[" * 100_000): 400,
    ("POST", UPDATE, b'{"output": "nowhere.children", "inputs": []}'): 400,
    ("POST", UPDATE, b'{"output": 1, "inputs": 1}'): 400,
    ("POST", UPDATE, b" " * (MOST_BODY + 1)): 413,
}


def test_what_is_no_request_of_the_page_is_refused_by_code(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    found = {asked: ask(port, *asked, **JSON)[0] for asked in CODES}
    assert {asked[:2]: code for asked, code in found.items() if code != CODES[asked]} == {}
    said = capfd.readouterr().err
    assert "Traceback" not in said
    assert all(line.startswith("error: POST /_dash-update-component: ") for line in said.splitlines()), said


def test_headers_name_no_server_and_keep_other_sites_out(port: int) -> None:
    for path in ("/", "/nowhere", "/assets/explorer.css"):
        headers = ask(port, "GET", path)[1]
        assert "Server" not in headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert ask(port, "GET", "/", Host="evil.example")[0] == 403
    assert ask(port, "GET", "/", Host=f"localhost:{port}")[0] == 200


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x00\x01\x02\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"431"),
        (f"POST {UPDATE} HTTP/1.1\r\nContent-Length: -5\r\n\r\n".encode(), b"415"),
        (f"POST {UPDATE} HTTP/1.1\r\nContent-Length: {10**15}\r\n\r\n".encode(), b"413"),
        (f"POST {UPDATE} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".encode(), b"400"),
    ],
)
def test_what_is_no_http_is_answered(
    sent: bytes, code: bytes, port: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "READ_S", 1.0)
    answer, seconds = tell(port, sent)
    assert code in answer
    assert b"Server" not in answer.partition(b"\r\n\r\n")[0]
    assert seconds < 10
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    "sent",
    [
        [b""],
        [b"GET / HT"],
        [b"GET / HTTP/1.1\r\n", *[b"X-Slow: y\r\n"] * 40],
        [f"POST {UPDATE} HTTP/1.1\r\nContent-Length: 1000\r\n\r\n".encode(), *[b" "] * 40],
        [f"POST {UPDATE} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n".encode(), *[b" "] * 40],
    ],
)
def test_a_slow_request_is_not_waited_for(sent: list[bytes], port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then does not keep a connection: the whole of a request has `READ_S` seconds."""
    monkeypatch.setattr(serve, "READ_S", 0.5)
    assert 0.4 < tell(port, *sent, pause=0.1)[1] < 8.0


def test_an_answer_may_take_longer_than_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "READ_S", 0.2)
    slow = Flask("slow")
    slow.add_url_rule("/", view_func=lambda: time.sleep(0.6) or "done")
    server = serve.listen(slow, LOOPBACK, 0)
    threading.Thread(target=server.handle_request, daemon=True).start()
    answer, seconds = tell(server.port, b"GET / HTTP/1.1\r\n\r\n")
    server.server_close()
    assert answer.endswith(b"done")
    assert seconds > 0.6
