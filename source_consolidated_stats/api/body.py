"""The body of a response: read at once, unpacked, and of a size that a page can have."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import requests
from urllib3.exceptions import DecodeError

MAX_BODY_BYTES = 32 * 1024 * 1024
"""As it is sent, and once it is unpacked. A page of 500 rows has half a million bytes."""
_CHUNK_BYTES = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
_MAX_MEMBERS = 1000


class BodyTooLargeError(requests.exceptions.RequestException):
    """A body that is larger than any page, as it was sent or once it was unpacked."""

    def __init__(self) -> None:
        super().__init__(f"sent a body of more than {MAX_BODY_BYTES // 1024**2} MB.")


class WholeBody:
    """urllib3's response, with the body in one piece of at most `MAX_BODY_BYTES`.

    requests asks for 10 kB at a time. Each time the worker waits for the interpreter, which the thread that prints
    records holds: with pages of some 400 kB that made a tenth of a sync's work. urllib3 before 2.6 unpacks all that it
    has read at once, whatever becomes of its size.
    """

    def __init__(self, response: Any) -> None:
        self._response = response
        self._response.enforce_content_length = True  # urllib3 1.26 would take a body that is cut for a whole one

    def stream(self, amount: int, decode_content: bool) -> Iterator[bytes]:
        yield _unpack(self._read(), self._response.headers.get("Content-Encoding", "").lower())

    def _read(self) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while chunk := self._response.read(_CHUNK_BYTES, decode_content=False):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_BODY_BYTES:
                raise BodyTooLargeError
        return b"".join(chunks)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)


def _unpack(body: bytes, encoding: str) -> bytes:
    """Raises urllib3's DecodeError if the body is not what `encoding` says, and BodyTooLargeError."""
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise DecodeError(f"it is packed as {encoding}, which was not asked for")
    try:
        return _unzip(body)
    except zlib.error as error:
        raise DecodeError(f"it is no gzip file: {error}") from None


def _unzip(rest: bytes) -> bytes:
    """What the members of a gzip file hold, one after another."""
    pieces: list[bytes] = []
    room = MAX_BODY_BYTES + 1
    while rest:
        member = zlib.decompressobj(_GZIP)
        pieces.append(member.decompress(rest, room))
        room -= len(pieces[-1])
        if room <= 0:
            raise BodyTooLargeError
        if not member.eof:
            raise DecodeError("its end is missing")
        if len(pieces) > _MAX_MEMBERS:
            raise DecodeError("it is cut into too many members")
        rest = member.unused_data
    return b"".join(pieces)
