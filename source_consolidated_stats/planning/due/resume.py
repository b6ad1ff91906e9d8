"""How a sync begins: from the state of the last one, ended or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ...timestamps import format_utc
from .coverage import by_progress, lookback_window, owe_lookback, trim
from .days import first_of, last_of
from .lookback import Refresh, first_due_by_age, with_refresh
from .request import SyncRequest
from .state import State


def resume(before: State, request: SyncRequest) -> State:
    """The state as the sync finds it: removed sequences forgotten, and the lookback due again.

    A lookback is due once a day (UTC) until a sync has ended: attempts that follow a crash owe it no second time. An
    empty list of sequences forgets nothing: it is more likely a fault of the API.
    """
    if not request.sequence_ids:
        return before
    calendar, ids = request.calendar, frozenset(request.sequence_ids)
    refused = tuple(one for one in before.refused if one in ids)
    coverage = trim(before.coverage, ids.difference(refused), calendar.closed_days)
    newest = min(before.newest, format_utc(calendar.now)) if before.newest else None
    given_up = tuple(
        entry._replace(sequence_ids=wanted)
        for entry in before.given_up
        for wanted in [tuple(one for one in entry.sequence_ids if one in ids)]
        if entry.days.last >= calendar.retention_start and (wanted or not entry.sequence_ids)
    )
    state = replace(before, coverage=coverage, newest=newest, refused=refused, given_up=given_up)
    if before.lookback_owed_on == calendar.today:
        return state
    first_due, refreshes = date.min, before.refreshes
    if request.refresh_by_age and request.lookback_days and request.days:
        first_due = _first_due(state, request)
        last = min(last_of(request.days), calendar.last_closed)
        refreshes = with_refresh(refreshes, Refresh(first_due, last, calendar.now))
    coverage = owe_lookback(state.coverage, request.days, request.lookback_days, first_due)
    return replace(state, coverage=coverage, lookback_owed_on=calendar.today, refreshes=refreshes)


def _first_due(state: State, request: SyncRequest) -> date:
    """The first day that is read again by age. A first sync reads all that is requested."""
    windows = [
        lookback_window(progress.covered & request.days, request.lookback_days)
        for progress in by_progress(state.coverage, state.coverage)
    ]
    starts = [first_of(window) for window in windows if window]
    if not starts:
        return first_of(request.days)
    return first_due_by_age(state.refreshes, min(starts), request.calendar)
