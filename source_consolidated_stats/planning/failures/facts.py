"""What a sync has seen of the API: which sequences and days it answers, and whether anything goes through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from ..due.days import NO_DAYS, Days, between
from ..due.window import Window
from .failure import Failure, FailureKind

MAX_FAILURES_IN_A_ROW = 4
"""Before it is asked whether the API is up; one is enough before anything went through."""
MAX_FAILED_PROBES, MAX_REFUSED_PROBES = 5, 8
"""Before the API is taken for down. A refusal is one quick call, and half of what an account lists may be refused."""
MAX_FAILED_WINDOWS = 3
"""Of a day by itself, of which nothing was read: then it is the day, whatever the sequences are."""


class Facts:
    """`refused` has the API's words for each sequence that it refuses."""

    def __init__(self, refused: dict[str, str]) -> None:
        self.refused = refused
        self.any_success = False
        self.successes_in_a_row = 0
        """Since the last failure."""
        self.failed_probes = 0
        self.apart: set[str] = set()
        """Sequences that fail where others are read, so that nothing else is to be read with them."""
        self.last_read: Window | None = None
        self._accepted: set[str] = set()
        self._failed_groups = Counter[tuple[str, ...]]()
        """How often in a row windows of each group of sequences failed."""
        self._days_read = NO_DAYS
        self._failures_in_a_row = 0
        self._only_refusals = True
        self._failed_days = Counter[date]()
        """How many windows of each day by itself failed."""

    @property
    def in_doubt(self) -> bool:
        """Whether it is unclear that the API is up."""
        return self._failures_in_a_row >= (MAX_FAILURES_IN_A_ROW if self.any_success else 1)

    @property
    def is_down(self) -> bool:
        return self.failed_probes >= (MAX_REFUSED_PROBES if self._only_refusals else MAX_FAILED_PROBES)

    def succeeded(self, window: Window, *, is_probe: bool) -> None:
        self.any_success = True
        self.successes_in_a_row += not is_probe
        self._failures_in_a_row = self.failed_probes = 0
        self.last_read = window
        self._accepted.update(window.sequence_ids)
        self._failed_groups.pop(window.sequence_ids, None)
        self._days_read |= between(*window.days)

    def failed(self, window: Window, failure: Failure, *, is_probe: bool) -> None:
        self.successes_in_a_row = 0
        self._failed_groups[window.sequence_ids] += 1
        self._only_refusals &= failure.kind is FailureKind.REFUSED
        if failure.kind in {FailureKind.UNKNOWN_SEQUENCE, FailureKind.UNREADABLE}:  # it is up
            self._failures_in_a_row = self.failed_probes = 0
            return
        self._failures_in_a_row += 1
        self.failed_probes += is_probe
        if window.days.length == 1:
            self._failed_days[window.days.first] += 1

    def unknown(self, sequence_ids: Iterable[str]) -> list[str]:
        """Those of which nothing was read."""
        return [sequence_id for sequence_id in sequence_ids if sequence_id not in self._accepted]

    def failures(self, sequence_ids: tuple[str, ...]) -> int:
        """How often in a row windows of these sequences failed."""
        return self._failed_groups[sequence_ids]

    def is_refused(self, window: Window, failure: Failure) -> bool:
        """Whether it has one sequence, of which nothing was read, and the API does not know it, or refuses it where
        others were read."""
        if len(window.sequence_ids) > 1 or not self.unknown(window.sequence_ids):
            return False
        is_refusal = failure.kind is FailureKind.REFUSED and self.all_were_read(window.days)
        return is_refusal or failure.kind is FailureKind.UNKNOWN_SEQUENCE

    def others_were_read(self, window: Window) -> bool:
        """Whether anything was read of its days, so that they are not why it fails."""
        return bool(self._days_read & between(*window.days))

    def all_were_read(self, days: Days) -> bool:
        """Whether something was read of each of `days`, so that they are not why a window fails."""
        return not between(*days) & ~self._days_read

    def bad_day(self, days: Days) -> date | None:
        """The first of `days` on which nothing is read, whatever the sequences are."""
        failed = (day for day, windows in self._failed_days.items() if windows >= MAX_FAILED_WINDOWS)
        within = (day for day in failed if days.first <= day <= days.last)
        return min((day for day in within if not self._days_read & between(day, day)), default=None)
