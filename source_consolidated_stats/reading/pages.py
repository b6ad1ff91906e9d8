"""Pages on their way through the CDK and to standard output.

The CDK takes each page for one record: what it does for a record costs more than reading one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

import orjson
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.models import AirbyteMessage, AirbyteRecordMessage, Type
from airbyte_cdk.sources.types import Record as CdkRecord

from ..records import Record

_RECORDS = "records"


def without_page_counts(line: logging.LogRecord) -> bool:
    """A log filter that leaves out the CDK's line of how many records it read, because it counts pages."""
    text = line.msg
    return not (isinstance(text, str) and text.startswith("Read ") and " records from " in text)


class PageRecord(CdkRecord):
    """The records of a page, for a partition to yield. The CDK makes a message of it that is of type RECORD."""

    def __init__(self, records: list[Record], stream_name: str) -> None:
        super().__init__({_RECORDS: records}, stream_name)


def records_of(page: AirbyteRecordMessage) -> list[Record]:
    records: list[Record] = page.data[_RECORDS]
    return records


def one_by_one(messages: Iterable[AirbyteMessage]) -> Iterator[AirbyteMessage]:
    """The messages, with one for each record in the place of one for each page."""
    for message in messages:
        if page := message.record:
            for record in records_of(page):
                yield _message(page, record)
        else:
            yield message


def lines_of(page: AirbyteRecordMessage) -> str:
    """A message for each record of a page, as the CDK would write it: in a line of JSON that ends with a line end."""
    return "".join(f"{_line(page, record)}\n" for record in records_of(page))


def _line(page: AirbyteRecordMessage, record: Record) -> str:
    """The CDK leaves out what is null, and writes what orjson refuses, such as integers of more than 64 bits."""
    message = {"type": "RECORD", "record": {"stream": page.stream, "data": record, "emitted_at": page.emitted_at}}
    try:
        line = orjson.dumps(message).decode()
    except orjson.JSONEncodeError:
        line = ":null"
    return AirbyteEntrypoint.airbyte_message_to_string(_message(page, record)) if ":null" in line else line


def _message(page: AirbyteRecordMessage, record: Record) -> AirbyteMessage:
    row = AirbyteRecordMessage(stream=page.stream, data=record, emitted_at=page.emitted_at)
    return AirbyteMessage(type=Type.RECORD, record=row)
