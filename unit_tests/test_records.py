from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.columns import DATE_COLUMNS, PRIMARY_KEY
from source_consolidated_stats.records import RowWarnings, to_records, to_sequences

ROW = {
    "Sequence Id": "2dP27N0gZ4",
    "Step Number": 1,
    "Recipient Email": "jane@example.com",
    "Email Sent At": "Thu Dec 18 2024 10:59:29 GMT+5:30 (Asia/Kolkata)",
    "Last Opened At": "",
    "Open Count": "3",
    "Campaign Label": {"new": True},
}


def records(*rows: Any) -> list[dict[str, Any]]:
    return to_records([dict(row) if isinstance(row, dict) else row for row in rows], RowWarnings())


def test_values_stay_as_they_are_but_for_the_dates_and_an_empty_date_is_left_out() -> None:
    expected = {**ROW, "Email Sent At": "2024-12-18T05:29:29Z"}
    del expected["Last Opened At"]

    assert records(ROW) == [expected]


values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()) | st.just("Invalid Date")


@given(st.lists(st.dictionaries(st.sampled_from([*DATE_COLUMNS, *PRIMARY_KEY, "Open Count", "New"]), values)))
def test_any_row_becomes_a_record(rows: list[dict[str, Any]]) -> None:
    made = records(*rows)
    assert len(made) == len(rows)
    for row, record in zip(rows, made, strict=True):
        assert record.keys() == {name for name in row if name not in DATE_COLUMNS or row[name] != ""}
        assert all(row[name] == record[name] for name in row if name not in DATE_COLUMNS)
        assert all(record[name] is None or record[name].endswith("Z") for name in record if name in DATE_COLUMNS)


def test_each_kind_is_warned_of_once_with_an_example_and_counted_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    warnings = RowWarnings()
    with caplog.at_level(logging.WARNING):
        for bad in ("not a date", 12345, 0):
            to_records([{**ROW, "Replied At": bad}], warnings)
        to_records([{**ROW, "Sequence Id": None}, "no row"], warnings)
        warnings.log_counts()
    assert caplog.messages == [
        "Replied At: unreadable date, delivered as null: the first is 'not a date'",
        "rows: not an object, left out: the first is 'no row'",
        "Sequence Id: null in the primary key, delivered: a destination cannot recognise such a row when it comes "
        "again and will hold copies of it",
        "Replied At: unreadable date, delivered as null: 3 in this sync",
        "rows: not an object, left out: 1 in this sync",
        "Sequence Id: null in the primary key, delivered: 1 in this sync",
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
    with caplog.at_level(logging.WARNING):
        sequences = to_sequences([{"title": "Welcome"}, "no sequence", {}, {"id": "2dP27N0gZ4"}], RowWarnings())

    assert sequences == [{"title": "Welcome"}, {}, {"id": "2dP27N0gZ4"}]
    assert caplog.messages == [
        "sequences: not an object, left out: the first is 'no sequence'",
        "id: null in the primary key, delivered: a destination cannot recognise such a row when it comes again "
        "and will hold copies of it",
    ]
