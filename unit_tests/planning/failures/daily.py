"""Daily syncs of an account whose API does not answer everything, and what is missing after each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from source_consolidated_stats.planning.due.days import Calendar, Days, stretches
from source_consolidated_stats.planning.due.plan import requested_days
from source_consolidated_stats.planning.due.state import State, read_state
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.sync import Sync

from ..account import EPOCH, Account, BadCells, Fault, mask_of, missing, stretch
from ..simulation import Answer, Run, request_for, run

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
TODAY = Calendar(NOW).latest_today
ALWAYS = stretch(EPOCH, 1190)
"""Every day of every sync."""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@dataclass
class Day:
    """What one of the daily syncs did."""

    sync: Sync
    run: Run
    cells: int
    """Of closed days, which the API has and answers."""
    missing: int
    """Those of them that have not come yet."""
    not_covered: dict[str, int]
    """The closed days of each sequence, as bits, that the last state does not cover."""

    @property
    def state_size(self) -> int:
        """In bytes."""
        return len(json.dumps(self.run.state.to_json()))


def days(
    account: Account,
    *faults: Fault,
    bad: Callable[[str], int] = lambda _: 0,
    count: int = 3,
    workers: int = 4,
    lookback: int = 30,
    seed: int = 0,
    kill_first_after: int | None = None,
) -> list[Day]:
    """`count` daily syncs of all sequences. `bad` gives the days of a sequence, as bits, that cannot come."""

    def api(window: Window) -> Answer:
        rows = account.rows_in(window)
        return next(filter(None, (fault(window, rows) for fault in faults)), rows)

    state, came, result = State(), dict[str, int](), list[Day]()
    for number in range(count):
        calendar = Calendar(NOW + timedelta(days=number))
        request = request_for(account.ids, requested_days(None, None, calendar), calendar, lookback, workers=workers)
        sync = Sync(state, request)
        kill_after = kill_first_after if number == 0 else None
        done = run(sync, api, seed + number, kill_after, keep_states=kill_after is not None)
        state = read_state(json.loads(json.dumps(done.state.to_json())))
        for sequence_id, delivered in done.days_delivered().items():
            came[sequence_id] = came.get(sequence_id, 0) | delivered
        closed = mask_of(Days(calendar.retention_start, calendar.last_closed))
        wanted = {one: closed & ~bad(one) for one in account.ids}
        not_covered = {one: closed & ~_covered(state, one) for one in account.ids}
        cells = sum(each.bit_count() for each in wanted.values())
        result.append(Day(sync, done, cells, missing(wanted, came), not_covered))
    return result


def _covered(state: State, sequence_id: str) -> int:
    progress = state.coverage.get(sequence_id)
    return sum(map(mask_of, stretches(progress.covered))) if progress else 0


def failing(account: Account, cells: BadCells, **kwargs: int) -> list[Day]:
    return days(account, cells, bad=lambda one: cells.days.get(one, 0), **kwargs)
