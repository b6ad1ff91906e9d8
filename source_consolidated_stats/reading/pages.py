"""Pages on their way through the CDK and to standard output.

The CDK handles each page as if it were one record, because its work per record costs more than reading one.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import TextIOBase

import orjson
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.models import AirbyteMessage, AirbyteRecordMessage, Type
from airbyte_cdk.models.airbyte_protocol import (  # type: ignore[attr-defined]  # it takes them over with a star
    AirbyteRecordMessageMeta,
    AirbyteRecordMessageMetaChange,
    Change,
    Reason,
)
from airbyte_cdk.sources.connector_state_manager import HashableStreamDescriptor
from airbyte_cdk.sources.types import Record as CdkRecord

from ..records import ChangedRecord, Record

_RECORDS, _PRINTED = "records", "printed"


def without_page_counts(line: logging.LogRecord) -> bool:
    """A log filter that leaves out the CDK's line of how many records it read, because it counts pages."""
    text = line.msg
    return not (isinstance(text, str) and text.startswith("Read ") and " records from " in text)


class Printed:
    """How long the lines are that were made of a page."""

    chars = 0


class PageRecord(CdkRecord):
    """The records of a page, for a partition to yield. The CDK turns it into one RECORD message."""

    def __init__(self, records: list[Record], stream_name: str) -> None:
        self.printed = Printed()
        super().__init__({_RECORDS: records, _PRINTED: self.printed}, stream_name)


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


def count_records(
    message: AirbyteMessage, stream_message_count: defaultdict[HashableStreamDescriptor, float]
) -> AirbyteMessage:
    """What the CDK does for each message, which would count a page as one record."""
    if page := message.record:
        stream_message_count[HashableStreamDescriptor(name=page.stream)] += len(records_of(page))
        return message
    return AirbyteEntrypoint.handle_record_counts(message, stream_message_count)


def write_pages(messages: Iterable[AirbyteMessage], output: TextIOBase) -> Iterator[AirbyteMessage]:
    """The messages but pages, whose records are written to `output` in their place."""
    for message in messages:
        if message.record:
            output.writelines(lines_of(message.record))
        else:
            yield message


def lines_of(page: AirbyteRecordMessage) -> Iterator[str]:
    """A RECORD message for each record of a page, as a line of JSON."""
    chars = 0
    for record in records_of(page):
        message = {"type": "RECORD", "record": {"stream": page.stream, "data": record, "emitted_at": page.emitted_at}}
        try:
            line = orjson.dumps(message).decode()
        except orjson.JSONEncodeError:
            line = _line_of_the_cdk(page, record)
        if ":null" in line or isinstance(record, ChangedRecord):
            line = _line_of_the_cdk(page, record)
        chars += len(line)
        yield f"{line}\n"
    page.data[_PRINTED].chars = chars


def _line_of_the_cdk(page: AirbyteRecordMessage, record: Record) -> str:
    """Slower, but without the fields that are null, with changes, and with what orjson refuses: integers of more than
    64 bits."""
    return AirbyteEntrypoint.airbyte_message_to_string(_message(page, record))


def _message(page: AirbyteRecordMessage, record: Record) -> AirbyteMessage:
    meta = None
    if isinstance(record, ChangedRecord):
        meta = AirbyteRecordMessageMeta(changes=[_nulled(column) for column in record.changes])
    row = AirbyteRecordMessage(stream=page.stream, data=record, emitted_at=page.emitted_at, meta=meta)
    return AirbyteMessage(type=Type.RECORD, record=row)


def _nulled(column: str) -> AirbyteRecordMessageMetaChange:
    """What the protocol has for a value that a source could not keep, whatever it put in its place."""
    return AirbyteRecordMessageMetaChange(column, Change.NULLED, Reason.SOURCE_SERIALIZATION_ERROR)
