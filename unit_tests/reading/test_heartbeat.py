from __future__ import annotations

import pytest
from airbyte_cdk.models import (
    AirbyteMessage,
    AirbyteRecordMessage,
    AirbyteStateMessage,
    AirbyteStateType,
    AirbyteStreamState,
    AirbyteStreamStatus,
    StreamDescriptor,
    Type,
)
from airbyte_cdk.utils.stream_status_utils import as_airbyte_message

from source_consolidated_stats.reading import heartbeat as heartbeats
from source_consolidated_stats.reading.checkpoints import Checkpoints
from source_consolidated_stats.reading.heartbeat import Heartbeat
from source_consolidated_stats.reading.page_queue import PageQueue

RECORD = AirbyteMessage(
    type=Type.RECORD, record=AirbyteRecordMessage(stream="consolidated_stats", data={}, emitted_at=1)
)


def state_of(stream: str) -> AirbyteMessage:
    content = AirbyteStreamState(stream_descriptor=StreamDescriptor(name=stream))
    return AirbyteMessage(type=Type.STATE, state=AirbyteStateMessage(type=AirbyteStateType.STREAM, stream=content))


def status_of(stream: str, status: AirbyteStreamStatus) -> AirbyteMessage:
    return as_airbyte_message(StreamDescriptor(name=stream), status)


STATS, SEQUENCES = state_of("consolidated_stats"), state_of("sequences")


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([RECORD], None),
        ([SEQUENCES, STATS, RECORD], STATS),
        ([STATS, SEQUENCES, status_of("sequences", AirbyteStreamStatus.COMPLETE)], STATS),
        ([STATS, status_of("consolidated_stats", AirbyteStreamStatus.RUNNING)], STATS),
        ([STATS, status_of("consolidated_stats", AirbyteStreamStatus.COMPLETE)], None),
        ([STATS, status_of("consolidated_stats", AirbyteStreamStatus.INCOMPLETE)], None),
    ],
)
def test_the_heartbeat_is_the_last_state_of_a_stream_that_is_still_read(
    messages: list[AirbyteMessage], expected: AirbyteMessage | None
) -> None:
    heartbeat = Heartbeat()

    assert list(heartbeat.watch(messages)) == messages
    assert heartbeat.message is expected


def test_a_wait_on_the_queue_is_interrupted_by_the_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "INTERVAL_S", 0.01)
    heartbeat = Heartbeat()
    queue = PageQueue(heartbeat, Checkpoints())
    list(heartbeat.watch([STATS]))

    assert [queue.get(), queue.get()] == [STATS, STATS]
    queue.put(SEQUENCES)
    assert queue.get() is SEQUENCES
