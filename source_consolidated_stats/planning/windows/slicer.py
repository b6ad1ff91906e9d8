"""Cuts what is to be read into windows, sized by what the windows before them held.

A window is read page by page, so it costs half a page more than its rows on average: few windows mean few calls. But
windows are read at the same time, so too few leave workers idle, and a window that failed has to be read again whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from datetime import date
from math import ceil

from ..due.days import ONE_DAY, Days
from ..due.window import Window
from .capacity import Capacity, Size
from .density import Density

MAX_WINDOW_DAYS = 365
"""The vendor's page: the end "must not exceed 1 year after Start Date"."""
INITIAL_WINDOW_DAYS = 7
"""The first closed window if nothing is known of the account."""
MAX_OPEN_DAYS = 3
"""From UTC-12 to UTC+14 so many days are not over everywhere. A longer window shows what the account's days hold."""
MAX_GROWTH = 4
"""How much longer a window may be than the longest that was read: a few quiet days say little of those before them."""
MIN_WINDOW_PAGES, MAX_WINDOW_PAGES = 4, 32
"""Expected pages of a window: below, the half page too much weighs; above, too much is lost with a failure."""
PRIOR_DAYS = 30
"""Days that the rows found by earlier syncs count for, against those that this sync finds."""
FADING = 0.25
"""What is left of a window's weight with each window that is read after it: sending starts and stops."""


class Slicer:
    """Hands out windows of a plan, one after the other. Not safe for threads.

    `workers` read at the same time, pages have `page_size` rows, and `rows_per_sequence_day` is what an earlier sync
    found, None if there was none. If that was `interrupted`, windows are as small as a page, so that the next
    interruption costs less than what is read until then.
    """

    def __init__(
        self,
        plan: Iterable[Window],
        workers: int,
        page_size: int,
        rows_per_sequence_day: float | None,
        *,
        interrupted: bool = False,
    ) -> None:
        self.capacity = Capacity()
        self._plan = deque(plan)
        self._workers = workers
        self._page_size = page_size
        self._interrupted = interrupted
        self._found = Density()
        self._longest = 0
        self._oldest_first = False
        if rows_per_sequence_day is not None and self._plan:
            self._longest = PRIOR_DAYS
            sequence_days = PRIOR_DAYS * len(self._plan[0].sequence_ids)
            self._found = Density(rows_per_sequence_day * sequence_days, sequence_days)
        self._recent = self._found

    @property
    def is_empty(self) -> bool:
        return not self._plan

    @property
    def rows_per_sequence_day(self) -> float | None:
        """What the windows held: this sync's and, with less weight the longer ago, those of earlier ones."""
        return self._found.rows_per_sequence_day

    @property
    def is_guessing(self) -> bool:
        """Whether too little is known of the account: the next window should be longer, to be worth its calls."""
        area = self._plan[0] if self._plan else None
        if not area or not area.closed:
            return False
        days_per_page = self._days_per_page(len(area.sequence_ids))
        if days_per_page is None:
            return True
        worthwhile = min(MIN_WINDOW_PAGES * days_per_page, area.days.length, self._max_days(area))
        return not self._interrupted and MAX_GROWTH * self._longest < worthwhile

    @property
    def estimate(self) -> int:
        """About how many windows are still to be cut."""
        sizes = ((window.days.length, max(self._size(window), self._fair_share(window))) for window in self._plan)
        return sum(ceil(length / size) for length, size in sizes)

    def add(self, plan: Iterable[Window]) -> None:
        self._plan.extend(plan)

    def oldest(self) -> Window | None:
        """The part of the plan that comes last."""
        return self._plan[-1] if self._plan else None

    def drain(self) -> list[Window]:
        """All that is left, as it was planned; nothing is handed out any more."""
        left = list(self._plan)
        self._plan.clear()
        return left

    def next(self, retention_start: date, excluded: Collection[str], *, proven_only: bool) -> Window | None:
        """The next window, without days before `retention_start` and without `excluded` sequences; with `proven_only`,
        one of a size that went through before. None if there is none."""
        self._join_open_days()
        while self._plan:
            if self._oldest_first and self._plan[0].closed:
                self._plan.rotate(1)
            area = self._plan.popleft().trimmed(retention_start, excluded)
            if area is None:
                continue
            window = self._cut(area, proven_only)
            if window is None:
                self._plan.appendleft(area)
            return window
        return None

    def turn_round(self) -> None:
        """Goes on at the other end of the plan: days next to those that could not be read may be no better."""
        self._oldest_first = not self._oldest_first

    def completed(self, window: Window, rows: int) -> None:
        """Learns from the rows of a window that was read."""
        self.capacity.succeeded(Size.of(window))
        if window.closed or window.days.length > MAX_OPEN_DAYS:
            self._longest = max(self._longest, window.days.length)
            sequence_days = window.days.length * len(window.sequence_ids)
            self._found = self._found.with_window(rows, sequence_days)
            self._recent = self._recent.with_window(rows, sequence_days, FADING)

    def _cut(self, area: Window, proven_only: bool) -> Window | None:
        """The part of `area` that is read next and not too large; the rest goes back into the plan. None if no part of
        it is of a proven size: then the plan is as it was."""
        max_sequences = self.capacity.max_sequences() or len(area.sequence_ids)
        later = area._replace(sequence_ids=area.sequence_ids[max_sequences:])
        area = area._replace(sequence_ids=area.sequence_ids[:max_sequences])
        size = self._size(area)
        if proven_only:
            size = min(size, self.capacity.proven_days(len(area.sequence_ids)))
            if size < area.days.length and not self._fills_a_page(size, len(area.sequence_ids)):
                return None
        if later.sequence_ids:
            self._plan.appendleft(later)
        if size >= area.days.length:
            return area
        newer, older = area.split_days(size if self._oldest_first else area.days.length - size)
        self._plan.appendleft(newer if self._oldest_first else older)
        return older if self._oldest_first else newer

    def _size(self, area: Window) -> int:
        """Days of the next window of `area`."""
        sequences = len(area.sequence_ids)
        max_days = self._max_days(area)
        if not area.closed:
            return min(area.days.length, max_days)
        days_per_page = self._days_per_page(sequences)
        if days_per_page is None:
            wanted: float = INITIAL_WINDOW_DAYS
        elif self._interrupted:
            wanted = min(days_per_page, MAX_GROWTH * max(self._longest, 1))
        else:
            wanted = max(self._fair_share(area), MIN_WINDOW_PAGES * days_per_page)
            wanted = min(wanted, MAX_WINDOW_PAGES * days_per_page, MAX_GROWTH * max(self._longest, 1))
        size = int(max(1, min(wanted, max_days, area.days.length)))
        rest = area.days.length - size
        return area.days.length if rest < size / 4 and area.days.length <= max_days else size

    def _max_days(self, area: Window) -> int:
        return self.capacity.max_days(len(area.sequence_ids)) or MAX_WINDOW_DAYS

    def _join_open_days(self) -> None:
        """Open days and the closed ones before them share a call if both together hold a page at the most."""
        if len(self._plan) < 2 or self._plan[0].closed:
            return
        newer, older = self._plan[0], self._plan[1]
        days = Days(older.days.first, newer.days.last)
        density = self.rows_per_sequence_day
        follows = older.sequence_ids == newer.sequence_ids and older.days.last + ONE_DAY == newer.days.first
        if follows and density is not None and density * len(newer.sequence_ids) * days.length <= self._page_size:
            self._plan.popleft()
            self._plan[0] = newer._replace(days=days)

    def _fills_a_page(self, days: int, sequences: int) -> bool:
        days_per_page = self._days_per_page(sequences)
        return days_per_page is not None and 0 < days_per_page <= days

    def _fair_share(self, area: Window) -> float:
        """Days for one of the windows that keep all workers busy."""
        return area.days.length / self._workers

    def _days_per_page(self, sequences: int) -> float | None:
        return self._recent.days_per_page(sequences, self._page_size)
