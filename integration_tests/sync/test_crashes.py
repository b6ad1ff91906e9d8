"""From any STATE message, what was printed before it and a read that resumes from it is everything."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import date

import pytest

from integration_tests.sync.messages import Message, Output, Row, parse
from integration_tests.sync.rows import keys, table, upserted
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault


def checkpoints(output: Output) -> Iterator[tuple[list[Row], Message]]:
    """For each STATE message: the records before it, and the state."""
    records: list[Row] = []
    for message in output.messages:
        if message["type"] == "RECORD":
            records.append(message["record"]["data"])
        elif message["type"] == "STATE":
            yield list(records), message["state"]


def test_resuming_from_every_state_loses_nothing(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_000, sequences=10))
    connection = world.connection(sandbox, page_size=50, num_workers=6)
    whole = connection.sync()
    truth = table(sandbox.truth())

    assert len(whole.states) > 5
    for records, state in list(checkpoints(whole))[::3]:
        connection.state = state
        resumed = connection.sync()
        assert upserted(records, resumed.records) == truth


def test_states_come_after_their_records(world: World) -> None:
    """Each state vouches for whole days: every row of them has been printed before it."""
    sandbox = world.sandbox(AccountSettings(emails=6_000, sequences=10))

    output = world.connection(sandbox, page_size=100, num_workers=8).sync()

    for records, state in checkpoints(output):
        printed = table(records)
        for group in state["stream"]["stream_state"]["coverage"]:
            for first, last in group["covered"]:
                rows = sandbox.truth(group["sequences"], date.fromisoformat(first), date.fromisoformat(last))
                assert not table(rows) - printed
    assert sum(state["sourceStats"]["recordCount"] for state in output.states) == len(output.records)


def test_twelve_kills_in_a_row_lose_nothing(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=6_000, sequences=20), latency=0.02)
    connection = world.connection(sandbox, page_size=100)
    moments = random.Random(7)

    killed = [connection.sync_until_killed(lines=moments.randrange(1, 2_000)) for _ in range(12)]
    last = connection.sync()

    assert last.exit_code == 0
    assert upserted(*(output.records for output in killed), last.records) == table(sandbox.truth())


def test_a_first_read_with_a_long_lookback_ends_although_each_attempt_is_killed(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=12_000, sequences=3))
    connection = world.connection(sandbox, lookback_window_days=730)

    attempts = [connection.sync_until_killed(lines=4_000)]
    while attempts[-1].exit_code != 0 and len(attempts) < 8:
        attempts.append(connection.sync_until_killed(lines=4_000))

    assert attempts[-1].exit_code == 0
    assert keys(row for output in attempts for row in output.records) == keys(sandbox.truth())


def test_a_state_is_printed_while_the_next_answer_is_waited_for(world: World) -> None:
    """It would be lost in a kill, and with it the progress, if it waited for more to print."""
    sandbox = world.sandbox(AccountSettings(emails=200))
    sandbox.faults.add(Fault("silent", path="consolidated-stats", skip=1))
    connection = world.connection(sandbox, num_workers=1)
    connection.read_timeout_s = 3_600

    with connection.start_forked(*connection.sync_command()) as process:
        patience = threading.Timer(60, process.kill)
        patience.start()
        kinds = (message["type"] for line in process.stdout for message in parse([line]))
        found = "STATE" in kinds
        patience.cancel()
        process.kill()

    assert found


def test_a_destination_that_goes_away_ends_the_process(world: World) -> None:
    connection = world.connection(world.sandbox(AccountSettings(emails=20_000, sequences=5)))

    with connection.start(*connection.sync_command()) as process:
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()

        assert process.wait(timeout=60) != 0


@pytest.mark.parametrize("workers", [1, 4])
def test_a_window_that_fails_is_read_again_and_the_others_are_kept(world: World, workers: int) -> None:
    sandbox = world.sandbox(AccountSettings(emails=4_000, sequences=10))
    connection = world.connection(sandbox, page_size=100, num_workers=workers, lookback_window_days=0)
    first_day = sandbox.account.first_day
    sandbox.faults.add(Fault("500", times=None, window=(first_day, first_day)))

    first = connection.sync()

    assert first.exit_code == 1
    assert {error["failure_type"] for error in first.errors} == {"transient_error"}
    assert set() < keys(first.records) < keys(sandbox.truth())

    sandbox.faults.clear()
    second = connection.sync()

    assert second.exit_code == 0
    assert upserted(first.records, second.records) == table(sandbox.truth())
    assert len(second.records) < len(sandbox.truth()) / 2
