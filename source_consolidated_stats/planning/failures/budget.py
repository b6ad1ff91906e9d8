"""What a sync spends on windows that fail."""

from __future__ import annotations

MAX_FAILED_CALLS = 50
"""What parts of failed windows may spend in a sync, beside what they gain."""
MAX_CALLS_A_GROUP = 15
"""The same where earlier syncs gave something up, for each group of sequences of which they did."""
GAIN = 3
"""Calls that may fail for each part that is read, or sequence that is found to be refused."""
MAX_URGENT = 20
"""Windows that fail without a gain before parts no longer go out before the plan."""


class Budget:
    """`groups` is how many groups of sequences have something that earlier syncs gave up."""

    def __init__(self, groups: int) -> None:
        self._calls_left = min(MAX_FAILED_CALLS, MAX_CALLS_A_GROUP * groups) or MAX_FAILED_CALLS
        self._failures_without_gain = 0

    @property
    def is_spent(self) -> bool:
        return self._calls_left <= 0

    @property
    def allows_urgent(self) -> bool:
        """Whether parts may still go out before the plan."""
        return not self.is_spent and self._failures_without_gain < MAX_URGENT

    def failed(self, calls: int, *, is_charged: bool) -> None:
        self._failures_without_gain += 1
        self._calls_left -= calls if is_charged else 0

    def gained(self, *, is_charged: bool) -> None:
        self._failures_without_gain = 0
        self._calls_left += GAIN if is_charged else 0
