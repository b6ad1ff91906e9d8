"""A call ends when its time is up, wherever its response drips."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from threading import Thread

import pytest
import requests

from source_consolidated_stats.api import timeouts
from source_consolidated_stats.api.limit.shared import SharedRateLimit
from source_consolidated_stats.api.timeouts import CallTimeoutError
from source_consolidated_stats.api.transport import open_session

PIECES, PAUSE_S = 200, 0.05
"""A response that drips ends after ten seconds: without a deadline it would be cut then."""
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\nContent-Length: 100000\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\0"
DRIPS = {
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "header": (OK + b"X-Slow: ", b"x"),
    "headers": (OK, b"X: y\r\n"),
    "interim responses": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (OK + b"Content-Length: 100000\r\n\r\n", b" "),
    "body until closed": (OK + b"Connection: close\r\n\r\n", b" "),
    "chunks": (CHUNKED, b"1\r\n \r\n"),
    "size of a chunk": (CHUNKED + b"1;", b"x"),
    "trailer": (CHUNKED + b"2\r\n{}\r\n0\r\nX-Slow: ", b"x"),
    "trailers": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: y\r\n"),
    "gzip file name": (GZIP, b"n"),
}


@contextmanager
def server(pieces: Iterator[bytes]) -> Iterator[str]:
    """The address of a server that sends the pieces, with a pause before each, to one client."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                client, _ = listening.accept()
                with client:
                    client.recv(65536)
                    for piece in pieces:
                        client.sendall(piece)
                        time.sleep(PAUSE_S)

        Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def _short_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "CALL_TIMEOUT_S", 0.3)


@pytest.mark.usefixtures("_short_calls")
@pytest.mark.parametrize("where", DRIPS)
def test_a_response_that_drips_ends_with_its_call(where: str) -> None:
    first, drop = DRIPS[where]
    pieces = chain([first], repeat(drop, PIECES))

    with server(pieces) as address, open_session(SharedRateLimit()) as session, pytest.raises(CallTimeoutError):
        session.get(f"http://{address}/", timeout=5)


@pytest.mark.usefixtures("_short_calls")
def test_a_proxy_that_drips_ends_with_its_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    pieces = chain([OK], repeat(b"X: y\r\n", PIECES))

    with server(pieces) as address, open_session(SharedRateLimit()) as session:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        with pytest.raises(CallTimeoutError):
            session.get("https://api.example.com/", timeout=5)


def test_silence_is_told_apart_from_a_call_that_takes_too_long() -> None:
    with (
        server(chain([OK], repeat(b"", PIECES))) as address,
        open_session(SharedRateLimit()) as session,
        pytest.raises(requests.exceptions.ReadTimeout) as raised,
    ):
        session.get(f"http://{address}/", timeout=0.1)

    assert not isinstance(raised.value, CallTimeoutError)


def test_a_call_that_is_slow_and_ends_in_time_has_its_response() -> None:
    answer = [OK + b"Content-Length: 2\r\n\r\n", b"{", b"}"]

    with server(iter(answer)) as address, open_session(SharedRateLimit()) as session:
        assert session.get(f"http://{address}/", timeout=5).content == b"{}"
