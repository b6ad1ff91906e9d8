from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from source_consolidated_stats.api.clock import ApiClock
from source_consolidated_stats.errors import AccessError, ApiError, ConnectorError, RefusedError, UnknownDatesError
from source_consolidated_stats.planning.due.days import Calendar, Days, between
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.failures.failure import Verdict
from source_consolidated_stats.planning.sync import Sync
from source_consolidated_stats.reading.shared_sync import SharedSync

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
LAST_WEEK = Days(date(2026, 11, 16), date(2026, 11, 20))
LAST_YEAR = Days(date(2025, 11, 21), date(2026, 11, 20))
DOWN, NO_DATES = ApiError("down"), UnknownDatesError(10, "Email Sent At", "'?'")


def shared_sync(days: Days) -> SharedSync:
    """A sync of one sequence, with one worker."""
    request = SyncRequest(["s1"], between(*days), Calendar(NOW), 0, refresh_by_age=False, workers=1, page_size=500)
    return SharedSync(Sync(State(), request), request, ApiClock(), ids_from_user=True)


@pytest.mark.parametrize("error", [AccessError("the key"), NO_DATES])
def test_a_failure_that_concerns_every_call_is_the_one_to_report(error: ConnectorError) -> None:
    shared = shared_sync(LAST_WEEK)
    windows = shared.windows()

    verdicts = [shared.fail(next(windows), DOWN)]
    shared.complete(next(windows), 1, "2026-11-16T09:00:00Z", lambda state: None)
    for window in windows:
        verdicts.append(shared.fail(window, error if Verdict.GIVEN_UP in verdicts else DOWN))

    assert shared.error is error


def test_a_refusal_is_not_the_failure_to_report_if_the_api_is_down() -> None:
    shared = shared_sync(LAST_WEEK)
    windows = shared.windows()

    shared.fail(next(windows), RefusedError("refused", "no"))
    for window in windows:
        shared.fail(window, DOWN)

    assert shared.error is DOWN


def test_days_without_a_readable_date_keep_no_others_from_being_read_as_long_as_others_have_some() -> None:
    shared = shared_sync(LAST_YEAR)
    given_up = 0

    for number, window in enumerate(shared.windows()):
        if number % 2:
            shared.complete(window, 1, f"{window.days.last}T09:00:00Z", lambda state: None)
        else:
            given_up += shared.fail(window, NO_DATES) is Verdict.GIVEN_UP

    assert given_up == len(shared.sync.given_up) > 3
