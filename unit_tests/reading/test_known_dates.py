from __future__ import annotations

import re
import weakref
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.errors import UnknownDatesError
from source_consolidated_stats.reading.known_dates import MAX_HELD_ROWS, MIN_ROWS, with_known_dates
from source_consolidated_stats.records import Record, RowWarnings, to_records

READABLE, UNREADABLE = "Thu Dec 18 2024 10:59:29 GMT+5:30 (Asia/Kolkata)", "18/12/2024 10:59"
KEY = {"Sequence Id": "s1", "Step Number": 1, "Recipient Email": "jane@example.com"}


def records(*texts: str | None) -> list[Record]:
    return to_records([{**KEY, "Email Sent At": text} for text in texts], RowWarnings())


pages_of_texts = st.lists(st.lists(st.sampled_from([READABLE, UNREADABLE, None, ""]), max_size=6), max_size=6)


@given(pages_of_texts)
def test_a_window_fails_if_none_of_ten_dates_can_be_read_and_else_all_of_it_comes(
    texts: list[list[str | None]],
) -> None:
    pages = [records(*page) for page in texts]
    rows = [text for page in texts for text in page]

    if READABLE not in rows and len(rows) >= MIN_ROWS:
        with pytest.raises(UnknownDatesError):
            list(with_known_dates(pages))
    else:
        assert list(with_known_dates(pages)) == pages


def test_nothing_of_such_a_window_is_given_and_the_message_says_why() -> None:
    given_pages = with_known_dates([records(*[UNREADABLE] * 6), records(*[UNREADABLE] * 6)])

    words = (
        "Email Sent At: not one of 12 dates can be read, such as '18/12/2024 10:59'. The form of the API's dates has "
    )
    with pytest.raises(UnknownDatesError, match=re.escape(words)):
        next(given_pages)


def test_another_flaw_in_the_key_is_no_sign_of_another_form() -> None:
    page = to_records([{**KEY, "Step Number": None, "Email Sent At": READABLE}] * MIN_ROWS, RowWarnings())

    assert list(with_known_dates([page])) == [page]


def test_a_page_is_handed_on_before_the_next_is_read_once_a_date_can_be_read() -> None:
    read = 0

    def pages() -> Iterator[list[Record]]:
        nonlocal read
        for text in (READABLE, UNREADABLE, UNREADABLE):
            read += 1
            yield records(text)

    given_pages = with_known_dates(pages())

    assert [(next(given_pages), read)[1] for _ in range(3)] == [1, 2, 3]


def test_a_page_that_was_handed_on_is_not_kept() -> None:
    """Else each worker would keep the first page of its window, which is a megabyte."""

    class Page(list[Record]):
        """Unlike a list, it has weak references."""

    pages = [Page(records(READABLE)), Page(records(READABLE))]
    first = weakref.ref(pages[0])
    given_pages = with_known_dates(pages.pop(0) for _ in range(2))

    assert len(next(given_pages)) == 1
    assert first() is None


def test_pages_without_end_are_not_held_without_end() -> None:
    page = records(*[UNREADABLE] * 500)

    def pages() -> Iterator[list[Record]]:
        while True:
            yield page

    with pytest.raises(UnknownDatesError, match=f"{MAX_HELD_ROWS:,}"):
        next(with_known_dates(pages()))
