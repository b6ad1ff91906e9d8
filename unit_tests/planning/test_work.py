"""What planning takes with very many sequences, counted in calls of its functions: no clock is read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from types import FrameType
from typing import Any

import pytest

from source_consolidated_stats import planning
from source_consolidated_stats.planning.due.coverage import Progress
from source_consolidated_stats.planning.due.days import Calendar, between
from source_consolidated_stats.planning.due.plan import requested_days
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.sync import Sync

from .account import REFUSED, Account, refusing, spread
from .simulation import Api, request_for, rows_of, run, unless

CALENDAR = Calendar(datetime(2026, 11, 23, 12, tzinfo=timezone.utc))


def one_refused(ids: list[str]) -> tuple[State, Api]:
    return State(), unless(refusing(spread(ids, 1), REFUSED))


def every_fourth_refused(ids: list[str]) -> tuple[State, Api]:
    return State(), unless(refusing(spread(ids, len(ids) // 4), REFUSED))


def all_read_differently_far(ids: list[str]) -> tuple[State, Api]:
    """Each has a first and a last day of its own: fifty by fifty."""
    coverage = {}
    for number, one in enumerate(ids):
        first = CALENDAR.retention_start + timedelta(days=number % 50)
        coverage[one] = Progress(between(first, CALENDAR.last_closed - timedelta(days=number // 50)))
    return State(coverage), rows_of


def work_for_each_id(sequences: int, account: Callable[[list[str]], tuple[State, Api]]) -> float:
    """How many calls of functions planning a sync takes, for each sequence of each window."""
    ids, calls = Account(sequences).ids, 0
    state, api = account(ids)
    request = request_for(ids, requested_days(None, None, CALENDAR), CALENDAR)

    def count(frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_globals["__name__"].startswith(planning.__name__)

    sys.setprofile(count)
    try:
        result = run(Sync(state, request), api, keep_states=False)
    finally:
        sys.setprofile(None)
    return calls / sum(len(window.sequence_ids) for window in (*result.windows, *result.failed))


@pytest.mark.parametrize("account", [one_refused, every_fourth_refused, all_read_differently_far])
def test_planning_more_sequences_takes_no_more_work_for_each(
    account: Callable[[list[str]], tuple[State, Api]],
) -> None:
    assert work_for_each_id(1_600, account) <= 1.1 * work_for_each_id(400, account)
