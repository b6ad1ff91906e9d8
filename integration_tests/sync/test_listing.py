"""The listing of sequences: every page is read, and an empty one is not believed where sequences are known."""

from __future__ import annotations

import pytest

from integration_tests.sync.messages import Message
from integration_tests.sync.rows import table
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault, Quirks


@pytest.mark.parametrize("most", [20, 100])
def test_pages_that_are_smaller_than_asked_for_lose_no_sequence(world: World, most: int) -> None:
    account = AccountSettings(emails=1_000, sequences=250)
    sandbox = world.sandbox(account, quirks=Quirks(max_listing_page=most))

    output = world.connection(sandbox).sync()

    assert output.exit_code == 0, output.log
    assert table(output.records) == table(sandbox.truth())
    assert len(sandbox.listing_calls) <= -(-250 // most) + 1


def test_an_empty_listing_forgets_no_sequence_and_is_warned_of(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_000, sequences=10))
    connection = world.connection(sandbox, lookback_window_days=0)
    first = connection.sync()

    sandbox.faults.add(Fault("empty", path="/v1/sequences", times=None))
    empty = connection.sync()

    assert empty.exit_code == 0
    assert any(line.startswith("WARN") and "sequences" in line for line in empty.log.splitlines())
    assert known_sequences(empty.last_state) == known_sequences(first.last_state)

    sandbox.faults.clear()
    third = connection.sync()

    assert len(third.calls) <= 3


def known_sequences(state: Message) -> set[str]:
    return {sequence_id for group in state["coverage"] for sequence_id in group["sequences"]}
