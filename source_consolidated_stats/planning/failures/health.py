"""Whether anything goes through: what tells an API that is down from windows that are too much for it."""

from __future__ import annotations

MAX_FAILURES_BEFORE_PROBE = 2
MAX_FAILED_PROBES = 3
MAX_GIVEN_UP_IN_A_ROW = 20
"""Windows given up because narrowing down has cost enough, before nothing is thought to go through any longer."""


class Health:
    """Counts how the calls of a sync end. A probe is the smallest call there is, made only to see whether it passes."""

    def __init__(self) -> None:
        self.any_success = False
        self.failed_probes = 0
        self.failures_in_a_row = 0
        self._given_up_in_a_row = 0
        self._is_hopeless = False

    @property
    def needs_probe(self) -> bool:
        """Whether nothing but a probe should go out: after the first failure before any success, or the second with
        nothing in between."""
        return self.failures_in_a_row >= (MAX_FAILURES_BEFORE_PROBE if self.any_success else 1)

    def is_down(self, *, refused_only: bool) -> bool:
        """Whether nothing goes through at all. While nothing but refusals came, one probe more is made, since the first
        asks for all sequences."""
        return (
            self._is_hopeless
            or self.failed_probes >= MAX_FAILED_PROBES + refused_only
            or self._given_up_in_a_row >= MAX_GIVEN_UP_IN_A_ROW
        )

    def succeeded(self, *, is_probe: bool) -> None:
        self.any_success = True
        if not is_probe:
            self._given_up_in_a_row = 0
        self.responded()

    def responded(self) -> None:
        """The API judged what it was asked for, so it is up, and the key works."""
        self.failures_in_a_row = self.failed_probes = 0

    def failed(self, *, is_probe: bool) -> None:
        self.failures_in_a_row += 1
        self.failed_probes += is_probe

    def gave_up(self) -> None:
        self._given_up_in_a_row += 1

    def lost_hope(self) -> None:
        """Every other call would meet the same."""
        self._is_hopeless = True
