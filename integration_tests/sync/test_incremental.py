"""What the next sync reads: new days, the lookback window, and what a changed configuration adds; no more."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from integration_tests.clock import NOW
from integration_tests.sync.messages import days, state_message
from integration_tests.sync.rows import table, upserted
from integration_tests.sync.world import LAST_CLOSED_DAY, LATEST_TODAY, World
from sandbox import AccountSettings


@pytest.mark.parametrize("workers", [1, 4])
def test_a_sync_after_a_finished_one_takes_three_calls(world: World, workers: int) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000, sequences=20))
    connection = world.connection(sandbox, num_workers=workers)
    connection.sync()

    second = connection.sync()

    assert second.exit_code == 0
    assert len(second.calls) <= 3
    assert table(second.records) == table(sandbox.truth(first=date(2026, 10, 24)))


@pytest.mark.parametrize("lookback", [0, 1, 7, 730])
def test_the_lookback_is_read_again_and_no_more(world: World, lookback: int) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_500))
    connection = world.connection(sandbox, lookback_window_days=lookback)
    first = connection.sync()

    world.pass_time(days=2)
    second = connection.sync()

    retention_start = min(first.requested_days) + timedelta(days=2)
    lookback_start = max(retention_start, LAST_CLOSED_DAY - timedelta(days=lookback - 1))
    assert second.requested_days == set(days(lookback_start, LATEST_TODAY + timedelta(days=2)))
    assert table(second.records) == table(sandbox.truth(first=lookback_start))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])  # UTC+14 and UTC-12: the edges of time
def test_counters_and_rows_of_every_day_become_current(world: World, zone: str) -> None:
    """Syncs every few hours, without any lookback: no email of a day that was still open is missed."""
    account = AccountSettings(emails=2_000, sequences=6, time_zone=zone, first_day=date(2026, 11, 15))
    sandbox = world.sandbox(account)
    connection = world.connection(sandbox, lookback_window_days=0)

    reads = []
    for hours in (0, 5, 4, 5, 11, 13, 11, 21):
        world.pass_time(hours=hours)
        output = connection.sync()
        assert output.exit_code == 0, output.log
        reads.append(output.records)

    assert sum(upserted(*reads).values()) == len(sandbox.truth())

    connection.config["lookback_window_days"] = 730
    reads.append(connection.sync().records)

    assert upserted(*reads) == table(sandbox.truth())


def test_an_added_sequence_gets_its_history_and_the_others_do_not(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000, sequences=8))
    ids = sandbox.account.sequence_ids
    connection = world.connection(sandbox, sequence_ids=ids[:5], lookback_window_days=10)
    first = connection.sync()

    connection.config["sequence_ids"] = ids[:7]
    second = connection.sync()

    lookback = days(LAST_CLOSED_DAY - timedelta(days=9), LATEST_TODAY)
    read_again = {(sequence_id, day) for sequence_id in ids[:5] for day in lookback}
    history = {(sequence_id, day) for sequence_id in ids[5:7] for day in first.requested_days}
    assert second.requested == read_again | history
    assert upserted(first.records, second.records) == table(sandbox.truth(ids[:7]))


def test_a_removed_sequence_is_forgotten_and_read_from_the_start_when_it_returns(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_000, sequences=4))
    *kept, removed = sandbox.account.sequence_ids
    connection = world.connection(sandbox, sequence_ids=[*kept, removed])
    connection.sync()

    connection.config["sequence_ids"] = kept
    without = connection.sync()

    assert removed not in str(without.last_state)

    connection.config["sequence_ids"] = [*kept, removed]
    returned = connection.sync()

    rows = [row for row in returned.records if row["Sequence Id"] == removed]
    assert table(rows) == table(sandbox.truth([removed]))


def test_an_earlier_start_is_read_where_it_is_missing(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000))
    connection = world.connection(sandbox, start_date="2026-09-01", lookback_window_days=5)
    first = connection.sync()

    connection.config["start_date"] = "2026-07-01"
    second = connection.sync()

    missing = days(date(2026, 7, 1), date(2026, 8, 31))
    lookback = days(LAST_CLOSED_DAY - timedelta(days=4), LATEST_TODAY)
    assert second.requested_days == {*missing, *lookback}
    assert upserted(first.records, second.records) == table(sandbox.truth(first=date(2026, 7, 1)))


def test_a_moved_end_is_followed(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000))
    connection = world.connection(sandbox, end_date="2026-09-30", lookback_window_days=3)
    first = connection.sync()

    del connection.config["end_date"]
    second = connection.sync()

    assert second.requested_days == set(days(date(2026, 9, 28), LATEST_TODAY))
    assert upserted(first.records, second.records) == table(sandbox.truth())


def test_a_full_refresh_reads_everything_whatever_the_state(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=700))
    connection = world.connection(sandbox)
    connection.sync()

    output = connection.sync(mode="full_refresh")

    assert table(output.records) == table(sandbox.truth())


def test_the_cursor_is_never_later_than_now(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_000, first_day=date(2026, 11, 20)))
    sandbox.clock.advance(timedelta(hours=10))  # ahead of the connector's

    output = world.connection(sandbox).sync()

    cursor = datetime.fromisoformat(output.last_state["Email Sent At"].replace("Z", "+00:00"))
    assert NOW <= cursor < NOW + timedelta(minutes=5)
    assert "Email Sent At: later than now" in output.log
    assert table(output.records) == table(sandbox.truth(last=LATEST_TODAY))


@pytest.mark.parametrize(
    "state",
    [
        {"version": 2, "coverage": []},
        {"states": [{"partition": {}, "cursor": {"updated": "2030-01-01"}}]},
    ],
    ids=["of a later version", "of another connector"],
)
def test_a_state_that_cannot_be_read_is_an_error(world: World, state: dict[str, Any]) -> None:
    """What cannot be read is in `unit_tests/planning/test_state.py`."""
    connection = world.connection(world.sandbox(AccountSettings(emails=10)))
    connection.state = state_message(state)

    output = connection.sync()

    assert (output.exit_code, output.records, output.calls) == (1, [], ())
    assert [error["failure_type"] for error in output.errors] == ["config_error"]
    assert "Reset the stream" in output.errors[0]["message"]
    assert "Traceback" not in output.stdout + output.stderr


def test_a_state_from_the_future_hides_no_row(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=500, sequences=3))
    covered = [["2026-11-10", "2031-01-01"]]
    connection = world.connection(sandbox, lookback_window_days=0)
    connection.state = state_message(
        {
            "version": 1,
            "Email Sent At": "2031-01-01T00:00:00Z",
            "rows_per_sequence_day": 1.5,
            "coverage": [{"sequences": sandbox.account.sequence_ids, "covered": covered, "stale": []}],
        }
    )

    output = connection.sync()

    before, open_days = sandbox.truth(last=date(2026, 11, 9)), sandbox.truth(first=date(2026, 11, 23))
    assert output.exit_code == 0
    assert table(output.records) == table(before) + table(open_days)
    assert output.last_state["Email Sent At"] < "2026-11-24"


def test_a_refresh_by_age_reads_old_days_again_only_when_their_counters_may_have_aged(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_500))
    connection = world.connection(sandbox, lookback_refresh="by_age", lookback_window_days=90)
    connection.sync()

    world.pass_time(hours=1)
    soon = connection.sync()
    world.pass_time(days=9)
    late = connection.sync()

    assert soon.requested_days == set(days(world.now.date() - timedelta(days=11), LATEST_TODAY))
    assert min(late.requested_days) == LAST_CLOSED_DAY - timedelta(days=89)
