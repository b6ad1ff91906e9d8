from __future__ import annotations

import pytest
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager

from source_consolidated_stats.reading import checkpoints as module
from source_consolidated_stats.reading.checkpoints import MAX_DELAY_S, Checkpoint, Checkpoints
from source_consolidated_stats.reading.heartbeat import Heartbeat
from source_consolidated_stats.reading.page_queue import PageQueue
from source_consolidated_stats.reading.pages import PageRecord

ENOUGH = 1_300
"""More than the line of a state has."""


class Clock:
    now = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", lambda: clock.now)
    return clock


def state(number: int) -> AirbyteMessage:
    manager = ConnectorStateManager()
    manager.update_state_for_stream("stream", None, {"number": number, "filling": "-" * 1_000})
    return manager.create_state_message("stream", None)


def checkpoint(number: int) -> Checkpoint:
    return Checkpoint(lambda: state(number))


def test_a_state_waits_for_as_many_bytes_of_records_as_it_has(clock: Clock) -> None:
    checkpoints = Checkpoints()
    line = AirbyteEntrypoint.airbyte_message_to_string(state(1))
    checkpoints.hold(checkpoint(1))

    checkpoints.count(len(line) - 1)
    assert checkpoints.take_due() is None

    checkpoints.count(5 * ENOUGH)
    assert checkpoints.take_due() == state(1)
    assert checkpoints.take_due() is None

    checkpoints.hold(Checkpoint(lambda: pytest.fail("written although it is not worth its size")))
    assert checkpoints.take_due() is None


def test_a_state_that_waited_long_enough_is_printed_whatever_its_size(clock: Clock) -> None:
    checkpoints = Checkpoints()
    checkpoints.hold(checkpoint(1))
    clock.now = MAX_DELAY_S / 2
    assert checkpoints.take_due() is None
    assert checkpoints.delay_s == MAX_DELAY_S / 2

    clock.now = MAX_DELAY_S + 1
    assert checkpoints.delay_s == 0
    assert checkpoints.take_due() == state(1)
    assert checkpoints.delay_s is None

    checkpoints.hold(checkpoint(2))
    checkpoints.count(ENOUGH)
    assert checkpoints.take_due() is None
    checkpoints.count(ENOUGH)
    assert checkpoints.take_due() == state(2)


def test_a_later_state_takes_the_place_of_one_that_is_held_back(clock: Clock) -> None:
    checkpoints = Checkpoints()
    checkpoints.hold(checkpoint(1))
    checkpoints.hold(checkpoint(2))

    assert checkpoints.take() == state(2)
    assert checkpoints.take() is None


def test_the_last_state_is_printed_once(clock: Clock) -> None:
    checkpoints = Checkpoints()
    checkpoints.hold(checkpoint(1))

    assert checkpoints.take_last(checkpoint(2)) == state(2)
    assert checkpoints.take() is None
    assert checkpoints.take_last(checkpoint(2)) is None


def test_a_state_comes_off_the_queue_once_the_records_before_it_were_printed(clock: Clock) -> None:
    queue, page = PageQueue(Heartbeat(), Checkpoints()), PageRecord([{}], "stream")
    for item in (checkpoint(1), page, checkpoint(2)):
        queue.put(item)

    assert queue.get() is page
    page.printed.chars = ENOUGH

    assert queue.get() == state(1)
