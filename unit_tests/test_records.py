from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.account import dates
from source_consolidated_stats.columns import PRIMARY_KEY, date_columns
from source_consolidated_stats.keys import PLACEHOLDERS
from source_consolidated_stats.records import ChangedRecord, RowWarnings, has_placeholder, to_records, to_sequences

ROW = {
    "Sequence Id": "2dP27N0gZ4",
    "Step Number": 1,
    "Recipient Email": "jane@example.com",
    "Email Sent At": "Thu Dec 18 2024 10:59:29 GMT+5:30 (Asia/Kolkata)",
    "Last Opened At": "",
    "Open Count": "3",
    "Campaign Label": {"new": True},
}

DATE_COLUMNS = date_columns("consolidated_stats")


def records(*rows: Any) -> list[dict[str, Any]]:
    return to_records([dict(row) if isinstance(row, dict) else row for row in rows], RowWarnings())


def test_moments_in_the_schema_are_what_the_api_writes_as_dates() -> None:
    assert DATE_COLUMNS == dates.DATE_COLUMNS


def test_values_stay_as_they_are_but_for_the_dates_and_an_empty_date_is_left_out() -> None:
    expected = {**ROW, "Email Sent At": "2024-12-18T05:29:29Z"}
    del expected["Last Opened At"]

    assert records(ROW) == [expected]


values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()) | st.just("Invalid Date")


@given(st.lists(st.dictionaries(st.sampled_from([*DATE_COLUMNS, *PRIMARY_KEY, "Open Count", "New"]), values)))
def test_any_row_becomes_a_record_that_says_what_was_changed(rows: list[dict[str, Any]]) -> None:
    made = records(*rows)
    assert len(made) == len(rows)
    for row, record in zip(rows, made, strict=True):
        changes = record.changes if isinstance(record, ChangedRecord) else {}
        left_out = {name for name in DATE_COLUMNS[1:] if row.get(name) == ""}
        assert record.keys() == (row.keys() | {*PRIMARY_KEY}) - left_out
        assert all(record[name] == PLACEHOLDERS.get(name) for name in changes)
        assert all(value in (row.get(name), None) for name, value in changes.items())
        kept = {name for name in row if name not in DATE_COLUMNS} - {*changes}
        assert all(record[name] is row[name] for name in kept)
        dates = [record[name] for name in DATE_COLUMNS if name in record]
        assert all(moment is None or moment.endswith("Z") for moment in dates)
        assert all(record[name] is not None for name in PRIMARY_KEY)
        assert has_placeholder(record) is not PLACEHOLDERS.keys().isdisjoint(changes)


LONG = 2**63
NO_TEXTS: list[object] = [None, [], ["2dP27N0gZ4"], {}, {"id": 7}]
NO_NUMBERS: list[object] = [None, "", "third", " 3", "3.0", "3e0", "٣", 2.5, True, [3], {}]
TOO_LONG: list[object] = [LONG, -LONG - 1, str(LONG), 1e300, "9" * 5_000]
NO_DATES: list[object] = [None, "", "not a date", 12345, True, []]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *[("Sequence Id", value) for value in ("2dP27N0gZ4", "", " ", 7, 7.5, True, LONG)],
        *[("Recipient Email", value) for value in ("jane@example.com", "", 0)],
        *[("Step Number", value) for value in (3, 0, -1, 3.0, "3", "03", "-3", "+3", LONG - 1, -LONG, str(LONG - 1))],
    ],
)
def test_what_a_destination_keeps_in_a_key_stays_as_it_is(column: str, value: object) -> None:
    (record,) = records({**ROW, column: value})

    assert record[column] == value
    assert type(record[column]) is type(value)
    assert not has_placeholder(record)
    assert type(record) is dict


@pytest.mark.parametrize(
    ("column", "value", "placeholder"),
    [
        *[("Sequence Id", value, "") for value in NO_TEXTS],
        *[("Recipient Email", value, "") for value in NO_TEXTS],
        *[("Step Number", value, 0) for value in NO_NUMBERS + TOO_LONG],
        *[("Email Sent At", value, "1970-01-01T00:00:00Z") for value in NO_DATES],
    ],
)
def test_anything_else_gets_the_placeholder_of_its_column(column: str, value: object, placeholder: object) -> None:
    missing = {name: kept for name, kept in ROW.items() if name != column}

    assert records({**ROW, column: value}, ROW)[0][column] == placeholder
    record, other, without = records({**ROW, column: value}, ROW, missing)

    assert record[column] == without[column] == placeholder
    assert type(record[column]) is type(placeholder)
    assert has_placeholder(record)
    assert has_placeholder(without)
    assert isinstance(record, ChangedRecord)
    assert list(record.changes) == [column]
    assert type(other) is dict


def test_each_kind_is_warned_of_once_with_an_example_and_counted_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    warnings = RowWarnings()
    with caplog.at_level(logging.WARNING):
        for bad in ("not a date", 12345, 0):
            to_records([{**ROW, "Replied At": bad}], warnings)
        to_records([{**ROW, "Sequence Id": None}, "no row"], warnings)
        to_records([{**ROW, "Step Number": "third"}, {**ROW, "Email Sent At": "yesterday"}], warnings)
        warnings.log_counts()
    kinds = [
        "Replied At: unreadable date, delivered as null",
        "rows: not an object, left out",
        "Sequence Id: missing or unreadable in the primary key, delivered as an empty text",
        "Email Sent At: missing or unreadable in the primary key, delivered as 1970-01-01T00:00:00Z",
        "Step Number: missing or unreadable in the primary key, delivered as 0",
    ]
    examples = ["'not a date'", "'no row'", "null", "'yesterday'", "'third'"]
    assert caplog.messages == [
        *(f"{kind}: the first is {example}" for kind, example in zip(kinds, examples, strict=True)),
        *(f"{kind}: {count} in this sync" for kind, count in zip(kinds, (3, 1, 1, 1, 1), strict=True)),
    ]


@pytest.mark.parametrize(
    ("sent", "delivered"),
    [(True, True), (False, False), (1, True), (0, False), (None, None), ("1", "1"), (2, 2), ([], []), ({}, {})],
)
def test_active_becomes_a_boolean_if_it_is_one(sent: object, delivered: object) -> None:
    row = {"id": "2dP27N0gZ4", "title": "Welcome", "active": sent, "New": 1}

    (sequence,) = to_sequences([dict(row)], RowWarnings())

    assert sequence == {**row, "active": delivered}
    assert type(sequence["active"]) is type(delivered)


def test_a_sequence_without_id_is_delivered_and_one_that_is_no_object_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = [{"title": "Welcome"}, "no sequence", {}, {"id": ["x"]}, {"id": "2dP27N0gZ4"}]
    with caplog.at_level(logging.WARNING):
        sequences = to_sequences(rows, RowWarnings())

    assert sequences == [{"title": "Welcome", "id": ""}, {"id": ""}, {"id": ""}, {"id": "2dP27N0gZ4"}]
    assert [list(one.changes) if isinstance(one, ChangedRecord) else [] for one in sequences] == [["id"]] * 3 + [[]]
    assert caplog.messages == [
        "sequences: not an object, left out: the first is 'no sequence'",
        "id: missing or unreadable in the primary key, delivered as an empty text: the first is null",
    ]
