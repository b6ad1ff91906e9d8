"""Every failure of the API: once, it costs no row; for good, the sync fails loudly and says what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox import Fault, Sandbox

from .connector import Connector, Output, table

Start = Callable[..., Sandbox]
Connect = Callable[..., Connector]

STATISTICS, LISTING = "consolidated-stats", "/v1/sequences"
PASSING = ["500", "502", "503", "cut", "reset", "truncated-json", "html", "no-data", "null-payload"]
LIMITS = ["429", "429-retry-after", "429-reset", "400-rate-limit"]


def assert_told(output: Output, failure_type: str, *words: str) -> None:
    assert output.exit_code == 1
    assert {error["failure_type"] for error in output.errors} == {failure_type}
    for word in words:
        assert word in output.errors[0]["message"]
    assert "Traceback" not in output.stdout + output.stderr


@pytest.mark.parametrize("path", [STATISTICS, LISTING])
@pytest.mark.parametrize("kind", PASSING + LIMITS)
def test_once_it_costs_no_row(start_sandbox: Start, connect: Connect, kind: str, path: str) -> None:
    sandbox = start_sandbox(emails=1_200, sequences=5)
    sandbox.faults.add(Fault(kind, path=path, skip=1 if path == STATISTICS else 0))
    output = connect(sandbox, page_size=100).read()
    assert output.exit_code == 0, output.log
    assert table(output.records) == table(sandbox.truth())
    assert kind in [call.refusal for call in sandbox.calls]


def test_a_silent_connection_is_given_up_and_tried_again(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=1_200)
    sandbox.faults.add(Fault("silent", path=STATISTICS, skip=2))
    output = connect(sandbox, read_timeout=1).read()
    assert table(output.records) == table(sandbox.truth())
    assert "stayed silent" in output.log


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("500", ["status 500"]),
        ("502", ["status 502"]),
        ("reset", ["could not be reached, or the connection was cut"]),
        ("truncated-json", ["no JSON, or only a part"]),
        ("no-data", ["without payload.data"]),
        ("silent", ["stayed silent"]),
    ],
)
def test_for_good_it_is_a_transient_error(start_sandbox: Start, connect: Connect, kind: str, words: list[str]) -> None:
    sandbox = start_sandbox(emails=1_200)
    sandbox.faults.add(Fault(kind, times=None, path=STATISTICS))
    output = connect(sandbox, read_timeout=1).read()
    assert_told(output, "transient_error", *words, "Tried 6 times", "Try again later")
    assert output.states
    assert len(sandbox.statistics_calls) < 20


@pytest.mark.parametrize("path", [STATISTICS, LISTING])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("401", ["does not accept the API key", "Settings, then API"]),
        ("403", ["does not let this API key in", "plan", "Settings, then API"]),
        ("400", ["Something is wrong with this request"]),
        ("redirect", ["redirects to", "api_url"]),
    ],
)
def test_what_the_user_has_to_mend_is_a_config_error(
    start_sandbox: Start, connect: Connect, kind: str, words: list[str], path: str
) -> None:
    sandbox = start_sandbox(emails=1_200)
    sandbox.faults.add(Fault(kind, times=None, path=path))
    connector = connect(sandbox)
    output = connector.read()
    assert_told(output, "config_error", *words)
    assert len(sandbox.calls) < 15
    status = connector.check().status
    assert status["status"] == "FAILED"
    for word in words:
        assert word in status["message"]
    assert sandbox.decoy.calls == []


def test_nobody_listens(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=1)
    connector = connect(sandbox)
    connector.config["api_url"] = "http://127.0.0.1:9"
    assert_told(connector.read(), "transient_error", "127.0.0.1:9", "could not be reached", "Try again later")
    status = connector.check().status
    assert status["status"] == "FAILED"
    assert "could not be reached" in status["message"]


@pytest.mark.parametrize("kind", ["repeat-page", "endless-empty", "endless-fresh"])
def test_pages_without_end_are_an_error(start_sandbox: Start, connect: Connect, kind: str) -> None:
    sandbox = start_sandbox(emails=600)
    sandbox.faults.add(Fault(kind, times=None, path=STATISTICS))
    output = connect(sandbox).read()
    assert_told(output, "transient_error", "more pages without end")
    if kind != "endless-fresh":
        assert max(table(output.records).values()) == 1
        assert table(sandbox.truth()) >= table(output.records)


def test_pages_that_repeat_in_the_listing_are_an_error(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=10, sequences=1_000)
    sandbox.faults.add(Fault("repeat-page", times=None, path=LISTING))
    assert_told(connect(sandbox).read(), "transient_error", "more pages without end")


def test_an_outage_in_the_middle_keeps_what_was_read(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=4_000, sequences=10)
    sandbox.faults.add(Fault("503", times=None, path=STATISTICS, skip=20))
    connector = connect(sandbox, page_size=100)
    first = connector.read()
    assert_told(first, "transient_error", "status 503")
    sandbox.faults.clear()
    second = connector.read(first.states[-1])
    everything: list[dict[str, Any]] = first.records + second.records
    assert set(table(everything)) == set(table(sandbox.truth()))
