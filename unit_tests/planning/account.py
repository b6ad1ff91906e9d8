"""Accounts and what their API does not answer, for the simulation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from source_consolidated_stats.planning.due.days import Days
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.failures.failure import FailureKind

EPOCH = date(2024, 1, 1)
"""Days are counted from here on."""


def number_of(day: date) -> int:
    return (day - EPOCH).days


def mask_of(days: Days) -> int:
    """The days as bits of a number."""
    return ((1 << days.length) - 1) << number_of(days.first)


class Problem(NamedTuple):
    """What the API does in the place of an answer."""

    kind: FailureKind
    is_retried: bool = False
    """Whether the call is tried again before it is given up, as a 5xx is and a 413 is not."""


Fault = Callable[[Window, int], Problem | None]
"""Whether the API answers a window with that number of rows."""

SERVER_ERROR = Problem(FailureKind.TOO_HEAVY, is_retried=True)
TOO_LARGE = Problem(FailureKind.TOO_HEAVY)
REFUSED = Problem(FailureKind.REFUSED)
UNKNOWN_SEQUENCE = Problem(FailureKind.UNKNOWN_SEQUENCE)
ENDLESS = Problem(FailureKind.TOO_HEAVY)


class Account:
    """Sequences that all send alike: `rows_on` says how many emails each of them sends on a day."""

    def __init__(self, sequences: int, rows_on: Callable[[date], float] = lambda _: 5.0) -> None:
        self.ids = [f"s{number:05}" for number in range(sequences)]
        self._before = [0.0]
        for number in range(1200):
            self._before.append(self._before[-1] + rows_on(EPOCH + timedelta(days=number)))

    def rows_in(self, window: Window) -> int:
        first, last = map(number_of, window.days)
        return round((self._before[last + 1] - self._before[first]) * len(window.sequence_ids))


class BadCells:
    """Fails each window that has one of these days of these sequences."""

    def __init__(self, problem: Problem = SERVER_ERROR) -> None:
        self.days: dict[str, int] = {}
        """The bad days of each sequence, as bits."""
        self._problem = problem

    def add(self, sequence_ids: Iterable[str], days: Iterable[date]) -> BadCells:
        mask = sum(1 << number for number in {number_of(day) for day in days})
        for sequence_id in sequence_ids:
            self.days[sequence_id] = self.days.get(sequence_id, 0) | mask
        return self

    def __call__(self, window: Window, rows: int) -> Problem | None:
        mask = mask_of(window.days)
        if any(self.days.get(sequence_id, 0) & mask for sequence_id in window.sequence_ids):
            return self._problem
        return None


def refusing(ghosts: Collection[str], problem: Problem = UNKNOWN_SEQUENCE) -> Fault:
    """Refuses each window that asks for a ghost."""
    ghosts = frozenset(ghosts)
    return lambda window, _: None if ghosts.isdisjoint(window.sequence_ids) else problem


def at_most(problem: Problem, *, days: int = 10**6, sequences: int = 10**6, rows: int = 10**9) -> Fault:
    """Fails for larger windows."""

    def fault(window: Window, found: int) -> Problem | None:
        fits = window.days.length <= days and len(window.sequence_ids) <= sequences and found <= rows
        return None if fits else problem

    return fault


def stretch(first: date, days: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(days)]


def spread(ids: Sequence[str], count: int) -> set[str]:
    """`count` of `ids`, at equal distances."""
    return {ids[number * len(ids) // count] for number in range(count)}


def missing(wanted: Mapping[str, int], delivered: Mapping[str, int]) -> int:
    """How many cells of `wanted`, as bits, were not delivered."""
    return sum((days & ~delivered.get(one, 0)).bit_count() for one, days in wanted.items())
