"""`spec`, `check`, `discover`, bad input, and what no output may hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox import Fault, Sandbox

from .connector import Connector, configured_catalog, parse

Start = Callable[..., Sandbox]
Connect = Callable[..., Connector]


def test_spec(start_sandbox: Start, connect: Connect) -> None:
    connector = connect(start_sandbox(emails=0))
    with connector.start(["spec"]) as process:
        stdout, _ = process.communicate()
    (spec,) = [message["spec"] for message in parse(stdout.splitlines()) if message["type"] == "SPEC"]
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
        "num_workers": 4,
        "page_size": 500,
        "api_url": "https://open-api.saleshandy.com",
    }


def test_discover_asks_the_api_nothing(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=10)
    (catalog,) = connect(sandbox).discover().of_type("CATALOG")
    (stream,) = catalog["streams"]
    assert stream["name"] == "consolidated_stats"
    assert stream["supported_sync_modes"] == ["full_refresh", "incremental"]
    assert stream["source_defined_cursor"] is True
    assert stream["default_cursor_field"] == ["Email Sent At"]
    assert stream["source_defined_primary_key"] == [
        ["Sequence Id"], ["Step Number"], ["Recipient Email"], ["Email Sent At"],
    ]  # fmt: skip
    assert len(stream["json_schema"]["properties"]) == 22
    assert sandbox.calls == []


def test_every_output_line_is_a_message(start_sandbox: Start, connect: Connect) -> None:
    output = connect(start_sandbox(emails=100)).read()
    assert len(output.stdout.splitlines()) == len(output.messages)
    assert output.stderr == ""


@pytest.mark.parametrize(("ids", "calls"), [(False, 2), (True, 1)])
def test_check_takes_few_calls(start_sandbox: Start, connect: Connect, ids: bool, calls: int) -> None:
    sandbox = start_sandbox(emails=100, sequences=5)
    connector = connect(sandbox, sequence_ids=list(sandbox.account.sequence_ids[:2]) if ids else [])
    assert connector.check().status == {"status": "SUCCEEDED"}
    assert len(sandbox.calls) == calls


def test_check_names_an_unknown_sequence(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=100, sequences=5)
    connector = connect(sandbox, sequence_ids=[sandbox.account.sequence_ids[0], "nobodyKnows"])
    status = connector.check().status
    assert status["status"] == "FAILED"
    assert "nobodyKnows" in status["message"]
    assert "One or more sequences are invalid" in status["message"]
    assert sandbox.account.sequence_ids[0] not in status["message"]
    assert len(sandbox.calls) <= 3


TOMORROW_BUT_ONE = (date.today() + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("api_key", "", ["api_key", "is not a key"]),
        ("api_key", None, ["api_key", "is not a key"]),
        ("api_key", "with space", ["api_key", "is not a key"]),
        ("api_key", 'quote"d', ["api_key", "is not a key"]),
        ("start_date", "last week", ["start_date", "last week", "YYYY-MM-DD"]),
        ("start_date", "2025-02-30", ["start_date", "2025-02-30", "YYYY-MM-DD"]),
        ("start_date", 20250101, ["start_date", "20250101", "YYYY-MM-DD"]),
        ("start_date", TOMORROW_BUT_ONE, ["start_date", TOMORROW_BUT_ONE, "in the future"]),
        ("end_date", "2001-01-01", ["end_date", "2001-01-01", "older than the API keeps"]),
        ("sequence_ids", "2dP27N0gZ4", ["sequence_ids", "2dP27N0gZ4", "a list of texts"]),
        ("sequence_ids", ["a", ""], ["sequence_ids", '""', "an id without spaces"]),
        ("sequence_ids", [7], ["sequence_ids", "7", "an id without spaces"]),
        ("lookback_window_days", 731, ["lookback_window_days", "731", "0 to 730"]),
        ("lookback_window_days", "30", ["lookback_window_days", '"30"', "0 to 730"]),
        ("num_workers", 0, ["num_workers", "0", "1 to 20"]),
        ("num_workers", True, ["num_workers", "true", "1 to 20"]),
        ("page_size", 9, ["page_size", "9", "10 to 500"]),
        ("page_size", 99.5, ["page_size", "99.5", "10 to 500"]),
        ("api_url", "ftp://example.com", ["api_url", "ftp://example.com", "https://"]),
        ("api_url", "https://", ["api_url", "https://", "address"]),
        ("api_url", "https://example.com/?a=b", ["api_url", "address"]),
    ],
)
def test_a_bad_value_is_refused_before_any_request(
    start_sandbox: Start, connect: Connect, field: str, value: Any, words: list[str]
) -> None:
    sandbox = start_sandbox(emails=1)
    connector = connect(sandbox)
    connector.config[field] = value
    check, read = connector.check(), connector.read()
    assert check.exit_code == 0
    assert check.status["status"] == "FAILED"
    assert read.exit_code == 1
    assert [error["failure_type"] for error in read.errors] == ["config_error"]
    for word in words:
        assert word in check.status["message"]
        assert word in read.errors[0]["message"]
    assert sandbox.calls == []
    assert "Traceback" not in check.stdout + check.stderr + read.stdout + read.stderr


def test_an_end_before_the_start(start_sandbox: Start, connect: Connect) -> None:
    connector = connect(start_sandbox(emails=1), start_date="2026-10-02", end_date="2026-10-01")
    message = connector.check().status["message"]
    assert "end_date: 2026-10-01 comes before start_date 2026-10-02" in message


def test_no_key_at_all(start_sandbox: Start, connect: Connect) -> None:
    connector = connect(start_sandbox(emails=1))
    del connector.config["api_key"]
    assert "api_key: it is missing" in connector.check().status["message"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config", "{not json"),
        ("config", "[1, 2]"),
        ("catalog", "{"),
        ("catalog", '{"streams": "none"}'),
        ("state", "nowhere"),
        ("state", '{"consolidated_stats": {}}'),
        ("state", '[{"type": "STREAM"}]'),
    ],
)
def test_files_that_cannot_be_read(
    start_sandbox: Start, connect: Connect, tmp_path: Path, file: str, content: str
) -> None:
    sandbox = start_sandbox(emails=1)
    connector = connect(sandbox)
    command = connector.read_command({})
    (tmp_path / f"{file}.json").write_text(content, encoding="utf-8")
    with connector.start(command) as process:
        stdout, stderr = process.communicate()
    errors = [m["trace"]["error"] for m in parse(stdout.splitlines()) if m["type"] == "TRACE"]
    assert process.returncode == 1
    assert [error["failure_type"] for error in errors] == ["config_error"]
    assert f"{file}.json cannot be read" in errors[0]["message"]
    assert "Traceback" not in stdout + stderr
    assert sandbox.calls == []


def test_a_stream_that_is_not_offered(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=1)
    output = connect(sandbox).read(catalog=configured_catalog(name="invoices"))
    assert output.exit_code == 1
    assert "invoices" in output.errors[0]["message"]
    assert sandbox.calls == []


@pytest.mark.parametrize("fault", [None, "500", "401", "key-echo", "redirect", "400"])
def test_the_key_is_in_no_output(start_sandbox: Start, connect: Connect, fault: str | None) -> None:
    sandbox = start_sandbox(emails=50)
    if fault:
        sandbox.faults.add(Fault(fault, times=1 if fault == "500" else None))
    connector = connect(sandbox)
    for output in (connector.read(None, "--debug"), connector.check("--debug"), connector.read(), connector.check()):
        assert sandbox.api_key not in output.stdout + output.stderr
        assert output.messages
    assert sandbox.decoy.calls == []
    assert {call.headers.get("x-api-key") for call in sandbox.calls} == {sandbox.api_key}
