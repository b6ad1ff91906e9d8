"""Pages that are not what was asked for: empty, of another call, with rows out of order. No row is lost in silence."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from integration_tests.sync.messages import Output
from integration_tests.sync.rows import table, upserted
from integration_tests.sync.world import LAST_CLOSED_DAY, World
from sandbox import AccountSettings, Fault, Quirks

STATISTICS = "consolidated-stats"
ACCOUNT = AccountSettings(emails=2_000, sequences=6, last_day=LAST_CLOSED_DAY)


def covered_days(output: Output) -> set[tuple[date, date]]:
    groups = output.last_state["coverage"]
    return {
        (date.fromisoformat(first), date.fromisoformat(last)) for group in groups for first, last in group["covered"]
    }


@pytest.mark.parametrize("kind", ["empty-page", "empty"])
def test_a_page_that_comes_empty_once_costs_no_row(world: World, kind: str) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault(kind, path=STATISTICS, page=3))

    output = world.connection(sandbox, page_size=50).sync()

    assert output.exit_code == 0, output.log
    assert table(output.records) == table(sandbox.truth())
    assert sum(call.refusal == kind for call in output.calls) == 1


def test_a_page_that_stays_empty_is_read_in_windows_that_do_not_have_it(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("empty-page", times=None, path=STATISTICS, page=2))

    output = world.connection(sandbox, page_size=50, lookback_window_days=0).sync()

    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth())
    assert "a page stayed empty that was promised" in output.log


def test_a_page_that_stays_empty_keeps_its_window_due(world: World) -> None:
    day = date(2026, 10, 1)
    account = AccountSettings(emails=120, sequences=1, first_day=day, last_day=day)
    sandbox = world.sandbox(account)
    sandbox.faults.add(Fault("empty-page", times=None, path=STATISTICS, page=2))
    connection = world.connection(sandbox, page_size=20, lookback_window_days=0)

    first = connection.sync()
    sandbox.faults.clear()
    second = connection.sync()

    assert not any(begin <= day <= end for begin, end in covered_days(first))
    assert "a page stayed empty that was promised" in first.log
    assert second.exit_code == 0
    assert table(second.records) == table(sandbox.truth())


def test_rows_that_are_filtered_after_they_were_cut_into_pages_all_arrive(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=4_000, sequences=20, last_day=LAST_CLOSED_DAY))
    named = sandbox.account.sequence_ids[:1]
    sandbox.faults.add(Fault("late-filter", times=None, path=STATISTICS))

    output = world.connection(sandbox, sequence_ids=named, page_size=20).sync()

    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth(named))


@pytest.mark.parametrize("kind", ["ignores-sequences", "ignores-days"])
def test_the_answer_to_another_call_costs_no_row(world: World, kind: str) -> None:
    sandbox = world.sandbox(ACCOUNT)
    named = sandbox.account.sequence_ids[:3]
    for calls in (0, 2, 5, 9):
        sandbox.faults.add(Fault(kind, path=STATISTICS, skip=calls))

    output = world.connection(sandbox, sequence_ids=named, page_size=50, num_workers=1).sync()

    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth(named))


def test_an_api_that_ignores_the_sequences_costs_the_rows_of_no_named_one_and_is_an_error(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    named = sandbox.account.sequence_ids[:2]
    sandbox.faults.add(Fault("ignores-sequences", times=None, path=STATISTICS))

    output = world.connection(sandbox, sequence_ids=named, page_size=50).sync()

    assert_incomplete(output, "rows of sequences that were not asked for", sandbox.account.first_day)
    assert upserted(output.records) == table(sandbox.truth(named))


def test_an_api_that_ignores_the_days_is_an_error(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("ignores-days", times=None, path=STATISTICS))

    output = world.connection(sandbox, page_size=50).sync()

    assert_incomplete(output, "rows on page 1 are of days that were not asked for", sandbox.account.first_day)
    assert len(output.calls) < 100


def assert_incomplete(output: Output, reason: str, first_day: date) -> None:
    """Nothing since the account's first day is covered."""
    assert output.exit_code == 1
    assert {error["failure_type"] for error in output.errors} == {"transient_error"}
    assert reason in output.errors[-1]["message"]
    assert re.search(r"WARN rows: not asked for, left out: [\d,]+ in this sync", output.log)
    assert all(last < first_day for _, last in covered_days(output))


def test_dirty_rows_are_not_taken_for_those_of_another_call(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000, sequences=4, dirty=True))

    output = world.connection(sandbox, sequence_ids=sandbox.account.sequence_ids, page_size=100).sync()

    assert output.exit_code == 0, output.log
    assert table(output.records) == table(sandbox.truth())
    assert "not asked for" not in output.log


@pytest.mark.parametrize("ties", [timedelta(hours=4), timedelta(days=2)], ids=str)
def test_rows_without_an_order_of_their_own_are_not_lost_at_the_borders_of_pages(world: World, ties: timedelta) -> None:
    sandbox = world.sandbox(AccountSettings(emails=3_000, last_day=LAST_CLOSED_DAY), quirks=Quirks(ties=ties))
    connection = world.connection(sandbox, page_size=50, lookback_window_days=0)

    first, second = connection.sync(), connection.sync()

    assert first.exit_code == 0, first.log
    assert upserted(first.records) == table(sandbox.truth())
    assert second.records == []
