"""Whether the API is up: the smallest call there is, another day and sequence each time."""

from __future__ import annotations

from ..due.days import Days
from ..due.window import Window

_PLACES = (0.0, 1.0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375)
"""Where probes ask, as shares of the sequences of their place."""


def probe(place: Window, number: int) -> Window:
    """One day of one sequence of `place`. `number` is how many probes failed before."""
    ids, days = place.sequence_ids, place.days
    day = days.last if number % 2 else days.first
    return Window((ids[round(_PLACES[number] * (len(ids) - 1))],), Days(day, day), place.closed)
