"""A limit is waited for by all workers together, with a word in the log, and never given up on."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby

import pytest

from integration_tests.sync.rows import table
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault, RateLimit


@pytest.mark.parametrize("shape", ["headers", "disguised"])
def test_workers_wait_together_and_the_log_says_so(world: World, shape: str) -> None:
    limit = RateLimit(calls=4, seconds=2, shape=shape)
    sandbox = world.sandbox(AccountSettings(emails=400, sequences=10), limit=limit)

    output = world.connection(sandbox, page_size=100, num_workers=6).sync()

    said = " The API said: Rate Limit Exceeded" if shape == "disguised" else ""
    assert output.exit_code == 0
    assert table(output.records) == table(sandbox.truth())
    assert re.search(rf"rate limit is used up: every worker waits \d+ s for the next call\.{said}", output.log)
    if shape == "headers":
        assert not [call for call in output.calls if call.refusal]


@pytest.mark.parametrize(
    "kind",
    [
        "429",
        "429-retry-after",
        "429-reset",
        "400-rate-limit",
        "400-rate-limit-4000",
        "403-rate-limit",
        "200-rate-limit",
    ],
)
def test_a_refusal_of_any_form_costs_no_row(world: World, kind: str) -> None:
    sandbox = world.sandbox(AccountSettings(emails=300))
    sandbox.faults.add(Fault(kind, path="consolidated-stats", skip=1))

    output = world.connection(sandbox, start_date="2026-11-15", num_workers=1).sync()

    assert output.exit_code == 0
    assert [call.refusal for call in output.calls if call.refusal] == [kind]
    assert table(output.records) == table(sandbox.truth(first=date(2026, 11, 15)))


def test_check_waits_for_a_limit_too(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=10))
    sandbox.faults.add(Fault("429-reset", path="/v1/sequences"))

    assert world.connection(sandbox).check().status["status"] == "SUCCEEDED"


def test_the_last_state_comes_again_during_a_long_wait(world: World) -> None:
    limit = RateLimit(calls=3, seconds=3, shape="headers")
    sandbox = world.sandbox(AccountSettings(emails=300), limit=limit)
    connection = world.connection(sandbox, page_size=100, num_workers=1)
    connection.heartbeat_s = 0.2

    output = connection.sync()

    states = [state["stream"]["stream_state"] for state in output.states]
    stretches = [state for state, _ in groupby(states)]
    assert table(output.records) == table(sandbox.truth())
    assert len(states) > len(stretches)
    assert not [state for number, state in enumerate(stretches) if state in stretches[:number]]
    assert sum(state["sourceStats"]["recordCount"] for state in output.states) == len(output.records)
    assert output.messages[-1]["type"] != "STATE"
