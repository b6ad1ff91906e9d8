"""What the next sync reads: new days, the lookback window, and what a changed configuration adds; no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from sandbox import Sandbox

from .connector import Connector, table, upserted

Start = Callable[..., Sandbox]
Connect = Callable[..., Connector]

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
"""A moment at which 2026-11-22 is over everywhere, and 2026-11-24 has begun at UTC+14."""
LAST_FINISHED, NEWEST = date(2026, 11, 22), date(2026, 11, 24)


def asked(sandbox: Sandbox) -> set[tuple[str, date]]:
    """Each sequence and day that the calls so far asked for."""
    return {
        (sequence_id, first + timedelta(days=day))
        for call in sandbox.statistics_calls
        if call.body
        for first, last in [(date.fromisoformat(call.body["startDate"]), date.fromisoformat(call.body["endDate"]))]
        for day in range((last - first).days + 1)
        for sequence_id in call.body["sequenceIds"]
    }


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]


@pytest.mark.parametrize("workers", [1, 4])
def test_a_sync_after_a_finished_one_takes_three_calls(start_sandbox: Start, connect: Connect, workers: int) -> None:
    sandbox = start_sandbox(emails=2_000, sequences=20, now=NOW)
    connector = connect(sandbox, at=NOW, num_workers=workers)
    first = connector.read()
    sandbox.calls.clear()
    second = connector.read(first.states[-1])
    assert second.exit_code == 0
    assert len(sandbox.calls) <= 3
    assert table(second.records) == table(sandbox.truth(first=date(2026, 10, 24)))


@pytest.mark.parametrize("lookback", [0, 1, 7, 730])
def test_the_lookback_is_read_again_and_no_more(start_sandbox: Start, connect: Connect, lookback: int) -> None:
    sandbox = start_sandbox(emails=1_500, now=NOW)
    connector = connect(sandbox, at=NOW, lookback_window_days=lookback)
    first = connector.read()
    oldest = min(day for _, day in asked(sandbox))
    sandbox.calls.clear()
    later = NOW + timedelta(days=2)
    sandbox.clock.set(later)
    connector.at = later
    second = connector.read(first.states[-1])
    begin = max(oldest + timedelta(days=2), LAST_FINISHED - timedelta(days=lookback - 1))
    assert {day for _, day in asked(sandbox)} == set(days(begin, NEWEST + timedelta(days=2)))
    assert table(second.records) == table(sandbox.truth(first=begin))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Kolkata", "America/New_York", "Etc/GMT+12"])
def test_counters_and_rows_of_every_day_become_current(start_sandbox: Start, connect: Connect, zone: str) -> None:
    """Syncs every few hours, without any lookback: no email of a day that was still going on is missed."""
    sandbox = start_sandbox(emails=2_000, sequences=6, time_zone=zone, now=NOW, first_day=date(2026, 11, 15))
    connector = connect(sandbox, at=NOW, lookback_window_days=0)
    state: Any = None
    reads = []
    for hours in (0, 5, 9, 14, 25, 38, 49, 70):
        moment = NOW + timedelta(hours=hours)
        sandbox.clock.set(moment)
        connector.at = moment
        output = connector.read(state)
        assert output.exit_code == 0, output.log
        state = output.states[-1]
        reads.append(output.records)
    merged, truth = upserted(*reads), table(sandbox.truth())
    assert sum(merged.values()) == sum(truth.values())
    connector.config["lookback_window_days"] = 730
    reads.append(connector.read(state).records)
    assert upserted(*reads) == truth


def test_an_added_sequence_gets_its_history_and_the_others_do_not(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=2_000, sequences=8, now=NOW)
    ids = list(sandbox.account.sequence_ids)
    connector = connect(sandbox, at=NOW, sequence_ids=ids[:5], lookback_window_days=10)
    first = connector.read()
    history = {day for _, day in asked(sandbox)}
    sandbox.calls.clear()
    connector.config["sequence_ids"] = ids[:7]
    second = connector.read(first.states[-1])
    begin = LAST_FINISHED - timedelta(days=9)
    assert asked(sandbox) == {(i, d) for i in ids[:5] for d in days(begin, NEWEST)} | {
        (i, d) for i in ids[5:7] for d in history
    }
    assert upserted(first.records, second.records) == table(sandbox.truth(ids[:7]))


def test_a_removed_sequence_is_forgotten_and_read_from_the_start_when_it_returns(
    start_sandbox: Start, connect: Connect
) -> None:
    sandbox = start_sandbox(emails=1_000, sequences=4, now=NOW)
    ids = list(sandbox.account.sequence_ids)
    connector = connect(sandbox, at=NOW, sequence_ids=ids)
    first = connector.read()
    connector.config["sequence_ids"] = ids[:3]
    second = connector.read(first.states[-1])
    assert ids[3] not in str(second.last_state)
    connector.config["sequence_ids"] = ids
    third = connector.read(second.states[-1])
    returned = [row for row in third.records if row["Sequence Id"] == ids[3]]
    assert table(returned) == table(sandbox.truth([ids[3]]))


def test_an_earlier_start_is_read_where_it_is_missing(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=2_000, now=NOW)
    connector = connect(sandbox, at=NOW, start_date="2026-09-01", lookback_window_days=5)
    first = connector.read()
    sandbox.calls.clear()
    connector.config["start_date"] = "2026-07-01"
    second = connector.read(first.states[-1])
    wanted = days(date(2026, 7, 1), date(2026, 8, 31)) + days(LAST_FINISHED - timedelta(days=4), NEWEST)
    assert {day for _, day in asked(sandbox)} == set(wanted)
    assert upserted(first.records, second.records) == table(sandbox.truth(first=date(2026, 7, 1)))


def test_a_moved_end_is_followed(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=2_000, now=NOW)
    connector = connect(sandbox, at=NOW, end_date="2026-09-30", lookback_window_days=3)
    first = connector.read()
    del connector.config["end_date"]
    sandbox.calls.clear()
    second = connector.read(first.states[-1])
    assert {day for _, day in asked(sandbox)} == set(days(date(2026, 9, 28), NEWEST))
    assert upserted(first.records, second.records) == table(sandbox.truth())


def test_a_full_refresh_reads_everything_whatever_the_state(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=700)
    connector = connect(sandbox)
    state = connector.read().states[-1]
    output = connector.read(state, sync_mode="full_refresh")
    assert table(output.records) == table(sandbox.truth())


def test_the_cursor_is_never_later_than_now(start_sandbox: Start, connect: Connect) -> None:
    """The sandbox's clock runs ahead of the connector's."""
    sandbox = start_sandbox(emails=1_000, now=NOW + timedelta(hours=10), first_day=date(2026, 11, 20))
    output = connect(sandbox, at=NOW).read()
    assert table(output.records) == table(sandbox.truth(last=NEWEST))
    assert (
        NOW
        <= datetime.fromisoformat(output.last_state["Email Sent At"].replace("Z", "+00:00"))
        < NOW + timedelta(minutes=5)
    )
    assert "Email Sent At: later than now" in output.log


@pytest.mark.parametrize(
    "state",
    [
        {"Email Sent At": "2026-11-01T00:00:00Z"},
        {"version": 2, "coverage": []},
        {"version": "1", "coverage": []},
        {"version": 1},
        {"version": 1, "coverage": [{"sequences": ["a"], "covered": [["2026-01-02", "2026-01-01"]], "stale": []}]},
        {"version": 1, "coverage": [{"sequences": ["a", "a"], "covered": [], "stale": []}]},
        {"version": 1, "coverage": [], "Email Sent At": 12},
        {"states": [{"partition": {}, "cursor": {"updated": "2030-01-01"}}]},
        {"__ab_full_refresh_sync_complete": True},
    ],
)
def test_a_state_that_cannot_be_read_is_an_error(start_sandbox: Start, connect: Connect, state: dict[str, Any]) -> None:
    sandbox = start_sandbox(emails=10)
    output = connect(sandbox).read(state)
    assert (output.exit_code, output.records, sandbox.calls) == (1, [], [])
    assert [error["failure_type"] for error in output.errors] == ["config_error"]
    assert "Reset the stream" in output.errors[0]["message"]
    assert "Traceback" not in output.stdout + output.stderr


def test_a_state_from_the_future_hides_no_row(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=500, sequences=3, now=NOW)
    ids = list(sandbox.account.sequence_ids)
    future = {
        "version": 1,
        "Email Sent At": "2031-01-01T00:00:00Z",
        "rows_per_sequence_day": 1.5,
        "coverage": [{"sequences": ids, "covered": [["2026-11-10", "2031-01-01"]], "stale": []}],
    }
    output = connect(sandbox, at=NOW, lookback_window_days=0).read(future)
    assert output.exit_code == 0
    assert table(output.records) == table(sandbox.truth(last=date(2026, 11, 9))) + table(
        sandbox.truth(first=date(2026, 11, 23))
    )
    assert output.last_state["Email Sent At"] < "2026-11-24"
