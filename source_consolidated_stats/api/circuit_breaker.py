"""Circuit breaker: how often a call is tried, given how the calls before it ended."""

from __future__ import annotations

import threading

from .call_budget import UNLIMITED, CallBudget

ATTEMPTS_AFTER_GIVING_UP = 3
"""What failed for good is read again in parts, and a part that fails too should show it soon."""


class CircuitBreaker:
    """Once a call has used up its attempts, others fail on their first error until any call succeeds.

    A call is tried `attempts` times; after the first that used them up, `ATTEMPTS_AFTER_GIVING_UP` times at most. The
    last call of the `budget` is kept for another question. Safe for threads.
    """

    def __init__(self, attempts: int, budget: CallBudget = UNLIMITED) -> None:
        self._lock = threading.Lock()
        self._attempts = attempts
        self._budget = budget
        self.refusals_are_known = False
        """Whether a refusal stayed one when it was tried again, or an earlier sync met some: the next is no stray."""
        self._open = False
        self._succeeded = False

    @property
    def any_success(self) -> bool:
        """Whether any call has succeeded: the key and the address work."""
        return self._succeeded

    @property
    def is_open(self) -> bool:
        return self._open

    def allows(self, attempt: int) -> bool:
        """Whether a call may be tried again after its attempt number `attempt`, counted from 1, failed for a reason
        that may pass. A call that has used up its attempts opens the circuit."""
        with self._lock:
            if self._open or self._budget.is_down_to_last:
                return False
            if attempt < self._attempts:
                return True
            self._open = True
            self._attempts = min(self._attempts, ATTEMPTS_AFTER_GIVING_UP)
            return False

    def succeeded(self) -> None:
        with self._lock:
            self._open = False
            self._succeeded = True
