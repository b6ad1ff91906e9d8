"""Rows that change and move while their pages are read, and rows that share a key."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from integration_tests.sandbox.api_calls import NOW, ask, in_order, read_rows, record
from sandbox import AccountSettings, Fault, Quirks, Sandbox, Updates

FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 10, 31)
SETTINGS = AccountSettings(emails=600, sequences=3, first_day=FIRST_DAY, last_day=LAST_DAY)
CALLS = 6  # for the pages of SETTINGS at 100 rows a page


@pytest.fixture(params=["front", "end"])
def moving(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    quirks = Quirks(updates=Updates(rows=5, calls=CALLS, move_to=request.param))
    with Sandbox(SETTINGS, now=NOW, quirks=quirks) as sandbox:
        yield sandbox


def keys(rows: list[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    columns = ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At")
    return Counter(tuple(row[column] for column in columns) for row in rows)


def test_a_row_that_moves_makes_others_come_twice_or_not_at_all(moving: Sandbox) -> None:
    rows = read_rows(moving, FIRST_DAY, LAST_DAY, page_limit=100)

    found, wanted = keys([record(row) for row in rows]), keys(moving.truth())
    assert len(rows) == len(moving.truth())
    assert wanted - found
    assert sum((found - wanted).values()) == sum((wanted - found).values())


def test_the_order_stands_still_after_the_last_update(moving: Sandbox) -> None:
    read_rows(moving, FIRST_DAY, LAST_DAY, page_limit=100)

    settled = read_rows(moving, FIRST_DAY, LAST_DAY, page_limit=100)

    assert settled == read_rows(moving, FIRST_DAY, LAST_DAY, page_limit=100)
    assert in_order([record(row) for row in settled]) == in_order(moving.truth())


@pytest.mark.parametrize("move_to", ["front", "end"])
def test_the_rows_that_were_opened_are_the_ones_that_move(move_to: Any) -> None:
    with Sandbox(SETTINGS, now=NOW, quirks=Quirks(updates=Updates(rows=5, calls=1, move_to=move_to))) as sandbox:
        before = opens(sandbox.truth())
        ask(sandbox, startDate=str(FIRST_DAY), endDate=str(LAST_DAY))
        after = opens(sandbox.truth())

        opened = {key for key, count in after.items() if count != before[key]}
        rows = read_rows(sandbox, FIRST_DAY, LAST_DAY, page_limit=100)

    at_the_edge = rows[:5] if move_to == "front" else rows[-5:]
    assert set(keys([record(row) for row in at_the_edge])) == opened
    assert {after[key] - before[key] for key in opened} == {1}


def opens(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    return {key: row["Open Count"] for row in rows for key in keys([row])}


def test_a_gateway_that_ignores_page_numbers_sends_other_bytes_while_counters_move() -> None:
    with Sandbox(SETTINGS, now=NOW, quirks=Quirks(updates=Updates(rows=100))) as sandbox:
        sandbox.faults.add(Fault("repeat-page", times=None))
        pages = [ask(sandbox, pageNum=page, pageLimit=100).json()["payload"]["data"] for page in range(1, 6)]

    assert all(keys(page) == keys(pages[0]) for page in pages)
    assert all(page != other for number, page in enumerate(pages) for other in pages[:number])


def test_some_keys_come_twice_at_every_reading() -> None:
    with Sandbox(replace(SETTINGS, duplicates=7), now=NOW) as sandbox:
        rows = read_rows(sandbox, FIRST_DAY, LAST_DAY, page_limit=100)

        again = read_rows(sandbox, FIRST_DAY, LAST_DAY, page_limit=100)

        records = [record(row) for row in rows]
        assert Counter(keys(records).values()) == {1: 593, 2: 7}
        assert rows == again
        assert in_order(records) == in_order(sandbox.truth())
