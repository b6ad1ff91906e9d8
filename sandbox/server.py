"""The HTTP server on 127.0.0.1: requests in, answers out, and the ways in which an answer gets lost."""

import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import orjson

from sandbox.calls import Request
from sandbox.messages import Answer

# Closing a socket that does not linger resets its connection.
NO_LINGER = struct.pack("ii", 1, 0)


class HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, respond: Callable[[Request], Answer]) -> None:
        """Listens at once on `port` (0: a free one); answers between `start` and `stop`."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.respond = respond
        self.connections: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Ends the connections that are kept alive too, so that a stopped server answers nothing."""
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client may leave whenever it likes
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: HttpServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def serve(self) -> None:
        address = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        request = Request(self.command, address.path, dict(parse_qsl(address.query)), headers, _json_object(body))
        self._deliver(self.server.respond(request))

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):  # the base class looks for do_GET, do_POST and so on
            return self.serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The record of calls takes the place of a log."""

    def _deliver(self, answer: Answer) -> None:
        self.close_connection = self.close_connection or answer.delivery != "whole"
        if answer.delivery == "silent":
            while self.connection.recv(1024):  # until the client leaves or the server stops
                pass
        elif answer.delivery == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.connection.close()
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            end = len(answer.body) // 2 if answer.delivery == "cut" else None
            self.wfile.write(answer.body[:end])


def _json_object(body: bytes) -> dict[str, object] | None:
    with suppress(orjson.JSONDecodeError):
        content = orjson.loads(body)
        if isinstance(content, dict):
            return content
    return None
