"""What a pager says of the pages of a list: `test_streams` has those that come over HTTP."""

from __future__ import annotations

from source_consolidated_stats.api.pager import Pager
from source_consolidated_stats.api.responses import Page


def test_rows_that_come_twice_on_the_only_page_have_not_moved() -> None:
    pager = Pager("rows", lambda number: Page([1, 2, 1], has_more=False), lambda rows: (rows, frozenset()))

    assert [page.rows for page in pager.pages()] == [[1, 2, 1]]
    assert pager.doubt is None


def test_a_quarter_of_a_million_rows_are_many_and_not_without_end() -> None:
    def fetch(number: int) -> Page:
        return Page(list(range(500 * number, 500 * number + 500)), has_more=number < 500, is_promise=True)

    pager = Pager("rows", fetch, lambda rows: (rows, frozenset()))

    assert sum(len(page.rows) for page in pager.pages()) == 250_000
    assert pager.doubt is None
