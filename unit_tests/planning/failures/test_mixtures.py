"""Several kinds of faults at once: what is missing, and what it costs, on average."""

from __future__ import annotations

import random
from statistics import mean

import pytest

from ..account import mask_of, missing
from .daily import Day, days
from .mixtures import mixture

MIXTURES = 100


def _four_syncs(seed: int) -> list[Day]:
    mixed = mixture(random.Random(seed))
    options = {"workers": mixed.workers, "lookback": mixed.lookback, "seed": seed}
    return days(mixed.account, *mixed.faults, bad=mixed.bad, count=4, **options)


def test_mixtures_of_faults_keep_little_away_and_cost_few_calls() -> None:
    first, *later = zip(*map(_four_syncs, range(MIXTURES)), strict=True)

    assert _missing(first) <= 0.0075
    assert _missing(later[0]) <= 0.0025
    assert _missing(later[-1]) <= 0.00085
    assert mean(day.run.failed_calls for day in first) <= 265
    assert max(mean(day.run.failed_calls for day in syncs) for syncs in later) <= 50


@pytest.mark.parametrize("seed", range(20))
def test_what_is_missing_is_told(seed: int) -> None:
    for day in _four_syncs(seed):
        told = dict.fromkeys(day.sync.refused, -1)
        for window in day.sync.given_up:
            assert day.sync.refused.keys().isdisjoint(window.sequence_ids)
            for one in window.sequence_ids:
                told[one] = told.get(one, 0) | mask_of(window.days)

        assert missing(day.not_covered, told) == 0


def _missing(syncs: tuple[Day, ...]) -> float:
    """The share of the cells, on average."""
    return mean(day.missing / day.cells for day in syncs)
