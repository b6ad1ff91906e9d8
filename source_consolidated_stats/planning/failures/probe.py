"""Whether the API is up: the smallest call there is, another day and sequence each time."""

from __future__ import annotations

from datetime import timedelta

from ..due.days import Days
from ..due.window import Window

_SHARES = (0.0, 1.0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375)
"""How far into the sequences and the days of their place probes ask."""


def probe(place: Window, number: int) -> Window:
    """One day of one sequence of `place`. `number` is how many probes failed before."""
    ids, days = place.sequence_ids, place.days
    sequence_id = ids[round(_SHARES[number] * (len(ids) - 1))]
    day = days.first + timedelta(round(_SHARES[number] * (days.length - 1)))
    return Window((sequence_id,), Days(day, day), place.closed)
