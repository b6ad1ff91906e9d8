"""What was given up is planned apart: it is neither lost nor in the way."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.due.coverage import Progress
from source_consolidated_stats.planning.due.days import Calendar, Days, between
from source_consolidated_stats.planning.due.given_up import MAX_GIVEN_UP, MAX_IDS, GivenUp, given_up_of, plan_around
from source_consolidated_stats.planning.due.plan import plan
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.sync import Sync

from ...strategies import IDS, coverages, dates_of, day_ranges, moments, sequence_lists
from ..simulation import cells_of, request_for

given_up = st.lists(st.builds(GivenUp, day_ranges, sequence_lists.map(tuple)), max_size=5)
calendars = moments.map(Calendar)


def cells(windows: list[Window]) -> list[tuple[str, date]]:
    return [cell for window in windows for cell in cells_of(window)]


@given(coverages, given_up, day_ranges, calendars, sequence_lists)
def test_the_plan_and_what_is_apart_from_it_are_all_that_is_due(
    coverage: dict[str, Progress], entries: list[GivenUp], requested: Days, calendar: Calendar, ids: list[str]
) -> None:
    request = request_for(ids, between(*requested), calendar)

    planned, apart = plan_around(coverage, entries, request, ids)

    due = cells(plan(coverage, ids, request.days, calendar.last_closed))
    assert sorted(cells(planned) + cells(apart)) == sorted(due)


@given(coverages, given_up, day_ranges, calendars, sequence_lists)
def test_the_plan_has_no_named_sequence_on_days_that_were_given_up(
    coverage: dict[str, Progress], entries: list[GivenUp], requested: Days, calendar: Calendar, ids: list[str]
) -> None:
    planned, _ = plan_around(coverage, entries, request_for(ids, between(*requested), calendar), ids)

    closed = [window for window in planned if window.closed]
    for entry in entries:
        named = {(one, day) for one in entry.sequence_ids for day in dates_of(entry.days)}
        assert named.isdisjoint(cells(closed))


def test_a_sequence_that_failed_on_the_newest_days_is_apart_as_a_whole() -> None:
    """Its newest day of all was not read, so that its next one may be no better."""
    day = date(2026, 11, 20)
    first = date(2026, 1, 1)
    coverage = {"a": Progress(between(first, day)), "b": Progress(between(first, date(2026, 5, 1)))}
    request = request_for(
        ["a", "b"], between(first, date(2026, 11, 24)), Calendar(datetime(2026, 11, 23, 12, tzinfo=timezone.utc))
    )

    planned, apart = plan_around(coverage, [GivenUp(Days(day, day), ("b",))], request, ["a", "b"])

    assert {window.sequence_ids for window in planned} == {("a",)}
    assert {window.sequence_ids for window in apart} == {("b",)}


def test_many_sequences_are_remembered_by_their_days() -> None:
    day = Days(date(2026, 11, 20), date(2026, 11, 20))
    few, many = tuple(IDS), tuple(f"s{number}" for number in range(MAX_IDS + 1))

    assert given_up_of([Window(few, day, closed=True), Window(many, day, closed=True)]) == (
        GivenUp(day, few),
        GivenUp(day),
    )


def test_no_more_is_remembered_than_a_state_has_room_for() -> None:
    ids = tuple(f"{number:010}" for number in range(MAX_IDS))
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(600)]

    remembered = given_up_of(Window(ids, Days(day, day), closed=True) for day in days)

    assert [entry.days.first for entry in remembered] == days[:MAX_GIVEN_UP]
    assert len(json.dumps(State(given_up=remembered).to_json())) < 200_000


def test_a_removed_sequence_and_days_that_the_api_no_longer_keeps_are_forgotten() -> None:
    recent, old = (Days(day, day) for day in (date(2026, 11, 20), date(2020, 1, 1)))
    before = State(given_up=(GivenUp(recent, ("a", "gone")), GivenUp(recent, ("gone",)), GivenUp(old)))
    calendar = Calendar(datetime(2026, 11, 23, 12, tzinfo=timezone.utc))

    sync = Sync(before, request_for(["a"], between(*recent), calendar))

    assert sync.state.given_up == (GivenUp(recent, ("a",)),)
