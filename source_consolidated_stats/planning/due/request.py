"""What a sync is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .days import Calendar, DaySet


@dataclass(frozen=True)
class SyncRequest:
    sequence_ids: Sequence[str]
    """All that are wanted."""
    days: DaySet
    """The days wanted of them."""
    calendar: Calendar
    """Of the moment at which the sync begins."""
    lookback_days: int
    """The last days of what was read, which are read again."""
    refresh_by_age: bool
    """Whether the older of these are read again less often than the younger ones."""
    workers: int
    """How many windows are read at the same time."""
    page_size: int
    """Rows of a page."""
