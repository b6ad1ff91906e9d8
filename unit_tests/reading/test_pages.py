from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.models import (
    AirbyteLogMessage,
    AirbyteMessage,
    AirbyteMessageSerializer,
    AirbyteRecordMessage,
    Level,
    Type,
)
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.reading.pages import PageRecord, lines_of, one_by_one, without_page_counts
from source_consolidated_stats.records import ChangedRecord

scalars = st.none() | st.integers() | st.text(max_size=5) | st.just(":null")
names = st.sampled_from(["Open Count", "Client", "New"])
values = scalars | st.lists(scalars, max_size=2) | st.dictionaries(names, scalars)
pages = st.lists(st.dictionaries(names, values), max_size=3)


def page_of(records: list[dict[str, Any]]) -> AirbyteRecordMessage:
    """As the CDK makes it of a PageRecord."""
    return AirbyteRecordMessage(stream="stream", data=dict(PageRecord(records, "stream").data), emitted_at=7)


def singly(records: list[dict[str, Any]]) -> list[AirbyteMessage]:
    return [
        AirbyteMessage(type=Type.RECORD, record=AirbyteRecordMessage(stream="stream", data=record, emitted_at=7))
        for record in records
    ]


@given(pages)
def test_the_lines_of_a_page_are_what_the_cdk_writes_for_its_records(records: list[dict[str, Any]]) -> None:
    lines = lines_of(page_of(records))

    assert list(lines) == [f"{AirbyteEntrypoint.airbyte_message_to_string(one)}\n" for one in singly(records)]


CHANGED = ChangedRecord({"Step Number": 0, "Replied At": None, "New": 1}, {"Step Number": "third", "Replied At": "?"})
CHANGES = [
    {"field": column, "change": "NULLED", "reason": "SOURCE_SERIALIZATION_ERROR"}
    for column in ("Step Number", "Replied At")
]


def test_changes_are_on_the_row_and_other_rows_have_no_meta() -> None:
    page = page_of([{"New": 1}, CHANGED, {"New": None}])

    plain, changed, null = written = [json.loads(line)["record"] for line in lines_of(page)]

    assert changed == {
        "stream": "stream",
        "data": {"Step Number": 0, "New": 1},
        "emitted_at": 7,
        "meta": {"changes": CHANGES},
    }
    assert [list(record) for record in (plain, null)] == [["stream", "data", "emitted_at"]] * 2
    messages = one_by_one([AirbyteMessage(type=Type.RECORD, record=page)])
    assert [json.loads(AirbyteEntrypoint.airbyte_message_to_string(one))["record"] for one in messages] == written


def test_changes_are_read_back_as_the_protocol_has_them() -> None:
    (line,) = lines_of(page_of([CHANGED]))
    (message,) = one_by_one([AirbyteMessage(type=Type.RECORD, record=page_of([CHANGED]))])

    assert message.record
    message.record.data = {"Step Number": 0, "New": 1}  # a null is not written
    assert AirbyteMessageSerializer.load(json.loads(line)) == message


@pytest.mark.parametrize("value", [2**70, "\ud800", {"deep": [2**70]}])
def test_what_is_hard_to_write_costs_no_record(value: object) -> None:
    records: list[dict[str, Any]] = [{"before": 1}, {"value": value, "other": None}, {}]

    written = [json.loads(line)["record"]["data"] for line in lines_of(page_of(records))]

    assert written == [{"before": 1}, {"value": value}, {}]


@given(pages)
def test_one_by_one_gives_a_message_for_each_record_in_its_place(records: list[dict[str, Any]]) -> None:
    log = AirbyteMessage(type=Type.LOG, log=AirbyteLogMessage(level=Level.INFO, message="between"))
    page = AirbyteMessage(type=Type.RECORD, record=page_of(records))

    messages = list(one_by_one([page, log, page]))

    assert messages == [*singly(records), log, *singly(records)]


@pytest.mark.parametrize(
    ("message", "stays"),
    [
        ("Read 3 records from consolidated_stats stream", False),
        ("Read 2026-01-01..2026-01-02 of 3 sequences (pages: 1): 5 rows; windows left: 0.", True),
        (ValueError("Read 3 records from"), True),
    ],
)
def test_only_the_line_that_counts_pages_is_left_out(message: object, stays: bool) -> None:
    line = logging.LogRecord("airbyte", logging.INFO, "", 0, message, None, None)

    assert without_page_counts(line) is stays
