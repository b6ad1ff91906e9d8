"""Rows of the API, made into records: the same names and values, but for moments in UTC and `active` as a boolean."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from itertools import repeat
from operator import contains, itemgetter
from typing import Any

from .columns import CURSOR_FIELD, DATE_COLUMNS, PRIMARY_KEY, SEQUENCES_KEY
from .timestamps import to_utc

MAX_QUOTE_CHARS = 100

Record = dict[str, Any]
primary_key_of = itemgetter(*PRIMARY_KEY)
"""The primary key of a record as a tuple. Raises KeyError if a column is missing."""

logger = logging.getLogger("airbyte")


class RowWarnings:
    """Counts what is wrong with rows; warns of each kind once, and logs the counts at the end. Safe for threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def unreadable_date(self, column: str, value: object) -> None:
        self._count(f"{column}: unreadable date, delivered as null", f"the first is {_quote(value)}")

    def null_key(self, column: str) -> None:
        self._count(
            f"{column}: null in the primary key, delivered",
            "a destination cannot recognise such a row when it comes again and will hold copies of it",
        )

    def not_an_object(self, rows: str, value: object) -> None:
        """`rows` is what `value` came among: "rows" or "sequences"."""
        self._count(f"{rows}: not an object, left out", f"the first is {_quote(value)}")

    def future_cursor(self, value: str) -> None:
        self._count(
            f"{CURSOR_FIELD}: later than now, delivered", f"the state keeps now instead; the first is {value!r}"
        )

    def not_asked_for(self, records: list[Record]) -> None:
        """They came with an answer that is of no use."""
        first = {column: records[0].get(column) for column in ("Sequence Id", CURSOR_FIELD)}
        self._count("rows: not asked for, left out", f"the first is {_quote(first)}", len(records))

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
    records = _objects_in(rows, "rows", warnings)
    for column in DATE_COLUMNS:
        _dates_to_utc(records, column, warnings)
    if has_null_key(records):
        for column in PRIMARY_KEY:
            _warn_of_nulls(records, column, warnings)
    return records


def to_sequences(rows: Iterable[Any], warnings: RowWarnings) -> list[Record]:
    """The records of a page of the listing, changed in place too. The API has `active` as a boolean, or as 1 or 0."""
    records = _objects_in(rows, "sequences", warnings)
    for record in records:
        if record.get("active") in (0, 1):
            record["active"] = bool(record["active"])
    _warn_of_nulls(records, SEQUENCES_KEY, warnings)
    return records


def _objects_in(rows: Iterable[Any], what: str, warnings: RowWarnings) -> list[Record]:
    records = []
    for row in rows:
        if isinstance(row, dict):
            records.append(row)
        else:
            warnings.not_an_object(what, row)
    return records


def _warn_of_nulls(records: list[Record], column: str, warnings: RowWarnings) -> None:
    for record in records:
        if record.get(column) is None:
            warnings.null_key(column)


def has_null_key(records: list[Record]) -> bool:
    """Whether any record misses a part of its primary key."""
    try:
        return any(map(contains, map(primary_key_of, records), repeat(None)))
    except KeyError:
        return True


def _dates_to_utc(records: list[Record], column: str, warnings: RowWarnings) -> None:
    for record in records:
        text = record.get(column)
        if text == "":
            del record[column]
        elif text is not None:
            record[column] = moment = to_utc(text) if isinstance(text, str) else None
            if moment is None:
                warnings.unreadable_date(column, text)


def _quote(value: object) -> str:
    return repr(str(value)[:MAX_QUOTE_CHARS])
