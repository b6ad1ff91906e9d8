"""One reading of a list, page by page, and what its pages say of rows that may be missing.

Pages may come empty, come again in the place of another, belong to another call, or never end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from ..errors import ApiError
from .responses import Page
from .seen_keys import SeenKeys

MAX_ASKS = 3
"""How often a page is asked for that brings nothing new, or rows that were not asked for."""
MAX_STALE_PAGES = 10
"""Pages in a row that bring nothing new before the API is taken to promise more without end."""

Keys = tuple[list[int], frozenset[int]]
"""A key for each row, and those of them that cannot tell one row from another."""


class Reading:
    """Reads the list `name` by `fetch`, which is given the number of a page, from 1.

    `keys_of` gives the keys of a page's rows, and `count_strays` how many of them were not asked for.
    """

    def __init__(
        self,
        name: str,
        fetch: Callable[[int], Page],
        keys_of: Callable[[list[Any]], Keys],
        count_strays: Callable[[list[Any]], int] = lambda rows: 0,
    ) -> None:
        self._name = name
        self._fetch = fetch
        self._keys_of = keys_of
        self._count_strays = count_strays
        self._seen = SeenKeys()
        self._has_gap = False

    @property
    def doubt(self) -> str | None:
        """What says that rows may be missing from the pages read; None if nothing does."""
        if self._has_gap:
            return "a page stayed empty that was promised"
        if count := len(self._seen.repeats):
            return f"{count:,} primary keys came more than once, as if rows moved between pages while they were read"
        return None

    @property
    def fingerprint(self) -> Hashable:
        """Equal for two readings that brought the same rows, each as often, whatever their order and pages."""
        return self._seen.fingerprint

    def pages(self) -> Iterator[Page]:
        """The pages that bring something new; one that does not is asked for again before it is left out.

        Raises ApiError if the API promises pages without end or stays with rows that were not asked for, and whatever
        `fetch` raises.
        """
        number, stale, is_promised = 1, 0, True
        while True:
            page, keys, ambiguous = self._ask(number, MAX_ASKS if is_promised and not stale else 1)
            if not self._is_stale(number, page, keys):
                self._seen.add(keys, ambiguous)
                stale = 0
                yield page
            elif not is_promised:
                yield Page([], has_more=False)  # nobody promised more: the list has ended
                return
            else:
                self._seen.add(keys)  # without ambiguous ones: a page that is left out always shows
                self._has_gap |= not page.rows
                stale += 1
            if not page.has_more:
                return
            if stale == MAX_STALE_PAGES:
                raise ApiError(
                    f"{self._name}: the API promises more pages without end: the last {stale} of {number:,} brought no "
                    "new row. If it stays so, report it to Saleshandy.",
                    attempts=MAX_ASKS + stale - 1,
                )
            number, is_promised = number + 1, page.is_promise

    def _ask(self, number: int, asks: int) -> tuple[Page, list[int], frozenset[int]]:
        """The page with its keys, asked for at most `asks` times while it brings nothing new."""
        while True:
            page = self._fetch_asked_for(number)
            needs_keys = number > 1 or page.has_more
            keys, ambiguous = self._keys_of(page.rows) if needs_keys else ([], frozenset[int]())
            asks -= 1
            if not asks or not self._is_stale(number, page, keys):
                return page, keys, ambiguous

    def _is_stale(self, number: int, page: Page, keys: list[int]) -> bool:
        """Whether the page brings nothing new although it was promised, or promises more."""
        return (number > 1 or page.has_more) and self._seen.has_all(keys)

    def _fetch_asked_for(self, number: int) -> Page:
        """The page, without any row that was not asked for: such rows come with the answer to another call."""
        strays = rows = 0
        for _ in range(MAX_ASKS):
            page = self._fetch(number)
            strays, rows = self._count_strays(page.rows), len(page.rows)
            if not strays:
                return page
        raise ApiError(
            f"{self._name}: {strays:,} of {rows:,} rows on page {number:,} are of sequences or days that were not "
            f"asked for, so none of them was taken. Asked {MAX_ASKS} times. If it stays so, report it to Saleshandy.",
            attempts=MAX_ASKS,
        )
