from __future__ import annotations

from datetime import date

import pytest

from source_consolidated_stats.keys import PLACEHOLDERS
from source_consolidated_stats.planning.due.days import Days
from source_consolidated_stats.strays import of_other_days, of_other_sequences

DAYS = Days(date(2026, 11, 2), date(2026, 11, 4))
RIGHT = {"Sequence Id": "s1", "Email Sent At": "2026-11-03T12:00:00Z"}


@pytest.mark.parametrize(
    ("sequence_id", "is_stray"), [("s2", False), ("other", True), (PLACEHOLDERS["Sequence Id"], False), (7, False)]
)
def test_a_row_of_another_sequence_was_not_asked_for(sequence_id: object, is_stray: bool) -> None:
    record = {**RIGHT, "Sequence Id": sequence_id}

    assert of_other_sequences([RIGHT, record], frozenset({"s1", "s2"})) == ([record] if is_stray else [])


@pytest.mark.parametrize(
    ("moment", "is_stray"),
    [
        ("2026-10-31T23:59:59Z", True),
        ("2026-11-01T00:00:00Z", False),
        ("2026-11-05T23:59:59Z", False),
        ("2026-11-06T00:00:00Z", True),
        (PLACEHOLDERS["Email Sent At"], False),
    ],
)
def test_a_row_of_a_day_more_than_one_away_was_not_asked_for(moment: str, is_stray: bool) -> None:
    record = {**RIGHT, "Email Sent At": moment}

    assert of_other_days([RIGHT, record], DAYS) == ([record] if is_stray else [])


def test_a_page_without_rows_has_none() -> None:
    assert of_other_sequences([], frozenset({"s1"})) == of_other_days([], DAYS) == []
