"""`spec`, `discover`, bad input, and what no output may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from integration_tests.sync.messages import STREAM, configured_catalog, parse
from integration_tests.sync.world import LAST_CLOSED_DAY, World
from sandbox import AccountSettings, Fault
from source_consolidated_stats.columns import load_schema


def test_spec(world: World) -> None:
    output = world.connection(world.sandbox()).run("spec")

    (spec,) = output.of_type("SPEC")
    properties = spec["connectionSpecification"]["properties"]
    assert spec["connectionSpecification"]["required"] == ["api_key"]
    assert properties["api_key"]["airbyte_secret"] is True
    assert all(field["title"] and field["description"] for field in properties.values())
    assert {name: field.get("default") for name, field in properties.items()} == {
        "api_key": None,
        "start_date": None,
        "end_date": None,
        "sequence_ids": [],
        "lookback_window_days": 30,
        "lookback_refresh": "every_sync",
        "num_workers": 4,
        "page_size": 500,
        "api_url": "https://open-api.saleshandy.com",
    }


def test_discover_asks_the_api_nothing(world: World) -> None:
    output = world.connection(world.sandbox()).discover()

    (catalog,) = output.of_type("CATALOG")
    stats, sequences = catalog["streams"]
    assert stats["name"] == "consolidated_stats"
    assert stats["supported_sync_modes"] == ["full_refresh", "incremental"]
    assert stats["source_defined_cursor"] is True
    assert stats["default_cursor_field"] == ["Email Sent At"]
    assert stats["source_defined_primary_key"] == [
        ["Sequence Id"], ["Step Number"], ["Recipient Email"], ["Email Sent At"],
    ]  # fmt: skip
    assert stats["json_schema"] == load_schema("consolidated_stats")
    assert sequences["name"] == "sequences"
    assert sequences["supported_sync_modes"] == ["full_refresh"]
    assert sequences["source_defined_primary_key"] == [["id"]]
    assert list(sequences["json_schema"]["properties"]) == [
        "id", "title", "active", "progress", "steps", "client", "user",
    ]  # fmt: skip
    assert output.calls == ()


def test_every_output_line_is_a_message(world: World) -> None:
    connection = world.connection(world.sandbox(AccountSettings(emails=100)))

    with connection.start(*connection.sync_command()) as process:  # loading the CDK must print nothing either
        stdout, stderr = process.communicate()

    lines = stdout.splitlines()
    assert len(lines) > 100
    assert len(parse(lines)) == len(lines)
    assert stderr == ""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("api_key", "with space", ["api_key", "is not a key"]),
        ("start_date", "2026-11-25", ["start_date", "2026-11-25", "in the future"]),
        ("sequence_ids", [7], ["sequence_ids", "7", "an id without spaces"]),
    ],
)
def test_a_bad_value_is_refused_before_any_request(world: World, field: str, value: Any, words: list[str]) -> None:
    """What is a bad value, and in what words it is refused, is in `unit_tests/test_config.py`."""
    connection = world.connection(world.sandbox(), **{field: value})

    check, sync = connection.check(), connection.sync()

    assert check.exit_code == 0
    assert check.status["status"] == "FAILED"
    assert sync.exit_code == 1
    assert [error["failure_type"] for error in sync.errors] == ["config_error"]
    for word in words:
        assert word in check.status["message"]
        assert word in sync.errors[0]["message"]
    assert check.calls == sync.calls == ()
    assert "Traceback" not in check.stdout + check.stderr + sync.stdout + sync.stderr


@pytest.mark.parametrize(
    ("file", "content"),
    [("config", "{not json"), ("catalog", '{"streams": "none"}'), ("state", "[5]")],
)
def test_a_file_that_cannot_be_read_is_an_error(world: World, tmp_path: Path, file: str, content: str) -> None:
    """What cannot be read is in `unit_tests/test_inputs.py`."""
    connection = world.connection(world.sandbox())
    connection.state = {}
    command = connection.sync_command()
    (tmp_path / f"{file}.json").write_text(content, encoding="utf-8")

    output = connection.run(*command)

    assert output.exit_code == 1
    assert [error["failure_type"] for error in output.errors] == ["config_error"]
    assert f"{file}.json cannot be read" in output.errors[0]["message"]
    assert "Traceback" not in output.stdout + output.stderr
    assert output.calls == ()


@pytest.mark.parametrize("kind", ["LEGACY", None])
def test_a_state_of_another_type_is_no_silent_first_read(world: World, kind: str | None) -> None:
    """What other states are refused is in `unit_tests/test_inputs.py`."""
    connection = world.connection(world.sandbox(AccountSettings(emails=50)), start_date="2026-11-01")
    first = connection.sync()
    connection.state = {"type": kind, "stream": first.states[-1]["stream"]}

    output = connection.sync()

    assert output.exit_code == 1
    assert [error["failure_type"] for error in output.errors] == ["config_error"]
    assert "Reset the stream" in output.errors[0]["message"]
    assert output.calls == ()


def test_state_and_catalog_as_the_platform_hands_them_over(world: World) -> None:
    connection = world.connection(world.sandbox(AccountSettings(emails=50)), lookback_window_days=0)
    first = connection.sync()
    stream = {
        "stream_descriptor": {"name": STREAM, "namespace": ""},
        "stream_state": first.last_state | {"version": "1"},
    }
    connection.state = {"id": 1, "type": "STREAM", "stream": stream, "destinationStats": {"recordCount": 8.0}}
    catalog = configured_catalog()
    catalog["streams"][0]["destination_sync_mode"] = "overwrite_dedup"

    second = connection.run(*connection.sync_command(catalog))

    assert second.exit_code == 0
    assert min(second.requested_days) > LAST_CLOSED_DAY  # what the first sync has read is not read again


def test_a_stream_that_is_not_offered(world: World) -> None:
    connection = world.connection(world.sandbox())

    output = connection.run(*connection.sync_command(configured_catalog(name="invoices")))

    assert output.exit_code == 1
    assert "invoices" in output.errors[0]["message"]
    assert output.calls == ()


@pytest.mark.parametrize("fault", ["no fault", "500", "401", "key-echo", "redirect", "400"])
def test_the_key_is_in_no_output(world: World, fault: str) -> None:
    """With less in the log, `Connection` looks for it in all that is printed."""
    sandbox = world.sandbox(AccountSettings(emails=50))
    if fault != "no fault":
        sandbox.faults.add(Fault(fault, times=1 if fault == "500" else None))
    connection = world.connection(sandbox)

    for output in (connection.sync("--debug"), connection.check("--debug")):
        assert output.messages
        assert sandbox.api_key not in output.stdout + output.stderr
    assert sandbox.decoy.calls == []
    assert {call.headers.get("x-api-key") for call in sandbox.calls} == {sandbox.api_key}


def test_a_key_pasted_with_a_line_end_is_sent_without_it_and_stays_hidden(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=50))
    connection = world.connection(sandbox, api_key=f" {sandbox.api_key}\n")
    sandbox.faults.add(Fault("key-echo"))

    refused, check = connection.check("--debug"), connection.check("--debug")

    assert "Invalid API key: ****" in refused.status["message"]
    assert check.status == {"status": "SUCCEEDED"}
    assert {call.headers.get("x-api-key") for call in sandbox.calls} == {sandbox.api_key}
