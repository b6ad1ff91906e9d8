"""What failures cost, in rows and in calls: daily syncs of accounts whose API does not answer everything."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from math import log2

import pytest

from source_consolidated_stats.planning.due.days import Calendar, between, stretches
from source_consolidated_stats.planning.due.plan import requested_days
from source_consolidated_stats.planning.due.state import State
from source_consolidated_stats.planning.due.window import Window
from source_consolidated_stats.planning.failures.failure import Failure, FailureKind
from source_consolidated_stats.planning.sync import Sync

from ..account import (
    EPOCH,
    REFUSED,
    SERVER_ERROR,
    TOO_LARGE,
    UNKNOWN_SEQUENCE,
    Account,
    BadCells,
    Problem,
    at_most,
    mask_of,
    refusing,
    spread,
    stretch,
)
from ..simulation import Answer, Moved, Run, request_for, run
from .daily import ALWAYS, NOW, TODAY, ago, days, failing

workers = pytest.mark.parametrize("workers", [1, 4, 20])


@workers
@pytest.mark.parametrize("lookback", [0, 30])
@pytest.mark.parametrize(("sequences", "place"), [(8, 0), (8, 7), (20, 9), (200, 0), (200, 100), (200, 199)])
def test_a_sequence_that_always_fails_costs_only_itself(
    sequences: int, place: int, lookback: int, workers: int
) -> None:
    account = Account(sequences)
    cells = BadCells().add([account.ids[place]], ALWAYS)

    first, *later = failing(account, cells, workers=workers, lookback=lookback, count=4)

    for day in (first, *later):
        assert day.missing == 0
        assert {one for window in day.sync.given_up for one in window.sequence_ids} == {account.ids[place]}
    assert first.run.failed_calls <= 130
    assert max(day.run.failed_calls for day in later) <= 15


@workers
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "bad_days",
    [
        stretch(EPOCH, (ago(300) - EPOCH).days),
        [ago(number) for number in range(5, 730, 30)],
        stretch(ago(10), 11),
    ],
    ids=["older than 300 days", "each 30th day", "the newest ten days"],
)
def test_a_sequence_that_fails_on_some_days_keeps_nothing_else_away(
    bad_days: list[date], seed: int, workers: int
) -> None:
    account = Account(20)
    cells = BadCells().add([account.ids[7 * seed]], bad_days)

    first, _, third = failing(account, cells, workers=workers, seed=seed)

    assert first.missing <= first.cells / 10
    assert third.missing == 0


@workers
def test_several_sequences_that_fail_on_old_days_keep_little_away(workers: int) -> None:
    """Halves of the days fail, and halves of the sequences too, because both have some of them. Of six random accounts,
    one may still miss much."""
    shares = []
    for seed in range(6):
        account, chances, cells = Account(60), random.Random(seed), BadCells()
        for sequence_id in chances.sample(account.ids, 5):
            cells.add([sequence_id], stretch(EPOCH, (ago(chances.randint(100, 500)) - EPOCH).days))
        first, _, third = failing(account, cells, workers=workers, seed=seed)
        shares.append((first.missing / first.cells, third.missing / third.cells))

    assert sorted(first for first, _ in shares)[4] <= 0.1
    assert sorted(third for _, third in shares)[4] <= 0.01


@workers
def test_where_most_sequences_fail_on_old_days_the_others_come_in_the_first_sync(workers: int) -> None:
    """Halves of the days fail and halves of the sequences too, so that only single sequences show the way."""
    account, cells = Account(8), BadCells()
    for sequence_id, age in zip(account.ids, (245, 493, 544, 178, 417), strict=False):
        cells.add([sequence_id], stretch(EPOCH, (ago(age) - EPOCH).days))

    (first,) = failing(account, cells, workers=workers, count=1)

    assert first.missing <= first.cells / 100


def test_sequences_that_fail_on_old_days_beside_bad_days_keep_little_away() -> None:
    """Twenty random accounts, most of which miss next to nothing; one still misses much."""
    shares = sorted(_share_missing_beside_bad_days(random.Random(seed)) for seed in range(20))

    assert shares[15] <= 0.01
    assert sum(shares) / len(shares) <= 0.04


@workers
@pytest.mark.parametrize(("bad_days", "most"), [(0, 0.0), (77, 0.33)])
def test_a_sequence_that_fails_by_itself_waits_for_those_that_were_not_asked(
    bad_days: int, most: float, workers: int
) -> None:
    """Five of eight fail on old days: what is remembered of one of them does not use up what a sync may spend."""
    account = Account(8, lambda _: 0.3)
    cells = BadCells().add(account.ids, stretch(ago(97), bad_days))
    for sequence_id, age in zip(account.ids[3:], (317, 189, 559, 126, 514), strict=True):
        cells.add([sequence_id], stretch(EPOCH, (ago(age) - EPOCH).days))

    *_, last = failing(account, cells, workers=workers)

    assert last.missing <= most * last.cells


def _share_missing_beside_bad_days(chances: random.Random) -> float:
    """After the second sync."""
    account, cells = Account(chances.choice([20, 60])), BadCells()
    for sequence_id in chances.sample(account.ids, chances.randint(2, 5)):
        cells.add([sequence_id], stretch(EPOCH, (ago(chances.randint(100, 500)) - EPOCH).days))
    for _ in range(chances.randint(1, 4)):
        cells.add(account.ids, stretch(ago(chances.randint(20, 700)), chances.randint(1, 20)))
    _, second = failing(account, cells, count=2)
    return second.missing / second.cells


@workers
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("whole_days", [True, False])
def test_ten_bad_days_or_cells_keep_nothing_else_away(seed: int, workers: int, *, whole_days: bool) -> None:
    account, chances, cells = Account(20), random.Random(seed), BadCells()
    for _ in range(10):
        cells.add(account.ids if whole_days else [chances.choice(account.ids)], [ago(chances.randint(2, 728))])

    first, _, third = failing(account, cells, workers=workers, seed=seed)

    assert first.missing <= first.cells / 10
    assert third.missing == 0


@workers
def test_a_day_that_fails_for_three_groups_is_not_divided_further(workers: int) -> None:
    account, chances = Account(200), random.Random(0)
    cells = BadCells().add(account.ids, [ago(chances.randint(2, 728)) for _ in range(10)])

    (day,) = failing(account, cells, workers=workers, count=1)

    assert day.missing == 0
    assert day.run.failed_calls <= 280


@workers
@pytest.mark.parametrize(
    "bad_days",
    [
        stretch(ago(400), 60),
        stretch(ago(137), 60),
        stretch(EPOCH, (ago(365) - EPOCH).days),
        stretch(ago(365), 366),
        stretch(ago(20), 21),
        [*stretch(EPOCH, (ago(400) - EPOCH).days), *stretch(ago(6), 7)],
    ],
    ids=[
        "60 days in the middle",
        "60 younger days",
        "all days over a year",
        "the newest year",
        "the newest 20 days",
        "the newest week and all days over 400",
    ],
)
def test_days_that_fail_for_all_sequences_cost_few_calls_and_no_other_day(bad_days: list[date], workers: int) -> None:
    account = Account(200)
    cells = BadCells().add(account.ids, bad_days)

    first, *later = failing(account, cells, workers=workers)

    assert first.missing == 0
    assert first.run.failed_calls <= 200
    assert max(day.run.failed_calls for day in later) <= 120


@workers
@pytest.mark.parametrize("age", [365, 20])
def test_new_days_that_are_refused_for_all_sequences_refuse_no_sequence(age: int, workers: int) -> None:
    account = Account(200)
    cells = BadCells(REFUSED).add(account.ids, stretch(ago(age), age + 1))

    first, *later = failing(account, cells, workers=workers)

    assert first.missing <= first.cells / 10_000
    assert first.run.failed_calls <= 240
    for day in later:
        assert not day.sync.refused
        assert day.run.failed_calls <= 120


@workers
@pytest.mark.parametrize("problem", [REFUSED, UNKNOWN_SEQUENCE])
@pytest.mark.parametrize(
    ("ghosts", "sequences", "most"), [(10, 1_010, 193), (30, 230, 236), (150, 1_000, 882), (500, 1_000, 1_500)]
)
def test_deleted_sequences_are_found_in_the_first_sync(
    ghosts: int, sequences: int, most: int, problem: Problem, workers: int
) -> None:
    account = Account(sequences, lambda _: 0.05)
    deleted = set(random.Random(ghosts).sample(account.ids, ghosts))

    first, *later = days(
        account, refusing(deleted, problem), bad=lambda one: -1 if one in deleted else 0, workers=workers
    )

    assert set(first.sync.refused) == deleted
    assert (first.missing, first.sync.given_up) == (0, [])
    assert first.run.failed_calls <= most
    for day in later:
        assert (day.missing, day.run.failed_calls) == (0, 2)
        assert set(day.sync.refused) == deleted


@pytest.mark.parametrize("ghosts", [{0}, {1}, {2}, {0, 2}, {1, 2}])
def test_deleted_sequences_are_found_in_small_accounts_too(ghosts: set[int]) -> None:
    account = Account(3)
    deleted = {account.ids[number] for number in ghosts}

    (day,) = days(account, refusing(deleted, REFUSED), bad=lambda one: -1 if one in deleted else 0, count=1)

    assert set(day.sync.refused) == deleted
    assert set(day.run.state.refused) == deleted
    assert (day.missing, day.sync.given_up) == (0, [])


@workers
@pytest.mark.parametrize(("kind", "lost"), [(FailureKind.UNKNOWN_SEQUENCE, 0), (FailureKind.UNREADABLE, 1)])
def test_an_answer_about_one_sequence_shows_that_the_api_is_up(kind: FailureKind, lost: int, workers: int) -> None:
    """Every window fails for its size, and every call that asks whether the API is up meets the first sequence. What
    is unreadable is not divided, so that it takes its neighbours with it."""
    account = Account(8)
    bad = BadCells(Problem(kind)).add(account.ids[:1], ALWAYS)

    (day,) = days(
        account, at_most(SERVER_ERROR, sequences=3), bad, bad=lambda one: bad.days.get(one, 0), count=1, workers=workers
    )

    assert day.missing <= lost * day.cells / 5
    assert day.run.failed_calls <= 60


@pytest.mark.parametrize(("problem", "bad_ones", "most"), [(REFUSED, 12, 5), (SERVER_ERROR, 8, 4)])
def test_few_accounts_that_are_bad_for_the_most_part_are_taken_for_down(
    problem: Problem, bad_ones: int, most: int
) -> None:
    """Of a hundred random ones of 16 sequences: nothing goes through at first but calls for single good ones."""
    account, down = Account(16), 0
    for seed in range(100):
        bad = BadCells(problem).add(random.Random(seed).sample(account.ids, bad_ones), ALWAYS)

        (day,) = days(account, bad, count=1)

        down += not day.sync.any_success

    assert down <= most


@workers
def test_the_api_is_asked_where_the_last_sync_read_whether_it_is_up(workers: int) -> None:
    """Nearly all days since then fail."""
    account, then = Account(8), Calendar(NOW + timedelta(days=10))
    (first,) = days(account, count=1, lookback=0)
    good_days = [ago(-4), ago(-5)]
    bad = BadCells().add(account.ids, set(stretch(ago(2), 15)) - set(good_days))
    request = request_for(account.ids, requested_days(None, None, then), then, 0, workers=workers)

    done = run(Sync(first.run.state, request), lambda window: bad(window, 0) or account.rows_in(window))

    assert set(done.delivered) >= {(one, day) for one in account.ids for day in good_days}


def test_a_quarter_of_a_large_listing_may_be_deleted() -> None:
    """Nothing goes through until a group of a few sequences is asked for."""
    account = Account(20_000, lambda _: 0.001)
    deleted = set(random.Random(1).sample(account.ids, 5_000))

    (day,) = days(account, refusing(deleted), bad=lambda one: -1 if one in deleted else 0, count=1)

    assert set(day.sync.refused) == deleted
    assert (day.missing, day.sync.given_up) == (0, [])


def test_a_kill_in_the_middle_loses_no_refused_sequence_that_was_found() -> None:
    account = Account(1_000, lambda _: 0.05)
    deleted = spread(account.ids, 150)

    killed, after = days(account, refusing(deleted), count=2, kill_first_after=500)

    assert 50 < len(killed.sync.refused) < 150
    assert set(killed.run.state.refused) >= set(list(killed.sync.refused)[:-3])
    assert set(after.sync.refused) == deleted
    assert after.run.failed_calls <= 2 * 150 * log2(1_000 / 150) + 60


@workers
@pytest.mark.parametrize("problem", [TOO_LARGE, REFUSED, SERVER_ERROR], ids=["413", "400", "500"])
@pytest.mark.parametrize("most", [100, 20])
def test_a_limit_of_ids_in_a_call_is_learned(most: int, problem: Problem, workers: int) -> None:
    account = Account(1_100, lambda _: 0.01)

    first, second, _ = days(account, at_most(problem, sequences=most), workers=workers)

    assert (first.missing, first.sync.given_up) == (0, [])
    assert (second.missing, second.sync.given_up) == (0, [])
    assert second.run.calls <= 4 * 1_100 / most


@workers
@pytest.mark.parametrize("problem", [TOO_LARGE, SERVER_ERROR], ids=["413", "500"])
@pytest.mark.parametrize(
    "rows_on",
    [
        lambda _: 5.0,
        lambda day: 8.0 if day.weekday() < 5 else 0.5,
        lambda day: 100.0 if day.toordinal() % 37 == 0 else 1.0,
        lambda day: 700.0 if day.toordinal() % 61 == 0 else 1.0,
    ],
    ids=["steady", "weekdays", "bursts", "bursts that are too much for one call"],
)
def test_a_limit_of_rows_in_a_window_is_learned(
    rows_on: Callable[[date], float], problem: Problem, workers: int
) -> None:
    first, second, _ = days(Account(20, rows_on), at_most(problem, rows=10_000), workers=workers)

    assert first.missing <= first.cells / 20
    assert second.missing == 0


@workers
@pytest.mark.parametrize("problem", [SERVER_ERROR, REFUSED])
def test_an_api_that_is_down_or_refuses_everything_costs_few_calls(problem: Problem, workers: int) -> None:
    account = Account(20)
    bad = BadCells().add([account.ids[3]], ALWAYS)
    is_down = False

    def down(window: Window, rows: int) -> Problem | None:
        return problem if is_down else None

    def mostly_bad(window: Window, rows: int) -> Problem | None:
        return down(window, rows) or bad(window, rows)

    (first,) = days(account, lambda *_: problem, count=1, workers=workers)
    (healthy,) = days(account, mostly_bad, count=1, workers=workers)
    is_down = True
    calendar = Calendar(NOW + timedelta(days=1))
    request = request_for(account.ids, requested_days(None, None, calendar), calendar, workers=workers)
    known = Sync(healthy.run.state, request)
    second = run(known, lambda window: down(window, 0) or 0)

    assert first.run.failed_calls <= 15
    assert second.failed_calls <= 15
    assert known.given_up
    assert known.end().given_up == healthy.run.state.given_up


@workers
def test_an_outage_in_the_middle_ends_the_sync_soon(workers: int) -> None:
    account, calls = Account(200), [0]

    def fails_from_the_sixth_call_on(window: Window, rows: int) -> Problem | None:
        calls[0] += 1
        return SERVER_ERROR if calls[0] > 5 else None

    (day,) = days(account, fails_from_the_sixth_call_on, count=1, workers=workers)

    assert len(day.run.failed) <= 12
    assert day.sync.given_up


def test_one_window_with_rows_that_move_for_ever_costs_only_itself() -> None:
    account, place = Account(20), ("s00004", ago(100))
    reads: dict[Window, int] = {}

    def api(window: Window) -> Answer:
        if place[0] in window.sequence_ids and window.days.first <= place[1] <= window.days.last:
            reads[window] = reads.get(window, 0) + 1
            return Moved((window, reads[window]))
        return account.rows_in(window)

    calendar = Calendar(NOW)
    sync = Sync(State(), request_for(account.ids, requested_days(None, None, calendar), calendar))
    done = run(sync, api)

    assert [(window.sequence_ids, window.days.first) for window in sync.unstable] == [(("s00004",), ago(100))]
    for one in account.ids:
        covered = done.state.coverage[one].covered
        assert covered.bit_count() == calendar.closed_days.bit_count() - (one == "s00004")


def test_a_future_day_with_a_deleted_sequence_is_read_for_all_others() -> None:
    """Only days that have not begun everywhere are due, so that they have to show which sequence is refused."""
    account = Account(20)
    calendar = Calendar(NOW)
    sync = Sync(State(), request_for(account.ids, between(calendar.latest_today, calendar.latest_today), calendar))

    done = run(sync, lambda window: REFUSED if "s00004" in window.sequence_ids else 1)

    assert set(sync.refused) == {"s00004"}
    assert sync.left_out == []
    assert {one for window in done.windows for one in window.sequence_ids} == set(account.ids) - {"s00004"}


def test_what_is_accepted_again_comes_in_the_same_sync_and_is_not_told_as_refused() -> None:
    account = Account(20)
    deleted = {"s00003", "s00007"}
    answers: dict[str, bool] = dict.fromkeys(deleted, True)

    def fault(window: Window, rows: int) -> Problem | None:
        return REFUSED if any(answers.get(one) for one in window.sequence_ids) else None

    (first,) = days(account, fault, count=1)
    assert set(first.sync.refused) == deleted
    answers.clear()
    request = request_for(account.ids, requested_days(None, None, Calendar(NOW)), Calendar(NOW))
    sync = Sync(first.run.state, request)
    done = run(sync, account.rows_in)

    assert sync.refused == {}
    closed = sum(map(mask_of, stretches(Calendar(NOW).closed_days)))
    assert all(done.days_delivered()[one] & closed == closed for one in deleted)
    assert done.state.refused == ()


def test_a_sequence_that_was_read_refused_and_accepted_again_is_read_from_the_start() -> None:
    calendar, answers = Calendar(NOW), {"b": True}
    request = request_for(["a", "b"], requested_days(None, None, calendar), calendar)
    state = State()
    for accepted in (True, False, True):
        answers["b"] = accepted
        sync = Sync(state, request)
        done = run(sync, lambda window: 1 if answers["b"] or "b" not in window.sequence_ids else REFUSED)
        state = done.state
        assert ("b" in state.refused) is not accepted

    assert mask_of(*stretches(calendar.closed_days)) & ~done.days_delivered()["b"] == 0


def test_a_refused_sequence_is_told_whatever_days_are_asked_for() -> None:
    """Named by the user, with nothing but open days to read."""
    open_days = between(Calendar(NOW).last_begun, Calendar(NOW).latest_today)
    sync = Sync(State(refused=("b",)), request_for(["a", "b"], open_days, Calendar(NOW)))

    run(sync, lambda window: REFUSED if "b" in window.sequence_ids else 1)

    assert set(sync.refused) == {"b"}


def test_an_empty_listing_asks_for_nothing_and_forgets_nothing() -> None:
    sync = Sync(State(refused=("a",)), request_for([], between(ago(30), TODAY), Calendar(NOW)))

    assert run(sync).calls == 0
    assert sync.end().refused == ("a",)


def test_the_memory_of_failures_stays_small() -> None:
    """2,500 sequences, some of which fail on days of their own, and all of them on sixty days."""
    account, chances, cells = Account(2_500, lambda _: 0.05), random.Random(1), BadCells()
    cells.add(account.ids, stretch(ago(300), 60))
    for sequence_id in spread(account.ids, 50):
        cells.add([sequence_id], [ago(chances.randint(2, 728))])

    for day in failing(account, cells):
        assert day.state_size < 200_000


def _others(windows: Iterable[Window], sequence_id: str) -> bool:
    return any(len(window.sequence_ids) > 1 and sequence_id in window.sequence_ids for window in windows)


def test_a_sequence_that_failed_yesterday_is_asked_for_apart_and_last() -> None:
    account = Account(20)
    cells = BadCells().add(["s00004"], ALWAYS)

    _, second = failing(account, cells, count=2)

    assert not _others([*second.run.windows, *second.run.failed], "s00004")


def test_a_stray_failure_beside_others_costs_no_cell() -> None:
    """It was not tried again, because others failed too: so it is asked for once more, after all others."""
    sync = Sync(State(), request_for(["a", "b"], between(ago(10), ago(10)), Calendar(NOW), workers=1))

    asked = []
    for failure in (FailureKind.TOO_HEAVY, None, None, FailureKind.CIRCUIT_OPEN, None):
        window = sync.next_window(date.min)
        assert window is not None
        asked.append("".join(window.sequence_ids))
        if failure:
            sync.fail(window, Failure(failure))
        else:
            sync.complete(window, 1, None)

    assert asked == ["ab", "a", "a", "b", "b"]
    assert sync.is_over
    assert sync.given_up == []


@workers
def test_nothing_goes_out_beside_a_failure(workers: int) -> None:
    """Sixty bad days take many calls, and no worker makes another one meanwhile."""
    account = Account(20)
    request = request_for(account.ids, requested_days(None, None, Calendar(NOW)), Calendar(NOW), workers=workers)
    sync, failed, in_flight = Sync(State(), request), False, list[Window]()
    bad = BadCells().add(account.ids, stretch(ago(400), 60))

    while not sync.is_over:
        handed_out = 0
        while window := sync.next_window(date.min):
            in_flight.append(window)
            handed_out += 1
        assert handed_out <= 1 or not failed
        window = in_flight.pop(0)
        failed = bad(window, 0) is not None
        if failed:
            sync.fail(window, Failure(FailureKind.TOO_HEAVY))
        else:
            sync.complete(window, account.rows_in(window), None)


def test_hopeless_failures_end_a_sync_at_once() -> None:
    request = request_for(["a", "b"], between(ago(100), TODAY), Calendar(NOW))
    sync = Sync(State(), request)
    window = sync.next_window(date.min)
    assert window is not None

    sync.fail(window, Failure(FailureKind.HOPELESS))

    assert sync.next_window(date.min) is None
    assert sync.is_over
    assert sync.given_up


def test_a_probe_whose_rows_moved_is_not_read_again_beside_the_window_that_it_is_a_part_of() -> None:
    sync = Sync(State(), request_for(["a", "b"], between(ago(12), ago(11)), Calendar(NOW)))
    whole = sync.next_window(date.min)
    assert whole
    sync.fail(whole, Failure(FailureKind.TOO_HEAVY))
    probe = sync.next_window(date.min)
    assert probe

    sync.rows_moved(probe, fingerprint=1)

    read = Run()
    while window := sync.next_window(date.min):
        read.windows.append(window)
        sync.complete(window, 1, None)
    assert set(read.delivered.values()) == {1}
    assert len(read.delivered) == 4


def test_a_half_whose_rows_moved_is_read_again_once_where_the_other_half_failed() -> None:
    sync = Sync(State(), request_for(["a", "b"], between(ago(13), ago(10)), Calendar(NOW)))
    ends = iter(["failed", "read", "failed", "moved"])  # the whole, a probe, the newer half, the older one

    read = Run()
    while window := sync.next_window(date.min):
        end = next(ends, "read")
        if end == "failed":
            sync.fail(window, Failure(FailureKind.TOO_HEAVY))
        elif end == "moved":
            sync.rows_moved(window, fingerprint=1)
        else:
            read.windows.append(window)
            sync.complete(window, 1, None)

    probe = read.windows.pop(0)
    assert probe.is_one_cell
    assert set(read.delivered.values()) == {1}
    assert len(read.delivered) == 8
