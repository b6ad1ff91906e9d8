"""Reads a list page by page, and says whether rows may be missing.

Pages may come empty, come again in the place of another, belong to another call, or never end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any, NamedTuple

from ..errors import ApiError, StrayRowsError
from .responses import Page
from .seen_keys import SeenKeys

MAX_ASKS = 3
"""How often a page is asked for that brings nothing new, or rows that were not asked for."""
MAX_PAGES_WITH_NOTHING_NEW = 10
"""Pages in a row that bring nothing new before the API is taken to promise more without end."""

Keys = tuple[list[int], frozenset[int]]
"""A key for each row, and those of them that cannot tell one row from another."""


class Strays(NamedTuple):
    """Rows of a page that were not asked for: of other days, as in the answer to another call, or of other
    sequences."""

    of_days: list[Any]
    of_sequences: list[Any]


NO_STRAYS = Strays([], [])
NO_KEYS: Keys = [], frozenset()


class _Answer(NamedTuple):
    page: Page
    strays: list[Any]
    """Its rows of other sequences."""
    keys: Keys
    has_news: bool
    """Whether it has rows that did not come before, or is the only page."""


class Pager:
    """Reads the list `name` once. `fetch` gets the page with a number, from 1.

    `keys_of` gives the keys of a page's rows, and `strays_in` the rows that were not asked for.
    """

    def __init__(
        self,
        name: str,
        fetch: Callable[[int], Page],
        keys_of: Callable[[list[Any]], Keys],
        strays_in: Callable[[list[Any]], Strays] = lambda rows: NO_STRAYS,
    ) -> None:
        self._name = name
        self._fetch = fetch
        self._keys_of = keys_of
        self._strays_in = strays_in
        self._left_out = 0
        """Rows of other sequences."""
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
        """Equal for two pagers that read the same rows, each as often, whatever their order and pages."""
        return self._seen.fingerprint

    def pages(self) -> Iterator[Page]:
        """The pages that bring something new; one that does not is asked for again before it is left out.

        Raises ApiError if the API promises pages without end or stays with the rows of other days, StrayRowsError at
        the end if rows of other sequences were left out, and whatever `fetch` raises.
        """
        yield from self._pages()
        if self._left_out:
            raise StrayRowsError(
                f"{self._name}: {self._left_out:,} rows of sequences that were not asked for came and were left out. "
                "If it stays so, report it to Saleshandy."
            )

    def _pages(self) -> Iterator[Page]:
        number, nothing_new, is_promised = 1, 0, True
        while True:
            answer = self._ask(number, MAX_ASKS if is_promised and not nothing_new else 1)
            page, (keys, ambiguous) = answer.page, answer.keys
            if answer.has_news:
                self._seen.add(keys, ambiguous)
                self._left_out += len(answer.strays)
                nothing_new = 0
                yield _without(answer.strays, page)
            elif not is_promised:
                yield Page([], has_more=False)  # nobody promised more: the list has ended
                return
            else:
                self._seen.add(keys)  # without ambiguous ones: a page that is left out always shows
                self._has_gap |= not page.rows
                nothing_new += 1
            if not page.has_more:
                return
            if nothing_new == MAX_PAGES_WITH_NOTHING_NEW:
                raise ApiError(
                    f"{self._name}: the API promises more pages without end: the last {nothing_new} of {number:,} "
                    "brought no new row. If it stays so, report it to Saleshandy.",
                    attempts=MAX_ASKS + nothing_new - 1,
                )
            number, is_promised = number + 1, page.is_promise

    def _ask(self, number: int, asks: int) -> _Answer:
        """The answer to a call for a page, which is made at most `asks` times while it brings nothing new."""
        while True:
            page, strays = self._fetch_of_these_days(number)
            is_only = number == 1 and not page.has_more  # so its rows cannot have moved from another
            keys: Keys = NO_KEYS if is_only else self._keys_of(page.rows)
            has_news = is_only or not self._seen.has_all(keys[0])
            asks -= 1
            if has_news or not asks:
                return _Answer(page, strays, keys, has_news)

    def _fetch_of_these_days(self, number: int) -> tuple[Page, list[Any]]:
        """The page, and its rows of other sequences. It is asked for again if rows were not asked for, unless that was
        of no use before."""
        asks = 0
        while True:
            page, asks = self._fetch(number), asks + 1
            strays = self._strays_in(page.rows)
            if not any(strays) or asks == MAX_ASKS or self._left_out:
                break
        if strays.of_days:
            raise ApiError(
                f"{self._name}: {len(strays.of_days):,} of {len(page.rows):,} rows on page {number:,} are of days that "
                "were not asked for, so none of them was taken. If it stays so, report it to Saleshandy.",
                attempts=asks,
            )
        return page, strays.of_sequences


def _without(rows: list[Any], page: Page) -> Page:
    left_out = set(map(id, rows))
    return page._replace(rows=[row for row in page.rows if id(row) not in left_out])
