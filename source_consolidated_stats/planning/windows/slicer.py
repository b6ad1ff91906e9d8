"""Cuts what is to be read into windows, sized by what the windows before them held.

A window is read page by page, so it costs half a page more than its rows on average: few windows mean few calls. But
windows are read at the same time, so too few leave workers idle, and a window that failed has to be read again whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from math import ceil

from ..due.days import MAX_OPEN_DAYS, ONE_DAY, Days
from ..due.window import Window
from .capacity import Capacity
from .density import Density

MAX_WINDOW_DAYS = 365
"""The vendor's page: the end "must not exceed 1 year after Start Date"."""
INITIAL_WINDOW_DAYS = 7
"""The first closed window if nothing is known of the account."""
MAX_GROWTH = 4
"""How much longer a window may be than the longest that was read: a few quiet days say little of those before them."""
MIN_WINDOW_PAGES, MAX_WINDOW_PAGES = 4, 32
"""Expected pages of a window: with fewer, the wasted half page weighs; with more, a failure costs too much."""
PRIOR_DAYS = 30
"""What earlier syncs found counts as if this sync had found it on as many days."""
FADING = 0.25
"""The weight that a window keeps with each window that is read after it: sending starts and stops."""


class Slicer:
    """Hands out windows of a plan, one after the other. Not safe for threads.

    `workers` read at the same time, pages have `page_size` rows, and `rows_per_sequence_day` is what an earlier sync
    found, None if there was none. If that was `interrupted`, it may have come to quiet days only, and each attempt may
    be interrupted as soon: nothing that it found counts, and windows begin with a day and are as small as a page.
    """

    def __init__(
        self,
        plan: Iterable[Window],
        capacity: Capacity,
        workers: int,
        page_size: int,
        rows_per_sequence_day: float | None,
        *,
        interrupted: bool = False,
    ) -> None:
        self._capacity = capacity
        self.plan = deque(plan)
        """What is still to be cut."""
        self._workers = workers
        self._page_size = page_size
        self._first_days = 1 if interrupted else INITIAL_WINDOW_DAYS
        self._least_pages = 1 if interrupted else MIN_WINDOW_PAGES
        self._most_pages = 1 if interrupted else MAX_WINDOW_PAGES
        self._found = Density()
        self._longest = 0
        if rows_per_sequence_day is not None and self.plan and not interrupted:
            self._longest = PRIOR_DAYS
            sequence_days = PRIOR_DAYS * len(self.plan[0].sequence_ids)
            self._found = Density(rows_per_sequence_day * sequence_days, sequence_days)
        self._recent = self._found

    @property
    def rows_per_sequence_day(self) -> float | None:
        """What the windows held: this sync's and, with less weight the longer ago, those of earlier ones."""
        return self._found.rows_per_sequence_day

    @property
    def is_guessing(self) -> bool:
        """Whether too little is known of the account: the next window should be longer, to be worth its calls."""
        area = self.plan[0] if self.plan else None
        if not area or not area.closed:
            return False
        days_per_page = self._days_per_page(len(area.sequence_ids))
        if days_per_page is None:
            return True
        longest, _ = self._capacity.fit(area.days.length, len(area.sequence_ids), self.rows_per_sequence_day or 0.0)
        return MAX_GROWTH * self._longest < min(self._least_pages * days_per_page, longest, MAX_WINDOW_DAYS)

    @property
    def estimate(self) -> int:
        """About how many windows are still to be cut, once they have grown."""
        return sum(ceil(area.days.length / self._worthwhile_size(area)) for area in self.plan)

    def add(self, plan: Iterable[Window]) -> None:
        self.plan.extend(plan)

    def take(self, sequence_ids: AbstractSet[str]) -> list[Window]:
        """Takes these sequences out of the plan; gives what it had of them."""
        taken = [area.only(sequence_ids) for area in self.plan]
        self.plan = deque(rest for area in self.plan if (rest := area.without(sequence_ids)).sequence_ids)
        return [area for area in taken if area.sequence_ids]

    def next(self, retention_start: date, excluded: AbstractSet[str]) -> Window | None:
        """The next window, without days before `retention_start` and without `excluded` sequences; None if there is
        none."""
        self._join_open_days()
        while self.plan:
            if area := self.plan.popleft().trimmed(retention_start, excluded):
                window, rest = self.cut(area)
                self.plan.extendleft(reversed(rest))
                return window
        return None

    def cut(self, area: Window) -> tuple[Window, list[Window]]:
        """The part of `area` that is read next, and the rest, in the order of reading."""
        return self.fit(area, self._size(area))

    def fit(self, area: Window, days: int) -> tuple[Window, list[Window]]:
        """Like `cut`, for a part of at most `days`, and cut only as far as it is known to be too heavy."""
        days, sequences = self._capacity.fit(days, len(area.sequence_ids), self.rows_per_sequence_day or 0.0)
        area, others = area.split_sequences(sequences)
        rest = [others] if others.sequence_ids else []
        if days >= area.days.length:
            return area, rest
        newer, older = area.split_days(area.days.length - days)
        return newer, [older, *rest]

    def completed(self, window: Window, rows: int) -> None:
        """Learns from the rows of a window that was read, unless it has open days only: those may still get rows."""
        if window.closed or window.days.length > MAX_OPEN_DAYS:
            self._longest = max(self._longest, window.days.length)
            sequence_days = window.days.length * len(window.sequence_ids)
            self._found = self._found.with_window(rows, sequence_days)
            self._recent = self._recent.with_window(rows, sequence_days, FADING)

    def _size(self, area: Window) -> int:
        """Days of the next window of `area`."""
        size = self._worthwhile_size(area)
        return min(size, MAX_GROWTH * self._longest or self._first_days) if area.closed else size

    def _worthwhile_size(self, area: Window) -> int:
        """Days of a window of `area` that is worth its calls and keeps all workers busy."""
        if not area.closed or area.days.length == 1:
            return area.days.length
        fair_share = area.days.length / self._workers
        days_per_page = self._days_per_page(len(area.sequence_ids))
        if days_per_page is None:
            wanted = max(fair_share, INITIAL_WINDOW_DAYS)
        else:
            wanted = min(max(fair_share, self._least_pages * days_per_page), self._most_pages * days_per_page)
        return int(max(1, min(wanted, MAX_WINDOW_DAYS, area.days.length)))

    def _join_open_days(self) -> None:
        """Open days and the closed ones before them share a call if both together hold a page at the most."""
        if len(self.plan) < 2 or self.plan[0].closed:
            return
        newer, older = self.plan[0], self.plan[1]
        days = Days(older.days.first, newer.days.last)
        density = self.rows_per_sequence_day
        follows = older.sequence_ids == newer.sequence_ids and older.days.last + ONE_DAY == newer.days.first
        if follows and density is not None and density * len(newer.sequence_ids) * days.length <= self._page_size:
            self.plan.popleft()
            self.plan[0] = newer._replace(days=days)

    def _days_per_page(self, sequences: int) -> float | None:
        return self._recent.days_per_page(sequences, self._page_size)
