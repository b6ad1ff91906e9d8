"""Cuts tasks into windows, sized by what the windows before them held.

A window is read page by page, so it costs half a page more than its rows on average: few windows mean few calls. But
windows are read at the same time, so too few leave workers idle, and a window that failed has to be read again whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import timedelta
from math import ceil

from .days import ONE_DAY, Days
from .plan import Task

LONGEST_WINDOW = 365
"""Days. The vendor's page: the end "must not exceed 1 year after Start Date"."""
FIRST_WINDOW = 7
"""Days of the first finished window where nothing is known of the account."""
SHORTEST_PAGES, LONGEST_PAGES = 4, 32
"""Expected pages of a window: below, the half page too much weighs; above, too much is lost with a failure."""
SHARES = 2
"""Windows for each worker that the remaining days are thought to be enough for."""
MEMORY = 30
"""Days that the rows found by earlier syncs count for, against those that this sync finds."""
CERTAINTY = 0.5
"""Pages that are added to what was found, so that a few empty days do not make for huge windows."""


class Windows:
    """The windows of one sync, handed out one after the other.

    `rows_per_sequence_day` is what an earlier sync found, None where there was none. Not safe for threads.
    """

    def __init__(
        self, tasks: Iterable[Task], workers: int, page_size: int, rows_per_sequence_day: float | None
    ) -> None:
        self._tasks = deque(tasks)
        self._workers = workers
        self._page_size = page_size
        self._in_flight = 0
        self._finished = 0
        self._probe: Task | None = None
        self._rows = 0.0
        self._sequence_days = 0
        if rows_per_sequence_day is not None and self._tasks:
            self._sequence_days = MEMORY * len(self._tasks[0].sequence_ids)
            self._rows = rows_per_sequence_day * self._sequence_days

    @property
    def all_handed_out(self) -> bool:
        return not self._tasks

    @property
    def rows_per_sequence_day(self) -> float | None:
        """What the windows held, this sync's and, with less weight the longer ago, those of earlier ones."""
        return self._rows / self._sequence_days if self._sequence_days else None

    @property
    def left(self) -> int:
        """How many windows are not finished yet; those that are still to be cut are an estimate."""
        sizes = ((task.days.length, max(self._size(task), self._fair_share(task))) for task in self._tasks)
        return self._in_flight + sum(ceil(length / size) for length, size in sizes)

    def next(self) -> Task | None:
        """The next window; None where all are handed out, or enough are being read for now.

        The first windows go out slowly: what they hold decides how the others are cut.
        """
        most = min(self._workers, 2 * (self._finished + 1))
        if not self._tasks or self._probe or self._in_flight >= most:
            return None
        self._in_flight += 1
        task = self._tasks.popleft()
        size = self._size(task)
        window = task
        if task.finished and size < task.days.length:
            first = task.days.last - timedelta(days=size - 1)
            self._tasks.appendleft(task._replace(days=Days(task.days.first, first - ONE_DAY)))
            window = task._replace(days=Days(first, task.days.last))
        if task.finished and not self._sequence_days:
            self._probe = window
        return window

    def finish(self, window: Task, rows: int | None) -> None:
        """`window` is over; `rows` is what it held, None where it failed."""
        self._in_flight -= 1
        self._finished += 1
        if window == self._probe:
            self._probe = None
        if rows is not None and window.finished:
            self._rows += rows
            self._sequence_days += window.days.length * len(window.sequence_ids)

    def stop(self) -> None:
        """Hands out nothing more."""
        self._tasks.clear()

    def _size(self, task: Task) -> int:
        """Days of the next window of `task`."""
        days_per_page = self._days_per_page(len(task.sequence_ids))
        if days_per_page is None:
            size = FIRST_WINDOW
        else:
            wanted = max(self._fair_share(task), SHORTEST_PAGES * days_per_page)
            wanted = min(wanted, LONGEST_PAGES * days_per_page)
            size = int(max(1, min(wanted, LONGEST_WINDOW)))
        size = min(size, task.days.length)
        rest = task.days.length - size
        too_short = rest < size / 4 and task.days.length <= LONGEST_WINDOW
        return task.days.length if too_short else size

    def _fair_share(self, task: Task) -> float:
        """Days for one of the windows that keep all workers busy."""
        return task.days.length / (SHARES * self._workers)

    def _days_per_page(self, sequences: int) -> float | None:
        """How many days of so many sequences fill a page, with caution; None where nothing is known."""
        if not self._sequence_days:
            return None
        rows_per_day = (self._rows + CERTAINTY * self._page_size) / self._sequence_days * sequences
        return self._page_size / rows_per_day
