"""If the API writes its dates in another form, no single row is at fault: nothing of the window counts as read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from ..columns import CURSOR_FIELD
from ..errors import UnknownDatesError
from ..records import ChangedRecord, Record, quote_value

MIN_ROWS = 10
"""Fewer may be unreadable by chance."""
MAX_HELD_ROWS = 10_000
"""Unreadable rows: they tell enough, and fit into memory."""


def with_known_dates(pages: Iterable[list[Record]]) -> Iterator[list[Record]]:
    """The pages of a window, held back until one has a readable moment of sending.

    Raises UnknownDatesError if none of ten rows or more has.
    """
    pages = iter(pages)
    held = _first_pages(pages)
    while held:
        yield held.pop(0)  # and keeps it no longer than its reader does
    yield from pages


def _first_pages(pages: Iterator[list[Record]]) -> list[list[Record]]:
    """Up to the first with a readable moment of sending."""
    held = list[list[Record]]()
    for page in pages:
        held.append(page)
        if any(map(_has_date, page)):
            return held
        if sum(map(len, held)) >= MAX_HELD_ROWS:
            break
    rows = list(chain.from_iterable(held))
    if len(rows) >= MIN_ROWS:
        value = next(record.changes[CURSOR_FIELD] for record in rows if isinstance(record, ChangedRecord))
        raise UnknownDatesError(len(rows), CURSOR_FIELD, quote_value(value))
    return held


def _has_date(record: Record) -> bool:
    return not isinstance(record, ChangedRecord) or CURSOR_FIELD not in record.changes
