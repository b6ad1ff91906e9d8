"""Ways in which the live API differs from its page, or may: each is off unless it is asked for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True)
class Updates:
    """After each of the first `calls` calls for statistics (None: all), `rows` of the emails that were asked for are
    opened once more. Their rows move to the front or the end of the order; None: they stay in their places."""

    rows: int
    calls: int | None = None
    move_to: Literal["front", "end"] | None = None


@dataclass(frozen=True)
class Quirks:
    """`refuses_future_days`: an `endDate` after the account's today is refused. `max_listing_page`: a greater
    `pageSize` is cut to this without a word. `updates`: rows change, and may move, while pages are read.
    `no_number_after_last_page`: the last page has `nextPageNumber: null` in the place of its own number. `ties`: emails
    that were sent within the same stretch of so long come in an order that depends on the page and its size."""

    refuses_future_days: bool = False
    max_listing_page: int = 1000
    updates: Updates = Updates(rows=0)
    no_number_after_last_page: bool = False
    ties: timedelta | None = None
