"""What the log says of windows that were not read, or not whole: a few lines of a kind, then a count."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from ..errors import ConnectorError
from ..planning.due.window import Window
from ..planning.failures.failure import Verdict
from ..wording import counted

MAX_LINES = 5
"""Lines of a kind in a sync, each of which names a window or a sequence."""
_AFTER_DOUBT = {
    Verdict.READ_AGAIN: "read again now",
    Verdict.NARROWED: "read again now, in parts",
    Verdict.STAYS_DUE: "read again by the next sync",
    Verdict.COVERED: "covered all the same, because the same rows came when they were read again in other pages",
}
_WARNS_OF = (Verdict.STAYS_DUE, Verdict.COVERED)

logger = logging.getLogger("airbyte")


class WindowLog:
    """Safe for threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def failed(self, window: Window, verdict: Verdict, error: ConnectorError) -> None:
        if verdict is Verdict.SEQUENCE_REFUSED:
            return  # told at the end
        name = f"{window.days} of {counted(len(window.sequence_ids), 'sequence')}"
        if verdict is Verdict.GIVEN_UP:
            self._log(logging.ERROR, "not read", f"{name} were not read: {error.text}")
        else:
            self._log(logging.INFO, verdict.value, f"{name} will be {verdict.value}: {error.text}")

    def doubted(self, window: Window, verdict: Verdict, doubt: str) -> None:
        """Rows of the window may be missing: `doubt` says why."""
        level = logging.WARNING if verdict in _WARNS_OF else logging.INFO
        self._log(level, _AFTER_DOUBT[verdict], f"{window.days}: {doubt}. These days are {_AFTER_DOUBT[verdict]}.")

    def log_counts(self) -> None:
        for kind, count in self._counts.items():
            if count > MAX_LINES:
                logger.info(f"Windows that were {kind}: {count:,}, of which the first {MAX_LINES} are named above.")

    def _log(self, level: int, kind: str, line: str) -> None:
        with self._lock:
            self._counts[kind] += 1
            if self._counts[kind] > MAX_LINES:
                return
        logger.log(level, line)
