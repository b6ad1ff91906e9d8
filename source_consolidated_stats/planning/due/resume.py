"""How a sync begins: from the state of the last one, ended or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timezone

from ...timestamps import format_utc
from .coverage import by_progress, lookback_window, owe_lookback, trim
from .days import DaySet, between, intersect, last_closed_day, retention_start
from .lookback import Refresh, first_due_by_age, with_refresh
from .state import State


def resume(
    before: State,
    sequence_ids: Sequence[str],
    requested: DaySet,
    now: datetime,
    lookback_days: int,
    *,
    refresh_by_age: bool,
) -> State:
    """The state as the sync finds it: removed sequences forgotten, and the lookback due again.

    A lookback is due once a day (UTC) until a sync has ended: attempts that follow a crash owe it no second time. An
    empty list of sequences forgets nothing: it is more likely a fault of the API.
    """
    if not sequence_ids:
        return before
    readable = between(retention_start(now), last_closed_day(now))
    refused = tuple(one for one in before.refused if one in set(sequence_ids))
    wanted = [sequence_id for sequence_id in sequence_ids if sequence_id not in refused]
    newest = min(before.newest, format_utc(now)) if before.newest else None
    state = replace(before, coverage=trim(before.coverage, wanted, readable), newest=newest, refused=refused)
    today = now.astimezone(timezone.utc).date()
    if before.lookback_owed_on == today:
        return state
    first_due, refreshes = date.min, before.refreshes
    if refresh_by_age and lookback_days and requested:
        first_due = _first_due(state, requested, now, lookback_days)
        refreshes = with_refresh(refreshes, Refresh(first_due, now))
    coverage = owe_lookback(state.coverage, requested, lookback_days, first_due)
    return replace(state, coverage=coverage, lookback_owed_on=today, refreshes=refreshes)


def _first_due(state: State, requested: DaySet, now: datetime, lookback_days: int) -> date:
    """The first day that is read again by age. A first sync reads all that is requested."""
    windows = [
        lookback_window(intersect(progress.covered, requested), lookback_days)
        for progress in by_progress(state.coverage, state.coverage)
    ]
    starts = [window[0].first for window in windows if window]
    if not starts:
        return requested[0].first
    return first_due_by_age(state.refreshes, min(starts), now)
