"""Source or destination dies at any moment: once a sync ends well, the destination's tables equal the truth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pytest

from integration_tests.clock import NOW
from integration_tests.sync.messages import SEQUENCES, STREAM
from integration_tests.sync.platform import Kill, Platform, Process
from integration_tests.sync.rows import listed_sequences, table
from integration_tests.sync.world import World
from sandbox import AccountSettings, Sandbox

TODAY = NOW.date()
ACCOUNT = AccountSettings(
    emails=2_500,
    sequences=12,
    first_day=TODAY - timedelta(days=250),
    last_day=TODAY + timedelta(days=20),
    dirty=True,  # a null in a key would end the destination
)
LOOKBACK_DAYS = 125
"""An email of the sandbox never changes so late. Older days are read only once, so what is lost of them stays lost."""
EARLY, LATE = range(250, 500), range(500, 1_000)
"""How many records there are before a kill."""
MAX_ATTEMPTS = 2 * ACCOUNT.emails // LATE.start
"""Enough even if each took in the fewest records, and half of them in vain."""


def kills_of(victims: list[Process], records: range) -> Iterator[Kill]:
    """At random moments, the same in each run; the victims take turns."""
    moments = Random("-".join(victims))
    return (Kill(victim, moments.choice(records)) for victim in cycle(victims))


def kills_until_a_sync_ends_well(platform: Platform, kills: Iterator[Kill]) -> int:
    """How many of the kills came before the end of an attempt."""
    for number, kill in enumerate(islice(kills, MAX_ATTEMPTS)):
        if platform.sync(kill):
            return number
    raise AssertionError(f"no sync ended well in {MAX_ATTEMPTS} attempts")


def assert_tables_equal_the_truth(platform: Platform, sandbox: Sandbox) -> None:
    assert table(platform.rows(STREAM)) == table(sandbox.truth())
    assert table(platform.rows(SEQUENCES)) == table(listed_sequences(sandbox))


@pytest.mark.parametrize("victims", [["destination"], ["source"], ["destination", "source"]], ids="-".join)
def test_kills_neither_lose_rows_nor_leave_old_ones(world: World, tmp_path: Path, victims: list[Process]) -> None:
    sandbox = world.sandbox(ACCOUNT)
    connection = world.connection(sandbox, page_size=50, lookback_window_days=LOOKBACK_DAYS)
    platform = Platform(connection, tmp_path)

    kills_of_first_read = kills_until_a_sync_ends_well(platform, kills_of(victims, LATE))

    assert kills_of_first_read >= 2
    assert_tables_equal_the_truth(platform, sandbox)

    kills_of_lookback = kills_of(victims, EARLY)
    for days in (10, 5):
        world.pass_time(days=days)
        assert not platform.sync(next(kills_of_lookback))
    assert platform.sync()

    assert_tables_equal_the_truth(platform, sandbox)
