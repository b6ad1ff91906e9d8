"""Rows of the API, made into records: the same names and values, with moments in UTC."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .planning.state import CURSOR_FIELD
from .timestamps import to_utc

PRIMARY_KEY = ["Sequence Id", "Step Number", "Recipient Email", CURSOR_FIELD]
DATE_COLUMNS = (CURSOR_FIELD, "Last Opened At", "Replied At", "Last Clicked At", "Bounced At")

Record = dict[str, Any]


class Oddities:
    """Counts what was odd in the rows; warns of each kind once, and tells the counts at the end. Safe for threads."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def unreadable_date(self, column: str, value: object) -> None:
        self._note(f"{column}: unreadable date, delivered as null", f"the first is {str(value)[:100]!r}")

    def null_key(self, column: str) -> None:
        self._note(
            f"{column}: null in the primary key, delivered",
            "a destination cannot recognise such a row when it comes again and will hold copies of it",
        )

    def not_a_row(self, value: object) -> None:
        self._note("rows: not an object, left out", f"the first is {str(value)[:100]!r}")

    def future_cursor(self, value: str) -> None:
        self._note(f"{CURSOR_FIELD}: later than now, delivered", f"the state keeps now instead; the first is {value!r}")

    def _note(self, kind: str, detail: str) -> None:
        with self._lock:
            self._counts[kind] += 1
            first = self._counts[kind] == 1
        if first:
            self._logger.warning(f"{kind}: {detail}")

    def summarise(self) -> None:
        for kind, count in self._counts.items():
            self._logger.warning(f"{kind}: {count} in this sync")


def to_records(rows: Iterable[Any], oddities: Oddities) -> list[Record]:
    """The records of a page. Each row is changed in place: a page holds no second copy of its rows."""
    records = []
    for row in rows:
        if isinstance(row, dict):
            records.append(row)
        else:
            oddities.not_a_row(row)
    for column in DATE_COLUMNS:
        _dates_to_utc(records, column, oddities)
    for column in PRIMARY_KEY:
        for record in records:
            if record.get(column) is None:
                oddities.null_key(column)
    return records


def _dates_to_utc(records: list[Record], column: str, oddities: Oddities) -> None:
    for record in records:
        text = record.get(column)
        if text == "":
            record[column] = None
        elif text is not None:
            record[column] = moment = to_utc(text) if isinstance(text, str) else None
            if moment is None:
                oddities.unreadable_date(column, text)
