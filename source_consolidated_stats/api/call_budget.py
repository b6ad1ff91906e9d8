"""How many calls a command may make in all, whatever comes of them."""

from __future__ import annotations

import math
import threading


class CallBudget:
    """`max_calls` calls, those that fail or meet the rate limit included. Safe for threads."""

    def __init__(self, max_calls: float = math.inf) -> None:
        self._lock = threading.Lock()
        self._calls_left = max_calls

    @property
    def is_spent(self) -> bool:
        return self._calls_left <= 0

    @property
    def is_down_to_last(self) -> bool:
        return self._calls_left <= 1

    def spend(self) -> bool:
        """Whether one more call may be made; it counts then."""
        with self._lock:
            if self.is_spent:
                return False
            self._calls_left -= 1
            return True


UNLIMITED = CallBudget()
