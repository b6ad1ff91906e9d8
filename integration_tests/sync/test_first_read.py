"""A first read delivers every row exactly once, with few calls and none that the API refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import jsonschema
import pytest

from sandbox import Sandbox

from .connector import Connector, keys, table

Start = Callable[..., Sandbox]
Connect = Callable[..., Connector]

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "consolidated_stats.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("zone", "now"),
    [
        ("Asia/Kolkata", "2026-11-23T10:30:00+00:00"),
        ("America/New_York", "2026-11-02T03:59:00+00:00"),  # the clocks went back in the night before
        ("Europe/London", "2026-03-29T00:30:00+00:00"),  # and forward
        ("Pacific/Kiritimati", "2026-11-23T09:59:00+00:00"),  # UTC+14, a minute before its next day
        ("Pacific/Kiritimati", "2026-11-23T10:01:00+00:00"),
        ("Etc/GMT+12", "2026-11-23T11:59:00+00:00"),  # UTC-12, a minute before its next day
        ("Asia/Kathmandu", "2026-02-28T18:20:00+00:00"),  # UTC+5:45
        ("Australia/Lord_Howe", "2026-10-03T15:31:00+00:00"),  # half an hour of daylight saving
        ("UTC", "2028-02-29T12:00:00+00:00"),
        ("America/St_Johns", "2027-01-01T03:15:00+00:00"),
    ],
)
def test_every_row_once_in_every_zone(start_sandbox: Start, connect: Connect, zone: str, now: str) -> None:
    moment = datetime.fromisoformat(now)
    sandbox = start_sandbox(emails=1_500, sequences=12, time_zone=zone, now=moment)
    output = connect(sandbox, at=moment).read()
    assert output.exit_code == 0, output.log
    assert table(output.records) == table(sandbox.truth())
    assert [call.refusal for call in sandbox.calls if call.refusal] == []


def test_texts_in_the_form_of_javascript(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=600, time_zone="America/New_York", date_style="javascript")
    assert table(connect(sandbox).read().records) == table(sandbox.truth())


def test_two_years_of_many_sequences_take_few_calls(start_sandbox: Start, connect: Connect) -> None:
    oldest = datetime.now(timezone.utc).date() - timedelta(days=728)
    sandbox = start_sandbox(emails=20_000, sequences=300, first_day=oldest)
    output = connect(sandbox).read()
    truth = sandbox.truth()
    assert table(output.records) == table(truth)
    assert len(sandbox.calls) <= 1.25 * len(truth) / 500
    assert [call.refusal for call in sandbox.calls if call.refusal] == []


def test_a_small_account_takes_a_dozen_calls(start_sandbox: Start, connect: Connect) -> None:
    oldest = datetime.now(timezone.utc).date() - timedelta(days=728)
    sandbox = start_sandbox(emails=2_000, sequences=40, first_day=oldest)
    assert table(connect(sandbox).read().records) == table(sandbox.truth())
    assert len(sandbox.calls) <= 12


def test_records_fit_the_schema(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=300)
    validator = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    for record in connect(sandbox).read().records:
        validator.validate(record)


def test_dirty_rows_are_delivered(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=3_000, sequences=20, dirty=True)
    output = connect(sandbox).read()
    assert output.exit_code == 0
    assert table(output.records) == table(sandbox.truth())
    warnings = [line for line in output.log.splitlines() if line.startswith("WARN")]
    for column in ("Email Sent At", "Last Opened At", "Replied At", "Last Clicked At", "Bounced At"):
        assert len([w for w in warnings if w.startswith(f"WARN {column}: unreadable date") and "first is" in w]) == 1
        assert (
            len([w for w in warnings if w.startswith(f"WARN {column}: unreadable date") and "in this sync" in w]) == 1
        )
    assert any("Sequence Id: null in the primary key" in w for w in warnings)
    assert output.last_state["Email Sent At"] == max(row.get("Email Sent At") or "" for row in sandbox.truth())


def test_two_and_a_half_thousand_sequences(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=5_000, sequences=2_500)
    output = connect(sandbox).read()
    assert table(output.records) == table(sandbox.truth())
    assert max(len(json.dumps(state)) for state in output.states) < 200_000
    assert {len(call.body["sequenceIds"]) for call in sandbox.statistics_calls if call.body} == {2_500}


@pytest.mark.parametrize(("emails", "sequences", "line"), [(0, 0, "no sequences"), (0, 5, "No rows")])
def test_an_empty_account_is_a_success(
    start_sandbox: Start, connect: Connect, emails: int, sequences: int, line: str
) -> None:
    sandbox = start_sandbox(emails=emails, sequences=sequences)
    connector = connect(sandbox)
    assert connector.check().status["status"] == "SUCCEEDED"
    output = connector.read()
    assert (output.exit_code, output.records) == (0, [])
    assert line in output.log
    assert connector.read(output.states[-1]).exit_code == 0


def test_given_sequences_alone_are_asked_for(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=800, sequences=9)
    wanted = sandbox.account.sequence_ids[2:5]
    output = connect(sandbox, sequence_ids=list(wanted)).read()
    assert table(output.records) == table(sandbox.truth(wanted))
    assert sandbox.listing_calls == []


def test_first_and_last_day(start_sandbox: Start, connect: Connect) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
    sandbox = start_sandbox(emails=2_000, now=now)
    first, last = date(2026, 8, 1), date(2026, 9, 30)
    output = connect(sandbox, at=now, start_date=str(first), end_date=str(last)).read()
    assert table(output.records) == table(sandbox.truth(first=first, last=last))
    assert {first, last} == {
        min(date.fromisoformat(call.body["startDate"]) for call in sandbox.statistics_calls if call.body),
        max(date.fromisoformat(call.body["endDate"]) for call in sandbox.statistics_calls if call.body),
    }


def test_a_start_older_than_the_api_keeps_is_moved_up(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=500)
    output = connect(sandbox, start_date="2001-01-01").read()
    assert output.exit_code == 0
    assert "start_date: 2001-01-01 is older than the API keeps" in output.log
    assert table(output.records) == table(sandbox.truth())


def test_rows_that_come_in_while_they_are_read(start_sandbox: Start, connect: Connect) -> None:
    """An unfinished day changes its order under the reader; the sync that finds it finished makes up for it."""
    now = datetime.now(timezone.utc)
    sandbox = start_sandbox(
        emails=3_000,
        sequences=5,
        first_day=now.date() - timedelta(days=3),
        last_day=now.date(),
        now=now - timedelta(hours=6),
        rows_per_call=timedelta(minutes=6),
    )
    connector = connect(sandbox, page_size=50, lookback_window_days=0)
    first = connector.read()
    assert max(table(first.records).values()) == 1
    sandbox.clock.set(now + timedelta(days=3))
    connector.at = now + timedelta(days=3)
    second = connector.read(first.states[-1])
    assert keys(first.records + second.records) == keys(sandbox.truth())


def test_a_small_page_size(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=400)
    output = connect(sandbox, page_size=10, num_workers=1).read()
    assert table(output.records) == table(sandbox.truth())
    assert {call.body["pageLimit"] for call in sandbox.statistics_calls if call.body} == {10}
