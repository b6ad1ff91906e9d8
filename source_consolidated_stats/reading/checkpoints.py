"""Which states are printed. A state names every sequence of the account, so it has to be worth its size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import orjson
from airbyte_cdk.models import AirbyteMessage, AirbyteStateBlob

MAX_DELAY_S = 10.0
"""A state is printed this long after the last one, whatever its size: a kill loses no more than what came since."""
_ENVELOPE_BYTES = 250
"""More than a message has around its state."""


@dataclass(frozen=True)
class Checkpoint:
    """A state that vouches for all records before it. `write` makes its message, which takes long if it names many
    sequences."""

    write: Callable[[], AirbyteMessage]


class Checkpoints:
    """For the thread that prints: holds the states of a stream back until as many bytes of records were printed as they
    have themselves, or `MAX_DELAY_S` have passed. A later state takes the place of one that is held back."""

    def __init__(self) -> None:
        self._printed: AirbyteMessage | None = None
        self._held: Checkpoint | None = None
        self._record_bytes = self._state_bytes = 0
        self._printed_at = monotonic()

    @property
    def delay_s(self) -> float | None:
        """How long a state is still held back at most; None if there is none."""
        return None if self._held is None else max(0.0, self._printed_at + MAX_DELAY_S - monotonic())

    def count(self, record_bytes: int) -> None:
        """Records of this size were printed."""
        self._record_bytes += record_bytes

    def hold(self, checkpoint: Checkpoint) -> None:
        self._held = checkpoint

    def take(self) -> AirbyteMessage | None:
        """The state that is held back, to be printed whatever its size is; None if there is none."""
        if not self._held:
            return None
        message = self._held.write()
        return self._print(message, _size_of(message))

    def take_due(self) -> AirbyteMessage | None:
        """The state that is held back, to be printed if it is worth its size or has waited long enough."""
        is_late = self.delay_s == 0
        if not self._held or not (is_late or self._record_bytes >= self._state_bytes):
            return None
        message = self._held.write()
        self._state_bytes = size = _size_of(message)
        return self._print(message, size) if is_late or self._record_bytes >= size else None

    def take_last(self, checkpoint: Checkpoint) -> AirbyteMessage | None:
        """The last state of the stream, to be printed whatever its size is; None if it was printed already."""
        message, self._held = checkpoint.write(), None
        if _stream_state(message) == _stream_state(self._printed):
            return None
        return self._print(message, _size_of(message))

    def _print(self, message: AirbyteMessage, size: int) -> AirbyteMessage:
        """A state that was printed early is paid for by the records that follow."""
        self._held, self._record_bytes, self._printed_at = None, min(0, self._record_bytes - size), monotonic()
        self._printed = message
        return message


def _size_of(message: AirbyteMessage) -> int:
    """In bytes of JSON."""
    return _ENVELOPE_BYTES + len(orjson.dumps(vars(_stream_state(message))))


def _stream_state(message: AirbyteMessage | None) -> AirbyteStateBlob | None:
    stream = message.state.stream if message and message.state else None
    return stream.stream_state if stream else None
