"""What planning takes with very many sequences, counted in calls and look-ups: no clock is read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from types import FrameType
from typing import Any, TypeVar

import pytest

from source_consolidated_stats import planning
from source_consolidated_stats.planning.due.coverage import Progress
from source_consolidated_stats.planning.due.days import Calendar, Days, between
from source_consolidated_stats.planning.due.given_up import GivenUp
from source_consolidated_stats.planning.due.plan import requested_days
from source_consolidated_stats.planning.due.request import SyncRequest
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.sync import Sync

from .account import REFUSED, Account, refusing, spread
from .simulation import Api, request_for, rows_of, run, unless

CALENDAR = Calendar(datetime(2026, 11, 23, 12, tzinfo=timezone.utc))
Result = TypeVar("Result")


class Id(str):
    """A sequence id of which look-ups, in dictionaries and sets, are calls that can be counted."""

    def __hash__(self) -> int:
        return super().__hash__()


def request_of(ids: list[str]) -> SyncRequest:
    return request_for(ids, requested_days(None, None, CALENDAR), CALENDAR)


def counted(action: Callable[[], Result]) -> tuple[Result, int]:
    """What `action` gives, and how many calls of planning's functions, and look-ups of an `Id`, it takes."""
    calls = 0

    def count(frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        is_planning = frame.f_globals["__name__"].startswith(planning.__name__)
        calls += event == "call" and (is_planning or frame.f_code is Id.__hash__.__code__)

    sys.setprofile(count)
    try:
        return action(), calls
    finally:
        sys.setprofile(None)


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


@pytest.mark.parametrize(
    ("account", "most"), [(one_refused, 1), (every_fourth_refused, 13), (all_read_differently_far, 3)]
)
def test_planning_takes_a_few_steps_for_each_sequence_of_each_window(
    account: Callable[[list[str]], tuple[State, Api]], most: int
) -> None:
    ids = Account(1_600).ids
    state, api = account(ids)

    result, work = counted(lambda: run(Sync(state, request_of(ids)), api, keep_states=False))

    assert work <= most * sum(len(window.sequence_ids) for window in (*result.windows, *result.failed))


def test_planning_around_more_that_was_given_up_takes_no_more_for_each_sequence() -> None:
    def work_around(entries: int) -> int:
        ids: list[str] = [Id(number) for number in range(1_000)]
        days = [CALENDAR.last_closed - timedelta(days=number) for number in range(entries)]
        given_up = tuple(GivenUp(Days(day, day)) for day in days)
        coverage = dict.fromkeys(ids, Progress(CALENDAR.closed_days))
        _, work = counted(lambda: Sync(State(coverage, given_up=given_up), request_of(ids)))
        return work

    assert work_around(400) <= 1.5 * work_around(100)
