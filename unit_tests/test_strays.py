from __future__ import annotations

from datetime import date

import pytest

from source_consolidated_stats.keys import PLACEHOLDERS
from source_consolidated_stats.planning.due.days import Days
from source_consolidated_stats.strays import strays_in

DAYS = Days(date(2026, 11, 2), date(2026, 11, 4))
RIGHT = {"Sequence Id": "s1", "Email Sent At": "2026-11-03T12:00:00Z"}


@pytest.mark.parametrize(
    ("column", "value", "is_stray"),
    [
        ("Sequence Id", "s2", False),
        ("Sequence Id", "other", True),
        ("Sequence Id", PLACEHOLDERS["Sequence Id"], False),
        ("Sequence Id", 7, False),
        ("Email Sent At", "2026-10-31T23:59:59Z", True),
        ("Email Sent At", "2026-11-01T00:00:00Z", False),
        ("Email Sent At", "2026-11-05T23:59:59Z", False),
        ("Email Sent At", "2026-11-06T00:00:00Z", True),
        ("Email Sent At", PLACEHOLDERS["Email Sent At"], False),
    ],
)
def test_a_row_of_another_sequence_or_of_a_day_more_than_one_away_was_not_asked_for(
    column: str, value: object, is_stray: bool
) -> None:
    record = {**RIGHT, column: value}

    assert strays_in([RIGHT, record], frozenset({"s1", "s2"}), DAYS) == ([record] if is_stray else [])


def test_a_page_without_rows_has_none() -> None:
    assert strays_in([], frozenset({"s1"}), DAYS) == []
