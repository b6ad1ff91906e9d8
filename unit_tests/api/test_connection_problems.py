"""What stands in the way of a call without a response: what may pass, and what has to be mended, certainly or not."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError

from source_consolidated_stats.api.body import BodyTooLargeError
from source_consolidated_stats.api.circuit_breaker import CircuitBreaker
from source_consolidated_stats.api.connection_problems import judge_connection
from source_consolidated_stats.api.limit.shared import SharedRateLimit
from source_consolidated_stats.api.problem import Problem
from source_consolidated_stats.api.stream import Connection
from source_consolidated_stats.api.timeouts import REQUEST_OPTIONS, CallTimeoutError
from source_consolidated_stats.api.transport import open_session
from source_consolidated_stats.errors import AccessError, ApiError

API = "https://api.example.com"
RUBBISH = "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n"
PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"]


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


REFUSED_BY_PROXY = MaxRetryError(
    HTTPConnectionPool("proxy.example.com"), "/v1", OSError("Tunnel connection failed: 407")
)


def call(url: str) -> Exception:
    """What a call to `url` raises."""
    with open_session(SharedRateLimit()) as session, pytest.raises(requests.RequestException) as raised:
        session.get(url, timeout=5)
    return raised.value


def problem(exception: Exception, *, any_success: bool = False) -> Problem:
    return judge_connection(exception, "api.example.com", any_success=any_success)


def names_fail_with(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> Any:
        raise socket.gaierror(code, "the resolver's words")

    monkeypatch.setattr(socket, "getaddrinfo", fail)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"payload": []}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: pytest shows what matters."""


@contextmanager
def plain_server() -> Iterator[int]:
    """The port of a server that speaks HTTP, and no TLS."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(
    ("exception", "words"),
    [
        (requests.exceptions.ConnectTimeout(), "did not accept a connection within 10 s"),
        (requests.exceptions.ReadTimeout(), "stayed silent for 30 s"),
        (CallTimeoutError(60), "did not complete its response within 60 s"),
        (BodyTooLargeError(), "api.example.com sent a body of more than 32 MB"),
        (requests.exceptions.ContentDecodingError("no gzip file"), "cannot be unpacked (no gzip file)"),
        (requests.exceptions.ConnectionError("reset by peer"), "the connection was cut (reset by peer)"),
        (
            requests.exceptions.ConnectionError(REFUSED_BY_PROXY),
            "the connection was cut (Tunnel connection failed: 407)",
        ),
        (requests.exceptions.SSLError(ssl.SSLEOFError(8, "unexpected EOF")), "the connection was cut (unexpected EOF)"),
    ],
)
def test_a_failure_of_the_api_may_pass(exception: Exception, words: str) -> None:
    found = problem(exception)

    assert isinstance(found.error, ApiError)
    assert found.is_transient
    assert words in found.error.text
    assert "api.example.com" in found.error.text


def test_a_name_that_is_found_at_the_third_attempt_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve, codes = socket.getaddrinfo, [socket.EAI_NONAME, socket.EAI_AGAIN]

    def fail_twice(*args: Any, **kwargs: Any) -> Any:
        if codes:
            raise socket.gaierror(codes.pop(), "the resolver's words")
        return resolve(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", fail_twice)
    monkeypatch.setattr(time, "sleep", lambda _: None)

    with plain_server() as port:
        url = f"http://localhost:{port}"
        client = Connection(url, "key", SharedRateLimit(), CircuitBreaker(6)).client("sequences", "payload")
        _, answer = client.send_request("GET", url, request_kwargs=REQUEST_OPTIONS)

    assert answer.json() == {"payload": []}


@pytest.mark.parametrize("code", [socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)])
def test_a_name_that_does_not_exist_is_tried_again_and_then_a_setting_to_mend(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    names_fail_with(code, monkeypatch)

    found = problem(call(API))

    assert isinstance(found.error, AccessError)
    assert found.is_transient
    assert found.error.text.startswith("api_url: the host api.example.com was not found")


@pytest.mark.parametrize("code", [socket.EAI_AGAIN, socket.EAI_FAIL])
def test_a_name_server_that_does_not_answer_says_nothing_of_the_address(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    names_fail_with(code, monkeypatch)

    found = problem(call(API))

    assert isinstance(found.error, ApiError)
    assert found.is_transient
    assert "could not be resolved" in found.error.text


def test_a_proxy_that_is_away_is_tried_again_and_then_a_setting_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@127.0.0.1:9")

    found = problem(call(API))

    assert isinstance(found.error, AccessError)
    assert found.is_transient
    assert "HTTPS_PROXY" in found.error.text
    assert found.error.text.endswith("(Connection refused)")
    assert "secret" not in found.error.text


def test_https_to_a_port_that_speaks_http_is_told_as_that() -> None:
    with plain_server() as port:
        found = problem(call(f"https://127.0.0.1:{port}"))

    assert isinstance(found.error, AccessError)
    assert found.is_transient
    assert "api_url: api.example.com does not speak https" in found.error.text


@pytest.mark.parametrize("reason", ["WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"])
def test_each_version_of_openssl_has_its_own_name_for_that(reason: str) -> None:
    error = ssl.SSLError(1, "the words of OpenSSL")
    error.reason = reason

    found = problem(requests.exceptions.SSLError(error))

    assert "does not speak https" in found.error.text
    assert found.error.text.endswith("(the words of OpenSSL)")


@pytest.mark.parametrize(
    ("exception", "words"),
    [
        (requests.exceptions.InvalidURL("ValueError"), "api_url"),
        (requests.exceptions.InvalidProxyURL("HTTPS_PROXY is not"), "HTTPS_PROXY is not"),
        (requests.exceptions.SSLError(ssl.SSLCertVerificationError("certificate verify failed")), "REQUESTS_CA_BUNDLE"),
    ],
)
def test_what_cannot_pass_is_not_tried_again(exception: Exception, words: str) -> None:
    found = problem(exception)

    assert isinstance(found.error, AccessError)
    assert not found.is_transient
    assert words in found.error.text


@pytest.mark.parametrize("content", [None, "no certificate", RUBBISH, RUBBISH.replace("rubbish", "TUlJ")])
def test_a_ca_bundle_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, content: str | None) -> None:
    bundle = tmp_path / "bundle.pem"
    if content:
        bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))

    with plain_server() as port:
        found = problem(call(f"https://127.0.0.1:{port}"))

    assert isinstance(found.error, AccessError)
    assert not found.is_transient
    assert "REQUESTS_CA_BUNDLE" in found.error.text


@pytest.mark.parametrize(
    "exception",
    [
        requests.exceptions.ProxyError("refused"),
        requests.exceptions.SSLError(ssl.SSLCertVerificationError("certificate verify failed")),
        requests.exceptions.ConnectionError(socket.gaierror(socket.EAI_NONAME, "unknown")),
    ],
)
def test_after_a_success_every_one_of_them_may_pass(exception: Exception) -> None:
    found = problem(exception, any_success=True)

    assert isinstance(found.error, ApiError)
    assert found.is_transient


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("HTTPS_PROXY", "foo bar", "a blank"),
        ("https_proxy", "http://user:secret@pro xy:3128", "a blank"),
        ("HTTPS_PROXY", "http://", "no host"),
        ("HTTPS_PROXY", "http://user:secret@proxy:port", "not a valid URL"),
        ("HTTPS_PROXY", "ftp://user:secret@proxy", "neither http nor https"),
        ("ALL_PROXY", "socks5://user:secret@proxy:1080", "PySocks is not installed"),
        ("all_proxy", "socks5h://proxy", "PySocks is not installed"),
    ],
)
def test_a_proxy_variable_that_cannot_be_used_is_named_with_its_fault(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, fault: str
) -> None:
    monkeypatch.setenv(name, value)

    found = problem(call(API))

    assert isinstance(found.error, AccessError)
    assert not found.is_transient
    assert found.error.text.startswith(f"{name} in the environment ")
    assert fault in found.error.text
    assert "secret" not in found.error.text
    assert "api_url" not in found.error.text


@pytest.mark.parametrize("make", [lambda port: f"http://127.0.0.1:{port}", lambda port: f"127.0.0.1:{port}"])
def test_a_proxy_that_works_is_used(monkeypatch: pytest.MonkeyPatch, make: Callable[[int], str]) -> None:
    with plain_server() as port, open_session(SharedRateLimit()) as session:
        monkeypatch.setenv("HTTP_PROXY", make(port))
        answer = session.get("http://api.example.com", timeout=5)

    assert answer.json() == {"payload": []}
