"""What the rows look like: date texts, keys, and what is wrong with those of a dirty account."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from integration_tests.sandbox.api_calls import DATE_COLUMNS, NOW, in_order, read_rows, record
from sandbox import AccountSettings, Sandbox
from sandbox.account.dates import DateStyle

FIRST_DAY = date(2026, 2, 1)
LAST_DAY = date(2026, 11, 26)
SETTINGS = AccountSettings(emails=700, first_day=FIRST_DAY, last_day=LAST_DAY)


@pytest.mark.parametrize(
    ("zone", "style", "ending"),
    [
        ("Asia/Kolkata", "api", "GMT+5:30 (Asia/Kolkata)"),
        ("America/New_York", "api", "GMT-4 (America/New_York)"),
        ("Europe/London", "api", "GMT (Europe/London)"),
        ("America/St_Johns", "api", "GMT-2:30 (America/St_Johns)"),
        ("Asia/Kolkata", "javascript", "GMT+0530 (India Standard Time)"),
        ("UTC", "javascript", "GMT+0000 (Coordinated Universal Time)"),
        ("Asia/Kolkata", "short", ".000 GMT+5:30 (Asia/Kolkata)"),
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


@pytest.mark.parametrize(
    ("is_dirty", "at_least"),
    [
        (lambda row: row == {}, 1),
        (lambda row: isinstance(row.get("Open Count"), str), 1),
        (lambda row: "Campaign Label" in row, 1),
        (lambda row: row and "Client" not in row, 1),
        (lambda row: row.get("Step Number", 1) is None, 1),
        (lambda row: row and "Recipient Email" not in row, 1),
        (lambda row: row.get("Step Number") in ("third", 2.5), 2),
        (lambda row: isinstance(row.get("Sequence Id"), dict), 1),
        (lambda row: row.get("Email Sent At") in ("not a date", 12345, "Invalid Date"), 3),
        (lambda row: str(row.get("Bounced At")).startswith("Thu Feb 31"), 1),
    ],
)
def test_dirty_rows_are_served_and_are_part_of_the_truth(
    is_dirty: Callable[[dict[str, Any]], object], at_least: int
) -> None:
    with Sandbox(replace(SETTINGS, dirty=True), now=NOW) as sandbox:
        rows = read_rows(sandbox, FIRST_DAY, LAST_DAY)

    assert len([row for row in rows if is_dirty(row)]) >= at_least
    assert in_order([record(row) for row in rows]) == in_order(sandbox.truth())


def test_few_rows_are_dirty() -> None:
    dirty = Sandbox(replace(SETTINGS, dirty=True), now=NOW)
    clean = Sandbox(SETTINGS, now=NOW)

    with dirty, clean:
        pairs = list(zip(dirty.truth(), clean.truth(), strict=True))

    changed = [one for one, other in pairs if one != other]
    assert 0 < len(changed) < len(pairs) / 10
    keyless = {"Sequence Id": "", "Step Number": 0, "Recipient Email": "", "Email Sent At": "1970-01-01T00:00:00Z"}
    assert changed.count(keyless) == 1
