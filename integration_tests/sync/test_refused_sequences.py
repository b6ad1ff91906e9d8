"""Sequences whose statistics the API refuses cost only themselves.

The live API lists sequences that were deleted, and refuses every call that asks for one of them.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from integration_tests.clock import NOW
from integration_tests.sync.messages import Output
from integration_tests.sync.rows import table, upserted
from integration_tests.sync.world import LATEST_TODAY, World
from sandbox import AccountSettings, Fault


def refused(output: Output) -> int:
    return sum(call.refusal is not None for call in output.calls)


@pytest.mark.parametrize(("kind", "ghosts", "sequences"), [("400-not-found", 1, 40), ("404-not-found", 3, 400)])
def test_deleted_sequences_that_are_listed_cost_only_themselves(
    world: World, kind: str, ghosts: int, sequences: int
) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000, sequences=sequences))
    deleted = sandbox.account.sequence_ids[7 :: sequences // ghosts][:ghosts]
    others = [sequence_id for sequence_id in sandbox.account.sequence_ids if sequence_id not in deleted]
    sandbox.faults.add(Fault(kind, times=None, sequence_ids=deleted))
    connection = world.connection(sandbox)

    first, second = connection.sync(), connection.sync()

    assert (first.exit_code, second.exit_code) == (0, 0), first.log + second.log
    assert upserted(first.records) == table(sandbox.truth(others))
    assert refused(first) <= 12 * ghosts
    assert len(second.calls) <= 8
    warnings = [line for line in first.log.splitlines() if line.startswith("WARN")]
    for sequence_id in deleted:
        assert any(sequence_id in line and "Sequence is not found" in line for line in warnings)


@pytest.mark.parametrize("kind", ["400", "404"])
def test_a_third_of_the_listing_may_be_deleted_whatever_the_words_are(world: World, kind: str) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_000, sequences=30))
    deleted = sandbox.account.sequence_ids[1::3]
    others = [sequence_id for sequence_id in sandbox.account.sequence_ids if sequence_id not in deleted]
    sandbox.faults.add(Fault(kind, times=None, sequence_ids=deleted))
    connection = world.connection(sandbox)

    first, second = connection.sync(), connection.sync()

    assert (first.exit_code, second.exit_code) == (0, 0), first.log + second.log
    assert upserted(first.records) == table(sandbox.truth(others))
    assert refused(first) <= 60
    assert refused(second) <= 2
    assert set(first.last_state["refused"]) == set(deleted)


def test_a_refused_sequence_is_read_from_the_start_once_it_is_accepted(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_000, sequences=20))
    refused_id = sandbox.account.sequence_ids[3]
    sandbox.faults.add(Fault("400-not-found", times=None, sequence_ids=[refused_id]))
    connection = world.connection(sandbox, lookback_window_days=0)
    connection.sync()

    sandbox.faults.clear()
    output = connection.sync()

    rows = [row for row in output.records if row["Sequence Id"] == refused_id]
    assert output.exit_code == 0
    assert upserted(rows) == table(sandbox.truth([refused_id]))


def test_a_named_sequence_that_is_refused_is_an_error_after_the_others_were_read(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_000, sequences=20))
    known = sandbox.account.sequence_ids[:10]
    connection = world.connection(sandbox, sequence_ids=[*known, "nobodyKnows"])

    sync, check = connection.sync(), connection.check()

    assert sync.exit_code == 1
    assert {error["failure_type"] for error in sync.errors} == {"config_error"}
    assert upserted(sync.records) == table(sandbox.truth(known))
    assert check.status["status"] == "FAILED"
    for message in (sync.errors[-1]["message"], check.status["message"]):
        assert "nobodyKnows" in message
        assert "api_url" not in message


def test_days_that_are_refused_for_ever_keep_no_others_from_being_read(world: World) -> None:
    newest_120_days = (NOW.date() - timedelta(days=119), LATEST_TODAY)
    sandbox = world.sandbox(AccountSettings(emails=1_000, sequences=5))
    sandbox.faults.add(Fault("400", times=None, window=newest_120_days))

    output = world.connection(sandbox).sync()

    assert output.exit_code == 1
    assert upserted(output.records) == table(sandbox.truth(last=NOW.date() - timedelta(days=120)))


def test_sequences_that_are_refused_again_have_one_line_together(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=500, sequences=2_010))
    deleted, good = sandbox.account.sequence_ids[10:], sandbox.account.sequence_ids[:10]
    connection = world.connection(sandbox, sequence_ids=good)
    connection.sync()
    assert connection.state
    connection.state["stream"]["stream_state"]["refused"] = deleted
    sandbox.faults.add(Fault("400-not-found", times=None, sequence_ids=deleted))
    connection.config.pop("sequence_ids")

    output = connection.sync()

    assert output.exit_code == 0, output.log
    assert "WARN The API still refuses 2,000 sequences that it refused before" in output.log
    assert len(output.log.splitlines()) < 40
