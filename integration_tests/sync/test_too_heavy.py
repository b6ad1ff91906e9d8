"""What is too much for the API in one call is asked for in smaller pieces, and all of it arrives."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from integration_tests.clock import NOW
from integration_tests.sync.rows import Key, keys, table, upserted
from integration_tests.sync.world import LATEST_TODAY, World
from sandbox import AccountSettings, Fault, Quirks, Size

STATISTICS = "consolidated-stats"
FOUR_MONTHS_AGO = NOW.date() - timedelta(days=119)


@pytest.mark.parametrize(
    ("kind", "most"), [("504", Size(days=20)), ("500", Size(days=5)), ("413", Size(sequences=30))], ids=str
)
def test_windows_that_are_too_large_are_halved(world: World, kind: str, most: Size) -> None:
    sandbox = world.sandbox(AccountSettings(emails=3_000, sequences=100, first_day=FOUR_MONTHS_AGO))
    sandbox.faults.add(Fault(kind, times=None, over=most))

    output = world.connection(sandbox, start_date=str(FOUR_MONTHS_AGO)).sync()

    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth())
    assert sum(call.refusal is not None for call in output.calls) <= 40


def test_pages_that_are_too_far_from_the_first_are_read_in_smaller_windows(world: World) -> None:
    first_day = NOW.date() - timedelta(days=29)
    sandbox = world.sandbox(AccountSettings(emails=6_000, first_day=first_day, last_day=NOW.date()))
    sandbox.faults.add(Fault("400", times=None, over=Size(rows=1_000)))

    output = world.connection(sandbox, start_date=str(first_day), page_size=100).sync()

    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth())


def test_a_day_that_always_fails_keeps_only_itself_back(world: World) -> None:
    failing = date(2026, 8, 19)
    sandbox = world.sandbox(AccountSettings(emails=4_000, sequences=10))
    of_failing = keys(sandbox.truth(first=failing, last=failing))
    sandbox.faults.add(Fault("500", times=None, window=(failing, failing)))
    connection = world.connection(sandbox, page_size=100, lookback_window_days=0)

    first = connection.sync()

    assert first.exit_code == 1
    assert {error["failure_type"] for error in first.errors} == {"transient_error"}
    assert str(failing) in first.errors[-1]["message"]
    assert keys(first.records) == keys(sandbox.truth()) - of_failing

    second = connection.sync()

    assert second.exit_code == 1
    assert keys(second.records) <= keys(sandbox.truth(first=NOW.date()))

    sandbox.faults.clear()
    third = connection.sync()

    assert third.exit_code == 0
    assert of_failing <= keys(third.records)
    assert upserted(first.records, second.records, third.records) == table(sandbox.truth())


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/New_York", "Etc/GMT+12"])
def test_a_day_that_has_not_begun_in_the_account_may_be_refused(world: World, zone: str) -> None:
    account = AccountSettings(emails=1_000, sequences=5, time_zone=zone)
    sandbox = world.sandbox(account, quirks=Quirks(refuses_future_days=True))
    connection = world.connection(sandbox, lookback_window_days=0)

    check, first = connection.check(), connection.sync()

    assert check.status["status"] == "SUCCEEDED"
    assert first.exit_code == 0, first.log
    assert table(first.records) == table(sandbox.truth(last=LATEST_TODAY))
    assert ("the API does not take this day yet" in first.log) is (zone != "Pacific/Kiritimati")

    world.pass_time(days=2)
    second = connection.sync()

    assert second.exit_code == 0, second.log
    assert keys(first.records + second.records) == keys(sandbox.truth())


def test_a_sequence_that_always_fails_keeps_only_itself_back_sync_after_sync(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_000, sequences=8))
    failing, *others = sandbox.account.sequence_ids
    sandbox.faults.add(Fault("500", times=None, sequence_ids=[failing]))
    connection, delivered = world.connection(sandbox, lookback_window_days=0), set[Key]()

    for days in (0, 1, 1):
        world.pass_time(days=days)
        output = connection.sync()
        delivered |= keys(output.records)

        assert output.exit_code == 1
        assert {error["failure_type"] for error in output.errors} == {"transient_error"}
        assert failing in output.errors[-1]["message"]
        assert delivered == keys(sandbox.truth(others))
        assert sum(call.refusal is not None for call in output.calls) <= 120
