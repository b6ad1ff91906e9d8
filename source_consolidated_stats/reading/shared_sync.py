"""Windows, shared by the threads that read them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from ..errors import HOPELESS
from ..planning.plan import Task
from ..planning.slicer import Windows

MOST_FAILURES = 4
"""Windows that fail one after the other, with none that succeeds, before no more are read."""


class WindowQueue:
    """Hands the windows of a sync to its workers, as many as may be read at the same time. Safe for threads."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._changed = threading.Condition()
        self.rows = 0
        self.failures: list[Exception] = []
        self._failures_in_a_row = 0

    def __iter__(self) -> Iterator[Task]:
        while True:
            with self._changed:
                while (window := self._windows.next()) is None and not self._windows.all_handed_out:
                    self._changed.wait()
            if window is None:
                return
            yield window

    def finish(self, window: Task, rows: int) -> None:
        with self._changed:
            self.rows += rows
            self._failures_in_a_row = 0
            self._windows.finish(window, rows)
            self._changed.notify_all()

    def fail(self, window: Task, error: Exception) -> None:
        with self._changed:
            self.failures.append(error)
            self._windows.finish(window, None)
            self._failures_in_a_row += 1
            if isinstance(error, HOPELESS) or self._failures_in_a_row >= MOST_FAILURES:
                self._windows.stop()
            self._changed.notify_all()

    @property
    def left(self) -> int:
        with self._changed:
            return self._windows.left

    @property
    def rows_per_sequence_day(self) -> float | None:
        with self._changed:
            return self._windows.rows_per_sequence_day
