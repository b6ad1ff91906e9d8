"""Rows that move between the pages of a window, and pages that come again: no row is lost, and no loop is endless."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest

from integration_tests.clock import NOW
from integration_tests.sync.rows import keys, table, upserted
from integration_tests.sync.world import LAST_CLOSED_DAY, World
from sandbox import AccountSettings, Fault, Quirks, Updates

STATISTICS = "consolidated-stats"


@pytest.mark.parametrize(("move_to", "workers"), [("front", 1), ("end", 4)])
def test_rows_of_closed_days_that_move_are_not_lost(
    world: World, move_to: Literal["front", "end"], workers: int
) -> None:
    account = AccountSettings(emails=3_000, sequences=6, last_day=LAST_CLOSED_DAY)
    sandbox = world.sandbox(account, quirks=Quirks(updates=Updates(rows=3, calls=30, move_to=move_to)))
    connection = world.connection(sandbox, page_size=50, num_workers=workers, lookback_window_days=0)

    syncs = [connection.sync() for _ in range(3)]

    assert [sync.exit_code for sync in syncs] == [0, 0, 0], syncs[0].log
    assert keys(row for sync in syncs for row in sync.records) == keys(sandbox.truth())


def test_a_page_that_comes_again_in_the_place_of_the_next_is_asked_for_again(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_500, sequences=6))
    sandbox.faults.add(Fault("previous-page", path=STATISTICS, page=3))

    output = world.connection(sandbox, page_size=20).sync()

    assert [call.refusal for call in output.calls if call.refusal] == ["previous-page"]
    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth())


def test_a_gateway_that_ignores_the_page_number_is_an_error_within_200_calls(world: World) -> None:
    account = AccountSettings(emails=3_000, sequences=6)
    sandbox = world.sandbox(account, quirks=Quirks(updates=Updates(rows=1)))
    sandbox.faults.add(Fault("repeat-page", times=None, path=STATISTICS))

    output = world.connection(sandbox, page_size=100).sync()

    assert output.exit_code == 1
    assert {error["failure_type"] for error in output.errors} == {"transient_error"}
    assert len(output.calls) <= 200


def test_rows_with_the_same_key_are_as_they_are_and_a_later_sync_leaves_them_in_peace(world: World) -> None:
    account = AccountSettings(emails=1_000, sequences=4, last_day=LAST_CLOSED_DAY, duplicates=3)
    sandbox = world.sandbox(account)
    connection = world.connection(sandbox, lookback_window_days=0)

    first, second = connection.sync(), connection.sync()

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "covered all the same" in first.log
    assert not table(sandbox.truth()) - table(first.records)
    assert second.records == []
    assert len(second.calls) <= 3


def test_a_few_quiet_days_say_little_of_the_days_before_them(world: World) -> None:
    quiet_since = NOW.date() - timedelta(days=9)
    account = AccountSettings(emails=20 * 171, sequences=5, last_day=quiet_since)
    sandbox = world.sandbox(account)

    output = world.connection(sandbox, page_size=10).sync()

    assert table(output.records) == table(sandbox.truth())
    assert max(call.body["pageNum"] for call in output.calls if call.body) <= 100


def test_a_first_read_comes_to_its_end_however_often_it_is_killed(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=6_000, sequences=10))
    connection = world.connection(sandbox, page_size=50, lookback_window_days=730)

    killed = [connection.sync_until_killed(lines=2_000) for _ in range(8)]

    assert upserted(*(output.records for output in killed)) == table(sandbox.truth())


def test_an_informational_response_before_the_real_one_mixes_no_pages_up(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_500, sequences=6))
    sandbox.faults.add(Fault("early-hints", times=3, path=STATISTICS, skip=2, seconds=0.5))

    output = world.connection(sandbox, page_size=50).sync()

    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth())
