"""How the endpoints are called, over real HTTP: requests, headers, pages, and pages that repeat or never end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from sandbox import AccountSettings, Fault, Quirks, Sandbox
from source_consolidated_stats import streams
from source_consolidated_stats.api.circuit_breaker import CircuitBreaker
from source_consolidated_stats.api.limit.shared import SharedRateLimit
from source_consolidated_stats.api.pager import MAX_ASKS, MAX_PAGES_WITH_NOTHING_NEW, Keys, Pager
from source_consolidated_stats.api.stream import Connection
from source_consolidated_stats.errors import ApiError, RefusedError, StrayRowsError
from source_consolidated_stats.planning.due.days import Days
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.records import RowWarnings
from source_consolidated_stats.streams import ConsolidatedStats, Sequences
from unit_tests.api.builders import response

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
LAST_CLOSED = date(2026, 11, 22)
SETTINGS = AccountSettings(emails=600, sequences=5, first_day=LAST_CLOSED - timedelta(days=9), last_day=LAST_CLOSED)
STATISTICS = "consolidated-stats"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(SETTINGS, now=NOW) as sandbox:
        yield sandbox


def connect(sandbox: Sandbox) -> Connection:
    return Connection(sandbox.url, sandbox.api_key, SharedRateLimit(), CircuitBreaker(2))


def statistics(sandbox: Sandbox, page_size: int = 100) -> ConsolidatedStats:
    return ConsolidatedStats(connect(sandbox), page_size, RowWarnings())


def window(sandbox: Sandbox, days: int = 10) -> Window:
    first = LAST_CLOSED - timedelta(days=days - 1)
    return Window(tuple(sandbox.account.sequence_ids), Days(first, LAST_CLOSED), closed=True)


def read(stream: ConsolidatedStats, asked: Window) -> tuple[list[dict[str, Any]], Pager]:
    """The rows of a window, and the pager that read them."""
    pager = stream.read_window(asked)
    return [row for page in pager.pages() for row in page.rows], pager


def pages_of(sandbox: Sandbox) -> list[int]:
    """The page that each call asked for."""
    return [call.body["pageNum"] for call in sandbox.calls if call.body]


def emails_of(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {(row["Sequence Id"], row["Step Number"], row["Recipient Email"], row["Email Sent At"]) for row in rows}


def test_a_call_for_statistics_has_the_five_fields_and_no_other(sandbox: Sandbox) -> None:
    asked = window(sandbox)

    next(statistics(sandbox, page_size=50).read_window(asked).pages())

    (call,) = sandbox.calls
    assert call.body == {
        "sequenceIds": list(asked.sequence_ids),
        "startDate": "2026-11-13",
        "endDate": "2026-11-22",
        "pageNum": 1,
        "pageLimit": 50,
    }
    assert call.headers["x-api-key"] == sandbox.api_key
    assert call.headers["accept"] == "application/json"
    assert call.headers["content-type"] == "application/json"


def test_a_call_for_the_listing_has_no_content_type(sandbox: Sandbox) -> None:
    ids = Sequences(connect(sandbox), RowWarnings()).list_ids()

    call = sandbox.calls[0]
    assert ids == sandbox.account.sequence_ids
    assert call.query == {"pageSize": "1000", "page": "1", "sort": "ASC", "sortBy": "sequence.createdAt"}
    assert "content-type" not in call.headers
    assert call.headers["accept"] == "application/json"


def test_pages_are_counted_until_the_api_has_no_more(sandbox: Sandbox) -> None:
    rows, pager = read(statistics(sandbox), window(sandbox))

    assert pages_of(sandbox) == [1, 2, 3, 4, 5, 6]
    assert emails_of(rows) == emails_of(sandbox.truth())
    assert pager.doubt is None


@pytest.mark.parametrize(
    ("sequences", "cap", "calls"), [(250, 100, 4), (250, 20, 14), (250, 1_000, 2), (251, 1_000, 1), (0, 1_000, 1)]
)
def test_a_listing_that_is_capped_without_a_word_loses_no_sequence(sequences: int, cap: int, calls: int) -> None:
    """One call more at most: 250 and 20 are round numbers, so only an empty page shows that they are all."""
    account, quirks = AccountSettings(sequences=sequences, emails=0), Quirks(max_listing_page=cap)
    with Sandbox(account, now=NOW, quirks=quirks) as sandbox:
        assert Sequences(connect(sandbox), RowWarnings()).list_ids() == sandbox.account.sequence_ids
        assert len(sandbox.calls) == calls


@pytest.mark.parametrize(
    ("said", "has_more"),
    [(True, True), ("true", True), (False, False), (" False", False), ("0", False), ("", False), (None, False)],
)
def test_whether_pages_follow_may_be_said_as_a_text(sandbox: Sandbox, said: object, has_more: bool) -> None:
    page = statistics(sandbox).to_page(response(body={"payload": {"data": [], "hasMore": said}}), 10)

    assert page.has_more is has_more


def test_a_page_in_the_place_of_another_is_asked_for_again(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("previous-page", times=1, path=STATISTICS, page=3))

    rows, pager = read(statistics(sandbox), window(sandbox))

    assert pages_of(sandbox) == [1, 2, 3, 3, 4, 5, 6]
    assert emails_of(rows) == emails_of(sandbox.truth())
    assert pager.doubt is None


def test_a_page_that_stays_in_the_place_of_another_shows_in_the_keys_and_keeps_no_later_page_back(
    sandbox: Sandbox,
) -> None:
    sandbox.faults.add(Fault("previous-page", times=None, path=STATISTICS, page=3))

    rows, pager = read(statistics(sandbox), window(sandbox))

    assert len(rows) == 500
    assert "100 primary keys" in str(pager.doubt)


def test_a_page_in_the_place_of_another_shows_even_if_its_rows_have_no_complete_key(sandbox: Sandbox) -> None:
    class WithoutKeys(ConsolidatedStats):
        def keys_of(self, rows: list[Any]) -> Keys:
            keys, _ = super().keys_of(rows)
            return keys, frozenset(keys)

    sandbox.faults.add(Fault("previous-page", times=None, path=STATISTICS, page=3))

    rows, pager = read(WithoutKeys(connect(sandbox), 100, RowWarnings()), window(sandbox))

    assert len(rows) == 500
    assert "100 primary keys" in str(pager.doubt)


@pytest.mark.parametrize("kind", ["repeat-page", "endless-empty"])
def test_pages_that_bring_nothing_new_for_ever_are_an_error(sandbox: Sandbox, kind: str) -> None:
    sandbox.faults.add(Fault(kind, times=None, path=STATISTICS))

    with pytest.raises(ApiError, match="more pages without end") as raised:
        read(statistics(sandbox), window(sandbox))

    pages_with_rows = 6 if kind == "endless-empty" else 1
    assert raised.value.attempts == MAX_ASKS + MAX_PAGES_WITH_NOTHING_NEW - 1
    assert len(sandbox.calls) == pages_with_rows + raised.value.attempts


def test_a_page_that_comes_empty_once_is_asked_for_again(sandbox: Sandbox) -> None:
    """Whether it promises more itself, or only the page before it did."""
    sandbox.faults.add(Fault("empty-page", path=STATISTICS, page=1))
    sandbox.faults.add(Fault("empty", path=STATISTICS, page=2))
    sandbox.faults.add(Fault("empty-page", path=STATISTICS, page=4))

    rows, pager = read(statistics(sandbox), window(sandbox))

    assert pages_of(sandbox) == [1, 1, 2, 2, 3, 4, 4, 5, 6]
    assert emails_of(rows) == emails_of(sandbox.truth())
    assert pager.doubt is None


def test_pages_after_one_that_stays_empty_are_read_and_show_that_rows_are_missing(sandbox: Sandbox) -> None:
    for page in (2, 3):
        sandbox.faults.add(Fault("empty-page", times=None, path=STATISTICS, page=page))

    rows, pager = read(statistics(sandbox), window(sandbox))

    assert pages_of(sandbox) == [1, 2, 2, 2, 3, 4, 5, 6]
    assert len(rows) == 400
    assert pager.doubt == "a page stayed empty that was promised"


def test_a_listing_that_ignores_the_page_is_read_once() -> None:
    """Its next page is a guess, because 20 is a round number."""
    with Sandbox(AccountSettings(sequences=20, emails=0), now=NOW) as sandbox:
        sandbox.faults.add(Fault("repeat-page", times=None))

        assert Sequences(connect(sandbox), RowWarnings()).list_ids() == sandbox.account.sequence_ids
        assert len(sandbox.calls) == 2


@pytest.mark.parametrize("kind", ["ignores-sequences", "ignores-days"])
def test_an_answer_with_rows_that_were_not_asked_for_is_asked_for_again(sandbox: Sandbox, kind: str) -> None:
    first_days = Days(SETTINGS.first_day or LAST_CLOSED, LAST_CLOSED - timedelta(days=6))
    asked = Window(tuple(sandbox.account.sequence_ids[:2]), first_days, closed=True)
    sandbox.faults.add(Fault(kind, path=STATISTICS, page=1))

    rows, pager = read(statistics(sandbox, page_size=50), asked)

    assert pages_of(sandbox)[:2] == [1, 1]
    assert emails_of(rows) == emails_of(sandbox.truth(asked.sequence_ids, *asked.days))
    assert pager.doubt is None


def test_rows_of_other_sequences_that_stay_are_left_out_and_an_error_at_the_end(sandbox: Sandbox) -> None:
    asked = window(sandbox)._replace(sequence_ids=tuple(sandbox.account.sequence_ids[:2]))
    sandbox.faults.add(Fault("ignores-sequences", times=None, path=STATISTICS))
    rows = list[dict[str, Any]]()

    with pytest.raises(StrayRowsError, match=r"\d+ rows of sequences that were not asked for"):
        rows.extend(row for page in statistics(sandbox).read_window(asked).pages() for row in page.rows)

    assert pages_of(sandbox) == [1] * MAX_ASKS + [2, 3, 4, 5, 6]
    assert emails_of(rows) == emails_of(sandbox.truth(asked.sequence_ids))


def test_rows_of_other_days_that_stay_are_an_error_at_once(sandbox: Sandbox) -> None:
    first_days = Days(SETTINGS.first_day or LAST_CLOSED, LAST_CLOSED - timedelta(days=6))
    asked = Window(tuple(sandbox.account.sequence_ids), first_days, closed=True)
    sandbox.faults.add(Fault("ignores-days", times=None, path=STATISTICS))

    with pytest.raises(ApiError, match="100 of 100 rows on page 1 are of days that were not asked for") as raised:
        read(statistics(sandbox), asked)

    assert pages_of(sandbox) == [1] * MAX_ASKS
    assert raised.value.attempts == MAX_ASKS


def test_a_listing_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LISTING_PAGES", 3)
    with Sandbox(AccountSettings(sequences=20, emails=0), now=NOW) as sandbox:
        sandbox.faults.add(Fault("endless-fresh", times=None))

        with pytest.raises(ApiError, match="more pages without end"):
            Sequences(connect(sandbox), RowWarnings()).list_ids()

        assert len(sandbox.calls) == 3


@pytest.mark.parametrize("page_size", [10, 12, 100, 500])
def test_a_window_that_is_read_again_has_other_page_borders(sandbox: Sandbox, page_size: int) -> None:
    stream, asked = statistics(sandbox, page_size), window(sandbox)
    for earlier_readings in range(3):
        next(stream.read_window(asked, earlier_readings).pages())

    sizes = [call.body["pageLimit"] for call in sandbox.calls if call.body]
    assert sizes[0] == page_size
    assert len(set(sizes)) == 3


def test_a_first_page_that_is_refused_concerns_what_was_asked_for_and_a_later_one_how_much(sandbox: Sandbox) -> None:
    refused = Fault("400", times=None, path=STATISTICS)
    sandbox.faults.add(refused)
    with pytest.raises(RefusedError):
        read(statistics(sandbox), window(sandbox))
    sandbox.faults.remove(refused)
    sandbox.faults.add(Fault("400", times=None, path=STATISTICS, page=4))

    with pytest.raises(ApiError, match=r"page 4 of its window") as caught:
        read(statistics(sandbox), window(sandbox))

    assert not isinstance(caught.value, RefusedError)
