from __future__ import annotations

import logging
from datetime import date

import pytest

from source_consolidated_stats.errors import ApiError
from source_consolidated_stats.planning.due.days import Days
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.failures.failure import Verdict
from source_consolidated_stats.reading.window_log import MAX_LINES, WindowLog

WINDOW = Window(("s1", "s2"), Days(date(2026, 11, 2), date(2026, 11, 4)), closed=True)


def test_of_many_windows_that_failed_alike_the_first_are_named_and_the_others_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log, error = WindowLog(), ApiError("It failed.")
    with caplog.at_level(logging.INFO, "airbyte"):
        for _ in range(2_000):
            log.failed(WINDOW, Verdict.NARROWED, error)
            log.failed(WINDOW, Verdict.SEQUENCE_REFUSED, error)
        log.failed(WINDOW, Verdict.GIVEN_UP, error)
        log.doubted(WINDOW, Verdict.STAYS_DUE, "A page stayed away")
        log.log_counts()

    lines = [(record.levelname, record.message) for record in caplog.records]
    narrowed = ("INFO", "2026-11-02 to 2026-11-04 of 2 sequences will be read again in parts: It failed.")
    assert lines == [
        *[narrowed] * MAX_LINES,
        ("ERROR", "2026-11-02 to 2026-11-04 of 2 sequences were not read: It failed."),
        ("WARNING", "2026-11-02 to 2026-11-04: A page stayed away. These days are read again by the next sync."),
        ("INFO", "Windows that were read again in parts: 2,000, of which the first 5 are named above."),
    ]
