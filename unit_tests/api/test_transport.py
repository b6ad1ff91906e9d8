"""Bodies that arrive whole, compressed, in chunks, or not at all, over real HTTP."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests

from source_consolidated_stats.api.body import MAX_BODY_BYTES, BodyTooLargeError
from source_consolidated_stats.api.limit.shared import SharedRateLimit
from source_consolidated_stats.api.transport import open_session

TEXT = b"a row of an email\n" * 20_000
ZIPPED = gzip.compress(TEXT)
IN_MEMBERS = gzip.compress(TEXT[:5_000]) + gzip.compress(b"") + gzip.compress(TEXT[5_000:])
MEMBERS = 2_000 * gzip.compress(b"")
ALL_BLANK = b" " * (MAX_BODY_BYTES + 1)
BOMB = gzip.compress(ALL_BLANK)


def chunked(body: bytes, size: int = 7_000) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


ANSWERS = {
    "/plain": ({"Content-Length": str(len(TEXT))}, TEXT),
    "/until-closed": ({"Connection": "close"}, TEXT),
    "/chunked": ({"Transfer-Encoding": "chunked"}, chunked(TEXT)),
    "/gzip": ({"Content-Encoding": "gzip", "Content-Length": str(len(ZIPPED))}, ZIPPED),
    "/gzip-in-members": ({"Content-Encoding": "gzip", "Content-Length": str(len(IN_MEMBERS))}, IN_MEMBERS),
    "/identity": ({"Content-Encoding": "Identity", "Content-Length": str(len(TEXT))}, TEXT),
    "/gzip-chunked": ({"Content-Encoding": "X-Gzip", "Transfer-Encoding": "chunked"}, chunked(ZIPPED)),
    "/empty": ({"Content-Length": "0"}, b""),
    "/cut": ({"Content-Length": str(len(TEXT))}, TEXT[:50_000]),
    "/cut-chunked": ({"Transfer-Encoding": "chunked"}, chunked(TEXT)[:50_000]),
    "/short-gzip": ({"Content-Encoding": "gzip", "Content-Length": str(len(ZIPPED) - 9)}, ZIPPED[:-9]),
    "/gzip-twice": ({"Content-Encoding": "gzip, gzip", "Content-Length": str(len(ZIPPED))}, ZIPPED),
    "/gzip-in-too-many-members": ({"Content-Encoding": "gzip", "Content-Length": str(len(MEMBERS))}, MEMBERS),
    "/too-large": ({"Content-Length": str(len(ALL_BLANK))}, ALL_BLANK),
    "/bomb": ({"Content-Encoding": "gzip", "Content-Length": str(len(BOMB))}, BOMB),
    "/cookies": ({"Set-Cookie": "route=1; Path=/", "Content-Length": "0"}, b""),
    "/no-gzip": ({"Content-Encoding": "gzip", "Content-Length": str(len(TEXT))}, TEXT),
}

REQUESTS: list[dict[str, str]] = []
"""The headers of the requests that came."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        headers, body = ANSWERS[self.path]
        REQUESTS.append(dict(self.headers))
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = "cut" in self.path or "closed" in self.path

    def log_message(self, *_: object) -> None:
        """Nothing: pytest shows what matters."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with open_session(SharedRateLimit()) as session:
        yield session


def test_a_body_arrives_whole_however_it_is_sent(url: str, session: requests.Session) -> None:
    for path in ("plain", "identity", "gzip", "gzip-in-members", "chunked", "gzip-chunked", "until-closed", "plain"):
        assert session.get(f"{url}/{path}", timeout=5).content == TEXT
    assert session.get(f"{url}/empty", timeout=5).content == b""


@pytest.mark.parametrize(
    "path", ["/cut", "/cut-chunked", "/short-gzip", "/no-gzip", "/gzip-twice", "/gzip-in-too-many-members"]
)
def test_a_body_that_is_cut_or_damaged_is_a_failed_request(url: str, session: requests.Session, path: str) -> None:
    with pytest.raises(requests.RequestException):
        session.get(url + path, timeout=5)
    assert session.get(f"{url}/plain", timeout=5).content == TEXT


@pytest.mark.parametrize("path", ["/too-large", "/bomb"])
def test_a_body_that_is_larger_than_any_page_is_not_read_to_its_end(
    url: str, session: requests.Session, path: str
) -> None:
    with pytest.raises(BodyTooLargeError, match="more than 32 MB"):
        session.get(url + path, timeout=5)
    assert session.get(f"{url}/plain", timeout=5).content == TEXT


def test_only_what_can_be_unpacked_is_asked_for(url: str, session: requests.Session) -> None:
    session.get(f"{url}/plain", timeout=5)

    assert REQUESTS[-1]["Accept-Encoding"] == "gzip"


def test_no_cookies_are_kept(url: str, session: requests.Session) -> None:
    for _ in range(2):
        session.get(f"{url}/cookies", timeout=5)

    assert "Cookie" not in REQUESTS[-1]
