"""The stream `sequences`: the rows of the listing, which is called once however many streams need it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from integration_tests.sync.connection import Connection
from integration_tests.sync.messages import SEQUENCES, Message, Output, catalog_of
from integration_tests.sync.messages import STREAM as STATS
from integration_tests.sync.rows import listed_sequences, table
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault

ACCOUNT = AccountSettings(emails=600, sequences=12)
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "sequences.json").read_text(encoding="utf-8"))


def sync(connection: Connection, *names: str) -> Output:
    return connection.run(*connection.sync_command(catalog_of(*names)))


def records(output: Output, stream: str) -> list[dict[str, Any]]:
    return [record["data"] for record in output.of_type("RECORD") if record["stream"] == stream]


def states(output: Output, stream: str) -> list[Message]:
    return [state for state in output.states if state["stream"]["stream_descriptor"]["name"] == stream]


@pytest.mark.parametrize("names", [(STATS, SEQUENCES), (SEQUENCES, STATS)], ids="-".join)
def test_both_streams_are_read_with_one_call_of_the_listing(world: World, names: tuple[str, str]) -> None:
    sandbox = world.sandbox(ACCOUNT)

    output = sync(world.connection(sandbox), *names)

    assert output.exit_code == 0, output.log
    assert len(sandbox.listing_calls) == 1
    assert records(output, SEQUENCES) == listed_sequences(sandbox)
    assert table(records(output, STATS)) == table(sandbox.truth())
    assert output.story(SEQUENCES) == ["STARTED", "RUNNING", "record", "state", "COMPLETE"]
    assert output.story(STATS)[0] == "STARTED"
    assert output.story(STATS)[-1] == "COMPLETE"
    for name in names:
        counted = sum(state["sourceStats"]["recordCount"] for state in states(output, name))
        assert counted == len(records(output, name))
    assert f"Read {len(listed_sequences(sandbox))} sequences." in output.log
    assert "records from" not in output.log, "the CDK counts pages"


def test_records_fit_the_schema_and_have_no_other_field(world: World) -> None:
    output = sync(world.connection(world.sandbox(ACCOUNT)), SEQUENCES)

    schema = {**SCHEMA, "additionalProperties": False}
    assert len(records(output, SEQUENCES)) == 12
    for record in records(output, SEQUENCES):
        jsonschema.validate(record, schema)


def test_alone_it_takes_no_call_for_statistics(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)

    output = sync(world.connection(sandbox), SEQUENCES)

    assert output.exit_code == 0, output.log
    assert records(output, SEQUENCES) == listed_sequences(sandbox)
    assert states(output, STATS) == []
    assert len(output.calls) == len(sandbox.listing_calls) == 1


def test_named_sequences_restrict_the_statistics_and_not_the_listing(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    named = sandbox.account.sequence_ids[:2]

    output = sync(world.connection(sandbox, sequence_ids=named), STATS, SEQUENCES)

    assert output.exit_code == 0, output.log
    assert len(sandbox.listing_calls) == 1
    assert records(output, SEQUENCES) == listed_sequences(sandbox)
    assert table(records(output, STATS)) == table(sandbox.truth(named))


def test_a_sync_with_the_states_of_both_streams_reads_the_listing_as_a_whole_again(
    world: World, tmp_path: Path
) -> None:
    sandbox = world.sandbox(ACCOUNT)
    connection = world.connection(sandbox, lookback_window_days=0)
    first = sync(connection, STATS, SEQUENCES)
    command = connection.sync_command(catalog_of(STATS, SEQUENCES))
    states_file = tmp_path / "states.json"
    states_file.write_text(json.dumps([states(first, SEQUENCES)[-1], states(first, STATS)[-1]]), encoding="utf-8")

    second = connection.run(*command, "--state", str(states_file))

    assert second.exit_code == 0, second.log
    assert records(second, SEQUENCES) == records(first, SEQUENCES)
    assert len(records(second, STATS)) < 10
    assert len(second.calls) <= 3


def test_an_account_without_sequences_has_a_state_and_no_record(world: World) -> None:
    output = sync(world.connection(world.sandbox(AccountSettings(emails=0, sequences=0))), STATS, SEQUENCES)

    assert output.exit_code == 0, output.log
    assert output.records == []
    assert output.story(SEQUENCES) == ["STARTED", "state", "COMPLETE"]
    assert states(output, STATS)


def test_without_named_sequences_a_listing_that_fails_fails_both_streams(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("403", path="/v1/sequences", times=None))

    output = sync(world.connection(sandbox), STATS, SEQUENCES)

    assert output.exit_code == 1
    assert {error["failure_type"] for error in output.errors} == {"config_error"}
    assert {error["message"] for error in output.errors} == {output.errors[0]["message"]}
    assert "does not let this API key in" in output.errors[0]["message"]
    assert output.records == []
    assert output.states == []
    assert "COMPLETE" not in output.story(SEQUENCES) + output.story(STATS)
    assert sandbox.statistics_calls == []


def test_with_named_sequences_a_listing_that_fails_costs_no_statistics(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("500", path="/v1/sequences", times=None))
    named = sandbox.account.sequence_ids[:2]

    output = sync(world.connection(sandbox, sequence_ids=named), STATS, SEQUENCES)

    assert output.exit_code == 1
    assert {error["failure_type"] for error in output.errors} == {"transient_error"}
    assert {error["message"] for error in output.errors} == {output.errors[0]["message"]}
    assert "status 500" in output.errors[0]["message"]
    assert output.story(SEQUENCES) == ["STARTED", "INCOMPLETE"]
    assert output.story(STATS)[-1] == "COMPLETE"
    assert table(records(output, STATS)) == table(sandbox.truth(named))
    assert "Traceback" not in output.stdout + output.stderr
