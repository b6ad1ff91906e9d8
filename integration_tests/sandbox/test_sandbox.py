"""What a client reads over HTTP is the sandbox's truth: every row, once, at every moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from integration_tests.sandbox.api_calls import (
    DATE_COLUMNS,
    NOW,
    ask,
    in_order,
    list_sequences,
    read_rows,
    record,
    server_date,
)
from sandbox import AccountSettings, Sandbox
from sandbox.account.dates import DateStyle

FIRST_DAY = date(2026, 2, 1)
LAST_DAY = date(2026, 11, 26)
ZONES = (
    "Asia/Kolkata",
    "America/New_York",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Asia/Kathmandu",
    "UTC",
    "America/St_Johns",
    "Australia/Lord_Howe",
)
COLUMNS = 22
SETTINGS = AccountSettings(emails=700, first_day=FIRST_DAY, last_day=LAST_DAY)


@pytest.mark.parametrize("style", ["api", "javascript"])
@pytest.mark.parametrize("zone", ZONES)
def test_all_pages_together_are_the_truth(zone: str, style: DateStyle) -> None:
    with Sandbox(replace(SETTINGS, time_zone=zone, date_style=style), now=NOW) as sandbox:
        rows = read_rows(sandbox, FIRST_DAY, LAST_DAY, page_limit=100)
        assert in_order([record(row) for row in rows]) == in_order(sandbox.truth())
        assert {len(row) for row in rows} == {COLUMNS}


@pytest.mark.parametrize("zone", ZONES)
def test_days_select_by_the_accounts_own_day_without_gap_or_overlap(zone: str) -> None:
    with Sandbox(replace(SETTINGS, time_zone=zone), now=NOW) as sandbox:
        found = []
        for start in range(0, (LAST_DAY - FIRST_DAY).days + 1, 50):
            first = FIRST_DAY + timedelta(days=start)
            last = min(first + timedelta(days=49), LAST_DAY)
            records = [record(row) for row in read_rows(sandbox, first, last)]
            assert in_order(records) == in_order(sandbox.truth(first=first, last=last))
            assert all(first <= local_day(sandbox, one["Email Sent At"]) <= last for one in records)
            found += records
        assert in_order(found) == in_order(sandbox.truth())


def local_day(sandbox: Sandbox, text: str) -> date:
    return moment(text).astimezone(sandbox.account.zone).date()


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def test_emails_go_out_at_the_edges_of_days_and_around_changes_of_the_clocks() -> None:
    with Sandbox(replace(SETTINGS, time_zone="America/New_York"), now=NOW) as sandbox:
        sent = [moment(row["Email Sent At"]) for row in sandbox.truth()]
        times = {one.astimezone(sandbox.account.zone).strftime("%H:%M:%S") for one in sent}
        assert {"00:00:00", "23:59:59"} <= times
        for change in (datetime(2026, 3, 8, 7, tzinfo=timezone.utc), datetime(2026, 11, 1, 6, tzinfo=timezone.utc)):
            assert any(abs(one - change) <= timedelta(hours=1) for one in sent)


@pytest.mark.parametrize(
    ("zone", "style", "ending"),
    [
        ("Asia/Kolkata", "api", "GMT+5:30 (Asia/Kolkata)"),
        ("America/New_York", "api", "GMT-4 (America/New_York)"),
        ("Europe/London", "api", "GMT (Europe/London)"),
        ("America/St_Johns", "api", "GMT-2:30 (America/St_Johns)"),
        ("Asia/Kolkata", "javascript", "GMT+0530 (India Standard Time)"),
        ("UTC", "javascript", "GMT+0000 (Coordinated Universal Time)"),
    ],
)
def test_date_texts_end_as_the_api_writes_them(zone: str, style: DateStyle, ending: str) -> None:
    with Sandbox(replace(SETTINGS, time_zone=zone, date_style=style), now=NOW) as sandbox:
        rows = read_rows(sandbox, FIRST_DAY, LAST_DAY)
        assert any(row["Email Sent At"].endswith(ending) for row in rows)


def test_an_event_that_has_not_happened_is_an_empty_text_and_null_in_the_truth(small: Sandbox) -> None:
    rows = read_rows(small, FIRST_DAY, LAST_DAY)
    assert all(any(row[column] == "" for row in rows) for column in DATE_COLUMNS[1:])
    assert all(any(row[column] is None for row in small.truth()) for column in DATE_COLUMNS[1:])


def test_some_weekdays_are_wrong(small: Sandbox) -> None:
    texts = [row["Email Sent At"] for row in read_rows(small, FIRST_DAY, LAST_DAY)]
    right = [datetime.strptime(text[4:15], "%b %d %Y").strftime("%a") == text[:3] for text in texts]
    assert 0 < right.count(False) < right.count(True)


def test_the_key_is_unique_and_three_of_its_parts_are_not(small: Sandbox) -> None:
    columns = ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At")
    truth = small.truth()
    assert len({tuple(row[column] for column in columns) for row in truth}) == len(truth)
    assert len({tuple(row[column] for column in columns[:3]) for row in truth}) < len(truth)


def test_the_same_seed_makes_the_same_account_and_another_seed_another() -> None:
    accounts = [Sandbox(replace(SETTINGS, seed=seed), now=NOW) for seed in (1, 1, 2)]
    truths = []
    for sandbox in accounts:
        with sandbox:
            truths.append(sandbox.truth())
    assert truths[0] == truths[1] != truths[2]


def test_rows_come_in_and_counters_grow_as_the_clock_moves() -> None:
    with Sandbox(SETTINGS, now=NOW - timedelta(days=60)) as sandbox:
        before = read_rows(sandbox, FIRST_DAY, LAST_DAY)
        sandbox.clock.advance(timedelta(days=60))
        after = read_rows(sandbox, FIRST_DAY, LAST_DAY)
        assert len(after) > len(before)
        assert opens_by_key(before) != {key: opens_by_key(after)[key] for key in opens_by_key(before)}
        assert all(opens_by_key(after)[key] >= count for key, count in opens_by_key(before).items())
        assert in_order([record(row) for row in before]) == in_order(sandbox.truth(at=NOW - timedelta(days=60)))


def opens_by_key(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    key = ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At")
    return {tuple(row[column] for column in key): row["Open Count"] for row in rows}


def test_the_order_changes_when_a_row_comes_in_and_not_otherwise() -> None:
    with Sandbox(SETTINGS, now=NOW) as sandbox:
        before = list(opens_by_key(read_rows(sandbox, FIRST_DAY, LAST_DAY)))
        assert before == list(opens_by_key(read_rows(sandbox, FIRST_DAY, LAST_DAY)))
        sandbox.clock.advance(timedelta(days=2))
        after = list(opens_by_key(read_rows(sandbox, FIRST_DAY, LAST_DAY)))
        assert len(after) > len(before)
        assert [key for key in after if key in set(before)] != before


def test_the_date_of_a_response_follows_the_clock(small: Sandbox) -> None:
    small.clock.set(datetime(2024, 2, 29, 23, 30, tzinfo=timezone.utc))
    before = server_date(list_sequences(small))
    small.clock.advance(timedelta(days=2))
    after = server_date(list_sequences(small))

    assert before.date() == date(2024, 2, 29)
    assert after.date() == date(2024, 3, 2)


def test_rows_come_in_while_pages_are_read() -> None:
    step = timedelta(hours=6)
    with Sandbox(SETTINGS, now=NOW, rows_per_call=step) as sandbox:
        ask(sandbox)
        list_sequences(sandbox)
        ask(sandbox)
        assert [call.at for call in sandbox.statistics_calls] == [NOW, NOW + step]
        assert sandbox.clock.now() == NOW + 2 * step


@pytest.mark.parametrize(
    ("spoilt", "wanted"),
    [
        (lambda row: row == {}, 1),
        (lambda row: row.get("Open Count", "").__class__ is str and "Open Count" in row, 1),
        (lambda row: row.get("Campaign Label"), 1),
        (lambda row: row and "Client" not in row, 1),
        (lambda row: row.get("Step Number", 1) is None, 1),
        (lambda row: row.get("Email Sent At") in ("not a date", 12345, "Invalid Date"), 3),
        (lambda row: str(row.get("Bounced At")).startswith("Thu Feb 31"), 1),
    ],
)
def test_dirty_rows_are_there_and_told_in_the_truth(spoilt: Callable[[dict[str, Any]], object], wanted: int) -> None:
    with Sandbox(replace(SETTINGS, dirty=True), now=NOW) as sandbox:
        rows = read_rows(sandbox, FIRST_DAY, LAST_DAY)
        assert len([row for row in rows if spoilt(row)]) >= wanted
        assert in_order([record(row) for row in rows]) == in_order(sandbox.truth())


def test_few_rows_are_dirty() -> None:
    with Sandbox(replace(SETTINGS, dirty=True), now=NOW) as dirty, Sandbox(SETTINGS, now=NOW) as clean:
        pairs = list(zip(dirty.truth(), clean.truth(), strict=True))
        spoilt = [one for one, other in pairs if one != other]
        assert 0 < len(spoilt) < len(pairs) / 10
        assert spoilt.count({}) == 1


@pytest.mark.parametrize(("sequences", "emails"), [(0, 700), (10, 0)])
def test_an_account_can_be_empty(sequences: int, emails: int) -> None:
    with Sandbox(replace(SETTINGS, sequences=sequences, emails=emails), now=NOW) as sandbox:
        assert sandbox.truth() == []
        assert len(list_sequences(sandbox).json()["payload"]) == sequences
