"""A first read delivers every row exactly once, with few calls and none that the API refuses."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from integration_tests.clock import NOW
from integration_tests.sync.messages import STREAM
from integration_tests.sync.rows import keys, table
from integration_tests.sync.world import World
from sandbox import AccountSettings, Quirks
from sandbox.account.dates import DATE_COLUMNS, DateStyle

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "consolidated_stats.json").read_text(encoding="utf-8"))
KEY = ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At")
ALMOST_TWO_YEARS_AGO = NOW.date() - timedelta(days=728)


@pytest.mark.parametrize(
    ("zone", "moment"),
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
def test_every_row_once_in_every_zone(world: World, zone: str, moment: str) -> None:
    world.travel_to(datetime.fromisoformat(moment))
    sandbox = world.sandbox(AccountSettings(emails=1_500, sequences=12, time_zone=zone))

    output = world.connection(sandbox).sync()

    assert output.exit_code == 0, output.log
    assert table(output.records) == table(sandbox.truth())
    assert [call.refusal for call in output.calls if call.refusal] == []


@pytest.mark.parametrize("live", [True, False])
def test_answers_as_they_were_seen_live_and_as_the_apis_page_has_them(world: World, live: bool) -> None:
    account = AccountSettings(emails=600, live_columns=live, newest_first=live)
    sandbox = world.sandbox(account, quirks=Quirks(no_number_after_last_page=live))

    output = world.connection(sandbox, page_size=50).sync()

    assert output.exit_code == 0
    assert table(output.records) == table(sandbox.truth())
    assert all(("Variant Id" in row) is live for row in output.records)


@pytest.mark.parametrize("style", ["javascript", "short"])
def test_dates_in_other_forms(world: World, style: DateStyle) -> None:
    sandbox = world.sandbox(AccountSettings(emails=600, time_zone="America/New_York", date_style=style))

    output = world.connection(sandbox).sync()

    assert table(output.records) == table(sandbox.truth())
    assert "unreadable" not in output.log


def test_two_years_of_many_sequences_take_few_calls(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=20_000, sequences=300, first_day=ALMOST_TWO_YEARS_AGO))

    output = world.connection(sandbox).sync()

    truth = sandbox.truth()
    assert table(output.records) == table(truth)
    assert len(output.calls) <= 1.3 * len(truth) / 500
    assert "WARN" not in output.log
    assert [call.refusal for call in output.calls if call.refusal] == []


def test_a_small_account_takes_a_dozen_calls(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000, sequences=40, first_day=ALMOST_TWO_YEARS_AGO))

    output = world.connection(sandbox).sync()

    assert table(output.records) == table(sandbox.truth())
    assert len(output.calls) <= 12


def test_records_fit_the_schema(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=300))

    output = world.connection(sandbox).sync()

    validator = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert not validator.is_valid({"Email Sent At": "2026-11-23 12:00:00"})
    assert output.records
    for record in output.records:
        validator.validate(record)


def test_dirty_rows_are_delivered(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=3_000, sequences=20, dirty=True))

    output = world.connection(sandbox).sync()

    assert output.exit_code == 0
    assert table(output.records) == table(sandbox.truth())
    assert all(row[column] is not None for row in output.records for column in KEY)
    warnings = [line for line in output.log.splitlines() if line.startswith("WARN")]
    kinds = [f"{column}: unreadable date, delivered as null" for column in DATE_COLUMNS[1:]]
    kinds += [f"{column}: missing or unreadable in the primary key, delivered as " for column in KEY]
    for kind in kinds:
        of_kind = [line for line in warnings if line.startswith(f"WARN {kind}")]
        assert ["first is" in line for line in of_kind] == [True, False]
        assert ["in this sync" in line for line in of_kind] == [False, True]


def test_rows_say_which_of_their_values_were_changed_and_move_the_cursor_only_with_a_whole_key(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=3_000, sequences=20, dirty=True))

    output = world.connection(sandbox).sync()

    changed = [record for record in output.of_type("RECORD") if "meta" in record]
    assert 100 < len(changed) < 300
    placeholders = {"Sequence Id": "", "Step Number": 0, "Recipient Email": "", "Email Sent At": "1970-01-01T00:00:00Z"}
    for record in changed:
        columns = [change["field"] for change in record["meta"]["changes"]]
        assert columns
        assert all(record["data"].get(column) == placeholders.get(column) for column in columns)
        nulled = {"change": "NULLED", "reason": "SOURCE_SERIALIZATION_ERROR"}
        assert record["meta"]["changes"] == [{"field": column, **nulled} for column in columns]
    whole = [row for row in sandbox.truth() if all(row[column] != empty for column, empty in placeholders.items())]
    assert output.last_state["Email Sent At"] == max(row["Email Sent At"] for row in whole)


def test_two_and_a_half_thousand_sequences(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=5_000, sequences=2_500))

    output = world.connection(sandbox).sync()

    assert table(output.records) == table(sandbox.truth())
    assert max(len(json.dumps(state)) for state in output.states) < 200_000
    assert {len(call.body["sequenceIds"]) for call in output.calls if call.body} == {2_500}


@pytest.mark.parametrize(("sequences", "line"), [(0, "no sequences"), (5, "No rows")])
def test_an_empty_account_is_a_success(world: World, sequences: int, line: str) -> None:
    connection = world.connection(world.sandbox(AccountSettings(emails=0, sequences=sequences)))

    check, first, second = connection.check(), connection.sync(), connection.sync()

    assert check.status["status"] == "SUCCEEDED"
    assert (first.exit_code, first.records) == (0, [])
    assert line in first.log
    assert first.story(STREAM) == ["STARTED", "state", "COMPLETE"]
    assert second.exit_code == 0


def test_only_the_given_sequences_are_asked_for(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=800, sequences=9))
    wanted = sandbox.account.sequence_ids[2:5]

    output = world.connection(sandbox, sequence_ids=wanted).sync()

    assert table(output.records) == table(sandbox.truth(wanted))
    assert sandbox.listing_calls == []


def test_first_and_last_day(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000))
    first, last = date(2026, 8, 1), date(2026, 9, 30)

    output = world.connection(sandbox, start_date=str(first), end_date=str(last)).sync()

    assert table(output.records) == table(sandbox.truth(first=first, last=last))
    assert (min(output.requested_days), max(output.requested_days)) == (first, last)


def test_a_start_older_than_the_api_keeps_is_moved_up(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=500))

    output = world.connection(sandbox, start_date="2001-01-01").sync()

    assert output.exit_code == 0
    assert "start_date: 2001-01-01 is older than the API keeps" in output.log
    assert table(output.records) == table(sandbox.truth())


@pytest.mark.parametrize("newest_first", [True, False])
def test_rows_that_come_in_while_they_are_read(world: World, newest_first: bool) -> None:
    """Rows of an open day move under the reader; the sync that finds it closed makes up for it."""
    first_day, last_day = NOW.date() - timedelta(days=3), NOW.date()
    account = AccountSettings(
        emails=3_000, sequences=5, first_day=first_day, last_day=last_day, newest_first=newest_first
    )
    sandbox = world.sandbox(account, rows_per_call=timedelta(minutes=6))
    sandbox.clock.advance(timedelta(hours=-6))  # so that the rows that come in are not later than the connector's now
    connection = world.connection(sandbox, page_size=50, lookback_window_days=0)

    first = connection.sync()
    world.pass_time(days=3)
    second = connection.sync()

    assert "covered all the same" not in first.log
    assert max(table(first.records).values()) == 1
    assert keys(first.records + second.records) == keys(sandbox.truth())


def test_a_small_page_size(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=400))

    output = world.connection(sandbox, page_size=10, num_workers=1).sync()

    assert table(output.records) == table(sandbox.truth())
    assert {call.body["pageLimit"] for call in output.calls if call.body} == {10}
