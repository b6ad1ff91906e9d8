"""Clocks that are wrong: no day is taken to be over before it is, and the log says what is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integration_tests.sync.connection import Connection
from integration_tests.sync.rows import keys, table
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault, Sandbox

ACCOUNT = AccountSettings(emails=3_000, sequences=4)


def connect(world: World, sandbox: Sandbox, *, named: bool, **config: object) -> Connection:
    ids = sandbox.account.sequence_ids if named else []
    return world.connection(sandbox, sequence_ids=ids, lookback_window_days=0, **config)


@pytest.mark.parametrize("named", [False, True], ids=["listed", "named"])
@pytest.mark.parametrize("hours", [26, 72, -72])
def test_a_clock_that_is_days_wrong_costs_no_row_and_is_told_once(world: World, hours: int, named: bool) -> None:
    sandbox = world.sandbox(ACCOUNT)
    connection = connect(world, sandbox, named=named, start_date=str(sandbox.account.first_day))
    connection.clock_error = timedelta(hours=hours)

    wrong = connection.sync()
    connection.clock_error = timedelta(0)
    world.pass_time(days=3)
    right = connection.sync()

    assert (wrong.exit_code, right.exit_code) == (0, 0), wrong.log
    assert keys(wrong.records + right.records) == keys(sandbox.truth())
    assert wrong.log.count("WARN This machine's clock says") == 1
    assert "This machine's clock" not in right.log


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_an_api_that_does_not_say_the_time_is_read_by_this_machines_clock(world: World, date: str) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("headers", times=None, headers={"Date": date}))

    output = connect(world, sandbox, named=False).sync()

    assert output.exit_code == 0
    assert table(output.records) == table(sandbox.truth())
    assert "This machine's clock" not in output.log


def test_days_that_the_api_stops_keeping_before_they_are_read_are_told(world: World) -> None:
    """The machine's clock is days behind, and so is what it takes for two years ago."""
    sandbox = world.sandbox(AccountSettings(emails=300, sequences=2))
    connection = connect(world, sandbox, named=True)
    connection.clock_error = timedelta(days=-5)

    output = connection.sync()

    assert output.exit_code == 0, output.log
    assert "WARN 2024-11-19 to 2024-11-23: not read, because the API keeps two years" in output.log
