"""The HTTP server on 127.0.0.1: requests in, responses out, and the ways in which a response gets lost."""

import select
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import orjson

from sandbox.messages import Request, Response

# Closing a socket that does not linger resets its connection.
NO_LINGER = struct.pack("ii", 1, 0)
EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n"
ENDLESS = 10**9  # bytes


class HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, respond: Callable[[Request], Response], wall: Callable[[], datetime]) -> None:
        """Listens at once on `port` (0: a free one); responds between `start` and `stop`. `wall` gives the moment of
        the `Date` header."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.respond = respond
        self.wall = wall
        self.connections: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return urlunsplit(("http", f"127.0.0.1:{self.server_port}", "", "", ""))

    def start(self) -> None:
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Ends the connections that are kept alive too, so that a stopped server sends nothing more."""
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

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(self.server.wall().timestamp() if timestamp is None else timestamp)

    def _deliver(self, response: Response) -> None:
        self.close_connection = self.close_connection or response.delivery not in ("whole", "early-hints")
        if response.delivery == "silent":
            while self.connection.recv(1024):  # until the client leaves or the server stops
                pass
        elif response.delivery == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.connection.close()
        else:
            self._send(response)

    def _send(self, response: Response) -> None:
        if response.delivery == "early-hints":
            self.wfile.write(EARLY_HINTS)
            self.wfile.flush()
            select.select([self.connection], [], [], response.pause_s)  # a client that was misled asks again at once
        self.send_response_only(response.status)
        length = str(ENDLESS if response.delivery == "drip" else len(response.body))
        headers = {"Date": self.date_time_string(), "Content-Type": response.content_type, "Content-Length": length}
        for name, value in {**headers, **response.headers}.items():
            if value:  # a fault takes a header away by an empty one
                self.send_header(name, value)
        self.end_headers()
        if response.delivery == "drip":
            self._drip(response.pause_s)
        elif self.command != "HEAD":
            end = len(response.body) // 2 if response.delivery == "cut" else None
            self.wfile.write(response.body[:end])

    def _drip(self, pause_s: float) -> None:
        """Blanks, as JSON may begin with, until the client leaves or the server stops."""
        while True:
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(pause_s)


def _json_object(body: bytes) -> dict[str, object] | None:
    with suppress(orjson.JSONDecodeError):
        content = orjson.loads(body)
        if isinstance(content, dict):
            return content
    return None
