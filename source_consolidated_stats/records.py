"""Rows of the API, made into records: the same names and values, but for moments in UTC and `active` as a boolean."""

from __future__ import annotations

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from .columns import CURSOR_FIELD, PRIMARY_KEY, SEQUENCES_KEY, date_columns
from .keys import PLACEHOLDERS, without_value
from .timestamps import to_utc

MAX_VALUE_CHARS = 100
"""Of a value in a message."""

Record = dict[str, Any]
_KEY_COLUMNS = frozenset(PRIMARY_KEY)
primary_key_of = itemgetter(*PRIMARY_KEY)
"""The primary key of a record as a tuple."""
moment_of = itemgetter(CURSOR_FIELD)
"""When the email of a record was sent."""

logger = logging.getLogger("airbyte")


class ChangedRecord(dict[str, Any]):
    """A record with values that could not be kept: `changes` has what came for each column, None for nothing."""

    def __init__(self, record: Record, changes: Mapping[str, Any]) -> None:
        super().__init__(record)
        self.changes = changes


class RowWarnings:
    """Counts what is wrong with rows; warns of each kind once, and logs the counts at the end. Safe for threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def unreadable_date(self, column: str, value: object) -> None:
        self._count(f"{column}: unreadable date, delivered as null", f"the first is {quote_value(value)}")

    def no_key(self, column: str, value: object) -> None:
        """`value` is what the API sent."""
        placeholder = "an empty text" if PLACEHOLDERS[column] == "" else PLACEHOLDERS[column]
        self._count(
            f"{column}: missing or unreadable in the primary key, delivered as {placeholder}",
            f"the first is {quote_value(value)}",
        )

    def not_an_object(self, rows: str, value: object) -> None:
        """`rows` is what `value` came among: "rows" or "sequences"."""
        self._count(f"{rows}: not an object, left out", f"the first is {quote_value(value)}")

    def future_cursor(self, value: str) -> None:
        self._count(
            f"{CURSOR_FIELD}: later than now, delivered", f"the state keeps now instead; the first is {value!r}"
        )

    def not_asked_for(self, records: list[Record]) -> None:
        """Rows that are left out."""
        first = {column: records[0].get(column) for column in ("Sequence Id", CURSOR_FIELD)}
        self._count("rows: not asked for, left out", f"the first is {quote_value(first)}", len(records))

    def _count(self, kind: str, detail: str, count: int = 1) -> None:
        with self._lock:
            is_first = kind not in self._counts
            self._counts[kind] += count
        if is_first:
            logger.warning(f"{kind}: {detail}")

    def log_counts(self) -> None:
        for kind, count in self._counts.items():
            logger.warning(f"{kind}: {count:,} in this sync")


def to_records(rows: Iterable[Any], warnings: RowWarnings) -> list[Record]:
    """The records of a page. Each row is changed in place: a page holds no second copy of its rows.

    A date that is an empty text is left out, as nulls are in what the CDK writes.
    """
    records, changes = _objects_in(rows, "rows", warnings), _Changes(warnings)
    for column in date_columns("consolidated_stats"):
        _dates_to_utc(records, column, changes)
    for column in PRIMARY_KEY:
        _fill_key(records, column, changes)
    return changes.noted_on(records)


def to_sequences(rows: Iterable[Any], warnings: RowWarnings) -> list[Record]:
    """The records of a page of the listing, changed in place too. The API has `active` as a boolean, or as 1 or 0."""
    records, changes = _objects_in(rows, "sequences", warnings), _Changes(warnings)
    for record in records:
        if record.get("active") in (0, 1):
            record["active"] = bool(record["active"])
    _fill_key(records, SEQUENCES_KEY, changes)
    return changes.noted_on(records)


def has_placeholder(record: Record) -> bool:
    """Whether the primary key of a row of the statistics has a placeholder, so that it tells no email from another."""
    return isinstance(record, ChangedRecord) and not _KEY_COLUMNS.isdisjoint(record.changes)


def with_whole_key(records: list[Record]) -> list[Record]:
    """Those without a placeholder in their primary key: nearly always all of them, which is checked cheaply."""
    if ChangedRecord not in set(map(type, records)):
        return records
    return [record for record in records if not has_placeholder(record)]


class _Changes:
    """The values of a page that cannot be kept."""

    def __init__(self, warnings: RowWarnings) -> None:
        self._warnings = warnings
        self._of: defaultdict[int, dict[str, Any]] = defaultdict(dict)  # by the id of a record

    def replace(self, record: Record, column: str) -> None:
        """Replaces a value by null, or in a key by the column's placeholder."""
        self._of[id(record)][column] = value = record.get(column)
        record[column] = PLACEHOLDERS.get(column)
        if column in PLACEHOLDERS:
            self._warnings.no_key(column, value)
        else:
            self._warnings.unreadable_date(column, value)

    def noted_on(self, records: list[Record]) -> list[Record]:
        if not self._of:
            return records
        return [ChangedRecord(record, self._of[id(record)]) if id(record) in self._of else record for record in records]


def _objects_in(rows: Iterable[Any], what: str, warnings: RowWarnings) -> list[Record]:
    records = []
    for row in rows:
        if isinstance(row, dict):
            records.append(row)
        else:
            warnings.not_an_object(what, row)
    return records


def _dates_to_utc(records: list[Record], column: str, changes: _Changes) -> None:
    for record in records:
        text = record.get(column)
        if text == "":
            del record[column]
        elif text is not None:
            moment = to_utc(text) if isinstance(text, str) else None
            if moment is None:
                changes.replace(record, column)
            else:
                record[column] = moment


def _fill_key(records: list[Record], column: str, changes: _Changes) -> None:
    for record in without_value(records, column):
        changes.replace(record, column)


def quote_value(value: object) -> str:
    """`value` as a message shows it, at most `MAX_VALUE_CHARS` of it."""
    return "null" if value is None else repr(str(value)[:MAX_VALUE_CHARS])
