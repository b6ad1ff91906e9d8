"""One deadline for a whole call, from connecting to the last byte.

A socket's time-out bounds one wait only, and each byte that arrives begins another: in a header, an interim response,
the size of a chunk, a trailer. So every wait of a connection is cut to the time that its call still has.
"""

from __future__ import annotations

import io
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import requests

from .timeouts import CallTimeoutError


class _Call(threading.local):
    """The call that a thread is making; `ends_at` is a moment of the monotonic clock."""

    ends_at = math.inf

    def time_left(self, patience_s: float | None) -> float | None:
        """Seconds that the next wait may take, at most `patience_s`; None for no limit.

        Raises TimeoutError once the call's time is up.
        """
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole call is up")
        shortest = min(left, math.inf if patience_s is None else patience_s)
        return None if math.isinf(shortest) else shortest


_call = _Call()


@contextmanager
def time_limit(timeout_s: float) -> Iterator[None]:
    """Bounds the call that this thread makes inside, on a connection of `end_with_calls`.

    Raises CallTimeoutError in the place of what requests makes of it.
    """
    _call.ends_at = time.monotonic() + timeout_s
    try:
        yield
    except requests.RequestException:
        if time.monotonic() >= _call.ends_at:
            raise CallTimeoutError(timeout_s) from None
        raise
    finally:
        _call.ends_at = math.inf


def end_with_calls(manager: Any) -> Any:
    """`manager`, one of urllib3's pool managers, with connections whose every wait ends with the call."""
    manager.pool_classes_by_scheme = {
        scheme: type(pool.__name__, (pool,), {"ConnectionCls": _timed(pool.ConnectionCls)})
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }
    return manager


def _timed(connection: type) -> type:
    return type(connection.__name__, (_TimedConnection, connection), {})


class _TimedResponse(HTTPResponse):
    """Its status, its headers and its body are all read from `fp`."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock))


class _TimedConnection(HTTPConnection):
    """A base class in front of one of urllib3's connections."""

    response_class = _TimedResponse

    def connect(self) -> None:
        self.timeout = _call.time_left(self.timeout)
        super().connect()

    def send(self, data: Any) -> None:
        if self.sock:
            self.sock.settimeout(_call.time_left(self.timeout))
        super().send(data)


class _TimedReader(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: Any) -> None:
        self._raw = raw
        self._sock = sock
        self._patience_s = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_call.time_left(self._patience_s))
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()
