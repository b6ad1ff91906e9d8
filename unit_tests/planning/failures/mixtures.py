"""Random accounts with one to three kinds of faults at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from ..account import (
    EPOCH,
    REFUSED,
    SERVER_ERROR,
    TOO_LARGE,
    UNKNOWN_SEQUENCE,
    Account,
    BadCells,
    Fault,
    at_most,
    refusing,
    stretch,
)
from .daily import ALWAYS, ago

SHAPES: list[Callable[[date], float]] = [
    lambda _: 5.0,
    lambda _: 0.5,
    lambda day: 8.0 if day.weekday() < 5 else 0.5,
    lambda day: 100.0 if day.toordinal() % 37 == 0 else 1.0,
]
"""Emails that each sequence sends on a day: steady, few, weekdays, bursts."""


@dataclass
class Mixture:
    account: Account
    workers: int
    lookback: int
    cells: BadCells = field(default_factory=BadCells)
    days: BadCells = field(default_factory=BadCells)
    """Those that fail for all sequences."""
    others: list[Fault] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)

    @property
    def faults(self) -> list[Fault]:
        return [*self.others, self.cells, self.days]

    def bad(self, sequence_id: str) -> int:
        """The days of a sequence, as bits, that cannot come."""
        if sequence_id in self.deleted:
            return -1
        return self.cells.days.get(sequence_id, 0) | self.days.days.get(sequence_id, 0)


def mixture(chances: random.Random) -> Mixture:
    account = Account(chances.choice([8, 20, 60, 200]), chances.choice(SHAPES))
    days = BadCells(chances.choice([SERVER_ERROR, REFUSED]))
    result = Mixture(account, chances.choice([1, 4, 20]), chances.choice([0, 30]), days=days)
    for add in chances.choices(_KINDS, k=chances.randint(1, 3)):
        add(result, chances)
    return result


def _sequences_that_always_fail(mixed: Mixture, chances: random.Random) -> None:
    mixed.cells.add(_some(mixed, chances, 10), ALWAYS)


def _deleted_sequences(mixed: Mixture, chances: random.Random) -> None:
    deleted = set(_some(mixed, chances, 4))
    mixed.others.append(refusing(deleted, chances.choice([REFUSED, UNKNOWN_SEQUENCE])))
    mixed.deleted |= deleted


def _bad_days(mixed: Mixture, chances: random.Random) -> None:
    mixed.days.add(mixed.account.ids, [ago(chances.randint(2, 728)) for _ in range(chances.randint(1, 15))])


def _bad_cells(mixed: Mixture, chances: random.Random) -> None:
    for _ in range(chances.randint(1, 20)):
        mixed.cells.add([chances.choice(mixed.account.ids)], [ago(chances.randint(2, 728))])


def _a_bad_stretch(mixed: Mixture, chances: random.Random) -> None:
    mixed.days.add(mixed.account.ids, stretch(ago(chances.randint(20, 700)), chances.randint(5, 90)))


def _old_days_of_some(mixed: Mixture, chances: random.Random) -> None:
    for sequence_id in chances.sample(mixed.account.ids, chances.randint(1, 5)):
        mixed.cells.add([sequence_id], stretch(EPOCH, (ago(chances.randint(50, 600)) - EPOCH).days))


def _new_days_of_one(mixed: Mixture, chances: random.Random) -> None:
    days = chances.randint(3, 30)
    mixed.cells.add([chances.choice(mixed.account.ids)], stretch(ago(days), days + 1))


def _each_30th_day_of_one(mixed: Mixture, chances: random.Random) -> None:
    mixed.cells.add([chances.choice(mixed.account.ids)], [ago(age) for age in range(5, 730, 30)])


def _a_limit_of_ids(mixed: Mixture, chances: random.Random) -> None:
    problem = chances.choice([TOO_LARGE, REFUSED, SERVER_ERROR])
    mixed.others.append(at_most(problem, sequences=chances.choice([5, 10, 25, 100])))


def _a_limit_of_rows(mixed: Mixture, chances: random.Random) -> None:
    mixed.others.append(at_most(chances.choice([TOO_LARGE, SERVER_ERROR]), rows=chances.choice([2_000, 5_000, 10_000])))


def _some(mixed: Mixture, chances: random.Random, share: int) -> list[str]:
    """One up to a `share`-th of the sequences."""
    ids = mixed.account.ids
    return chances.sample(ids, chances.randint(1, max(1, len(ids) // share)))


_KINDS = [
    _sequences_that_always_fail,
    _deleted_sequences,
    _bad_days,
    _bad_cells,
    _a_bad_stretch,
    _old_days_of_some,
    _new_days_of_one,
    _each_30th_day_of_one,
    _a_limit_of_ids,
    _a_limit_of_rows,
]
