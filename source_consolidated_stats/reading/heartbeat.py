"""A sign of life for the platform, which counts records and states but not log lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from airbyte_cdk.models import AirbyteMessage, AirbyteStreamStatus

INTERVAL_S = 240.0
"""Airbyte ends a sync without a sign of life after three hours, unless the metadata says otherwise."""
_ENDED = (AirbyteStreamStatus.COMPLETE, AirbyteStreamStatus.INCOMPLETE)


class Heartbeat:
    """Knows the last state of each stream that is still read. Printing it again vouches for nothing new."""

    def __init__(self) -> None:
        self._states: dict[str, AirbyteMessage] = {}

    @property
    def message(self) -> AirbyteMessage | None:
        return next(reversed(self._states.values()), None)

    def watch(self, messages: Iterable[AirbyteMessage]) -> Iterator[AirbyteMessage]:
        """The messages as they are. Print each before asking for the next."""
        for message in messages:
            status = message.trace.stream_status if message.trace else None
            if message.state and message.state.stream:
                self._states[message.state.stream.stream_descriptor.name] = message
            elif status and status.status in _ENDED:
                self._states.pop(status.stream_descriptor.name, None)
            yield message
