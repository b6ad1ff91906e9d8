"""From any STATE message, what was printed before it and a read that resumes from it is everything."""

from __future__ import annotations

import random
import signal
import subprocess
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sandbox import Fault, Sandbox

from .connector import Connector, parse, table, upserted

Start = Callable[..., Sandbox]
Connect = Callable[..., Connector]


def cut_at_states(messages: list[dict[str, Any]]) -> list[tuple[list[dict[str, Any]], dict[str, Any]]]:
    """For each STATE message: the records before it, and the state."""
    records: list[dict[str, Any]] = []
    cuts = []
    for message in messages:
        if message["type"] == "RECORD":
            records.append(message["record"]["data"])
        elif message["type"] == "STATE":
            cuts.append((list(records), message["state"]))
    return cuts


def test_resuming_from_every_state_loses_nothing(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=3_000, sequences=10)
    connector = connect(sandbox, page_size=50, num_workers=6)
    whole = connector.read()
    cuts = cut_at_states(whole.messages)
    assert len(cuts) > 5
    truth = table(sandbox.truth())
    for records, state in cuts:
        resumed = connector.read(state)
        assert upserted(records, resumed.records) == truth


def test_states_come_after_their_records(start_sandbox: Start, connect: Connect) -> None:
    """Each state vouches for whole days: every row of them has been printed before it."""
    sandbox = start_sandbox(emails=6_000, sequences=10)
    output = connect(sandbox, page_size=100, num_workers=8).read()
    for records, state in cut_at_states(output.messages):
        printed = table(records)
        for group in state["stream"]["stream_state"]["coverage"]:
            for first, last in group["covered"]:
                rows = sandbox.truth(group["sequences"], date.fromisoformat(first), date.fromisoformat(last))
                assert not table(rows) - printed
    counted = sum(state["sourceStats"]["recordCount"] for state in output.states)
    assert counted == len(output.records)


def test_twelve_kills_in_a_row_lose_nothing(start_sandbox: Start, connect: Connect, tmp_path: Path) -> None:
    sandbox = start_sandbox(emails=12_000, sequences=20, latency=0.02)
    connector = connect(sandbox, page_size=100)
    moments = random.Random(7)
    reads: list[list[dict[str, Any]]] = []
    state: Any = None
    for _ in range(12):
        process = connector.start(connector.read_command(state))
        output = read_for_a_while(process, lines=moments.randrange(1, 4_000))
        messages = parse(output)
        reads.append([message["record"]["data"] for message in messages if message["type"] == "RECORD"])
        states = [message["state"] for message in messages if message["type"] == "STATE"]
        state = states[-1] if states else state
    last = connector.read(state)
    assert last.exit_code == 0
    assert upserted(*reads, last.records) == table(sandbox.truth())


def read_for_a_while(process: subprocess.Popen[str], lines: int) -> list[str]:
    """What the process prints until it is killed, some lines after its start."""
    assert process.stdout
    with process:
        printed = [line for line, _ in zip(process.stdout, range(lines), strict=False)]
        process.send_signal(signal.SIGKILL)
        return printed + process.stdout.readlines()


def test_a_state_is_printed_while_the_next_answer_is_waited_for(start_sandbox: Start, connect: Connect) -> None:
    """It would be lost in a kill, and with it the progress, if it waited for more to print."""
    sandbox = start_sandbox(emails=200)
    sandbox.faults.add(Fault("silent", path="consolidated-stats", skip=1))
    connector = connect(sandbox, num_workers=1, read_timeout=3_600)
    process = connector.start(connector.read_command())
    patience = threading.Timer(60, process.kill)
    with process:
        assert process.stdout
        patience.start()
        kinds = (message["type"] for line in process.stdout for message in parse([line]))
        found = "STATE" in kinds
        patience.cancel()
        process.kill()
    assert found


def test_a_destination_that_goes_away_ends_the_process(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=20_000, sequences=5)
    connector = connect(sandbox)
    process = connector.start(connector.read_command())
    with process:
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=60) != 0


@pytest.mark.parametrize("workers", [1, 4])
def test_a_window_that_fails_is_read_again_and_the_others_are_kept(
    start_sandbox: Start, connect: Connect, workers: int
) -> None:
    sandbox = start_sandbox(emails=4_000, sequences=10)
    connector = connect(sandbox, page_size=100, num_workers=workers, lookback_window_days=0)
    day = sandbox.account.first_day
    sandbox.faults.add(Fault("500", times=None, window=(day, day)))
    first = connector.read()
    assert first.exit_code == 1
    assert {error["failure_type"] for error in first.errors} == {"transient_error"}
    assert 0 < len(first.records) < len(sandbox.truth())
    sandbox.faults.clear()
    sandbox.calls.clear()
    second = connector.read(first.states[-1])
    assert second.exit_code == 0
    assert upserted(first.records, second.records) == table(sandbox.truth())
    assert len(second.records) < len(sandbox.truth()) / 2
