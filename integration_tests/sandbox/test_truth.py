"""What a client reads over HTTP is the sandbox's truth: every row, once, at every moment."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from integration_tests.sandbox.api_calls import (
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
from source_consolidated_stats.columns import load_schema

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
COLUMNS = load_schema("consolidated_stats")["properties"]
SETTINGS = AccountSettings(emails=700, first_day=FIRST_DAY, last_day=LAST_DAY)


@pytest.mark.parametrize("style", ["api", "javascript", "short"])
@pytest.mark.parametrize("zone", ZONES)
def test_all_pages_together_are_the_truth(zone: str, style: DateStyle) -> None:
    with Sandbox(replace(SETTINGS, time_zone=zone, date_style=style), now=NOW) as sandbox:
        rows = read_rows(sandbox, FIRST_DAY, LAST_DAY, page_limit=100)

    assert in_order([record(row) for row in rows]) == in_order(sandbox.truth())
    assert all(row.keys() == COLUMNS.keys() for row in rows)


def test_rows_name_a_step_of_the_listing_and_a_variant_of_it() -> None:
    with Sandbox(SETTINGS, now=NOW) as sandbox:
        rows = read_rows(sandbox, FIRST_DAY, LAST_DAY)
        listed = list_sequences(sandbox).json()["payload"]

    steps = {(one["id"], number): step["id"] for one in listed for number, step in enumerate(one["steps"], start=1)}
    assert all(row["Step Id"] == steps[row["Sequence Id"], row["Step Number"]] for row in rows)
    assert {row["Variant"] for row in rows} == {"A", "B", "C"}
    variants = {(row["Step Id"], row["Variant"]) for row in rows}
    assert len({row["Variant Id"] for row in rows}) == len(variants)


def test_an_account_can_lack_the_columns_that_the_apis_page_does_not_name() -> None:
    with Sandbox(SETTINGS, now=NOW) as live, Sandbox(replace(SETTINGS, live_columns=False), now=NOW) as plain:
        rows, fewer = read_rows(live, FIRST_DAY, LAST_DAY), read_rows(plain, FIRST_DAY, LAST_DAY)
        assert in_order([record(row) for row in fewer]) == in_order(plain.truth())

    assert [list(row) for row in fewer] == [
        [column for column in row if column not in ("Step Id", "Variant", "Variant Id")] for row in rows
    ]
    assert list(rows[0])[1:6] == ["Sequence Owner", "Step Id", "Step Number", "Variant", "Variant Id"]


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
    sandbox = Sandbox(replace(SETTINGS, time_zone="America/New_York"), now=NOW)
    changes = (datetime(2026, 3, 8, 7, tzinfo=timezone.utc), datetime(2026, 11, 1, 6, tzinfo=timezone.utc))

    with sandbox:
        sent = [moment(row["Email Sent At"]) for row in sandbox.truth()]

    times = {one.astimezone(sandbox.account.zone).strftime("%H:%M:%S") for one in sent}
    assert {"00:00:00", "23:59:59"} <= times
    assert all(any(abs(one - change) <= timedelta(hours=1) for one in sent) for change in changes)


def test_the_same_seed_makes_the_same_account_and_another_seed_another() -> None:
    truths = []
    for seed in (1, 1, 2):
        with Sandbox(replace(SETTINGS, seed=seed), now=NOW) as sandbox:
            truths.append(sandbox.truth())

    assert truths[0] == truths[1] != truths[2]


def test_rows_come_in_and_counters_grow_as_the_clock_moves() -> None:
    with Sandbox(SETTINGS, now=NOW - timedelta(days=60)) as sandbox:
        before = read_rows(sandbox, FIRST_DAY, LAST_DAY)
        sandbox.clock.advance(timedelta(days=60))
        after = read_rows(sandbox, FIRST_DAY, LAST_DAY)

    then, now = opens_by_key(before), opens_by_key(after)
    assert len(after) > len(before)
    assert all(now[key] >= count for key, count in then.items())
    assert any(now[key] > count for key, count in then.items())
    assert in_order([record(row) for row in before]) == in_order(sandbox.truth(at=NOW - timedelta(days=60)))


def opens_by_key(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    key = ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At")
    return {tuple(row[column] for column in key): row["Open Count"] for row in rows}


def test_rows_come_newest_first_so_that_a_new_one_pushes_the_others_back() -> None:
    with Sandbox(SETTINGS, now=NOW) as sandbox:
        before = list(opens_by_key(read_rows(sandbox, FIRST_DAY, LAST_DAY)))
        sent = [record(row)["Email Sent At"] for row in read_rows(sandbox, FIRST_DAY, LAST_DAY)]
        sandbox.clock.advance(timedelta(days=2))
        after = list(opens_by_key(read_rows(sandbox, FIRST_DAY, LAST_DAY)))

    assert sent == sorted(sent, reverse=True)
    assert len(after) > len(before)
    assert after[-len(before) :] == before


def test_rows_can_come_in_an_order_that_means_nothing_and_changes_when_a_row_comes_in() -> None:
    with Sandbox(replace(SETTINGS, newest_first=False), now=NOW) as sandbox:
        before = list(opens_by_key(read_rows(sandbox, FIRST_DAY, LAST_DAY)))
        again = list(opens_by_key(read_rows(sandbox, FIRST_DAY, LAST_DAY)))
        sandbox.clock.advance(timedelta(days=2))
        after = list(opens_by_key(read_rows(sandbox, FIRST_DAY, LAST_DAY)))

    assert before == again
    assert len(after) > len(before)
    assert [key for key in after if key in set(before)] != before


def test_the_date_of_a_response_follows_the_clock(small: Sandbox) -> None:
    small.clock.set(datetime(2024, 2, 29, 12, tzinfo=timezone.utc))
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


@pytest.mark.parametrize(("sequences", "emails"), [(0, 700), (10, 0)])
def test_an_account_can_be_empty(sequences: int, emails: int) -> None:
    with Sandbox(replace(SETTINGS, sequences=sequences, emails=emails), now=NOW) as sandbox:
        assert sandbox.truth() == []
        assert len(list_sequences(sandbox).json()["payload"]) == sequences
