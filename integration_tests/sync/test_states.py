"""States are worth their size, and a sync that runs out of memory ends with one."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from integration_tests.clock import NOW
from integration_tests.sync.messages import Output
from integration_tests.sync.rows import table, upserted
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault, Size

LIMIT = 1_000_000


def test_states_of_many_sequences_are_no_larger_than_the_records_before_them(world: World) -> None:
    first_day = NOW.date() - timedelta(days=300)
    sandbox = world.sandbox(AccountSettings(emails=2_000, sequences=2_500, first_day=first_day))
    sandbox.faults.add(Fault("413", times=None, over=Size(days=2)))

    output = world.connection(sandbox, page_size=10, start_date=str(first_day)).sync()

    assert output.exit_code == 0, output.log
    *states, _ = sizes_of_states(output.stdout)
    assert len(states) > 5
    assert all(records >= state for records, state in states)


def sizes_of_states(stdout: str) -> list[tuple[int, int]]:
    """For each state, the characters of the records since the last one, and its own."""
    sizes, records = [], 0
    for line in stdout.splitlines():
        kind = json.loads(line)["type"]
        if kind == "RECORD":
            records += len(line)
        elif kind == "STATE":
            sizes.append((records, len(line)))
            records = 0
    return sizes


@pytest.mark.parametrize("version", [1, 2])
def test_a_sync_ends_with_a_state_and_a_reason_before_its_memory_is_used_up(
    world: World, tmp_path: Path, version: int
) -> None:
    sandbox = world.sandbox(AccountSettings(emails=6_000), latency=0.01)
    connection = world.connection(sandbox, page_size=50, lookback_window_days=0)
    connection.memory = tmp_path
    usage, limit = ("memory/memory.usage_in_bytes", "memory/memory.limit_in_bytes")
    if version == 2:
        usage, limit = "memory.current", "memory.max"
        (tmp_path / "memory.stat").write_text(f"anon {LIMIT}")
    (tmp_path / "memory").mkdir()
    (tmp_path / usage).write_text(str(LIMIT // 2))
    (tmp_path / limit).write_text(str(LIMIT))

    lines: list[str] = []
    with connection.start_forked(*connection.sync_command()) as process:
        for line in process.stdout:
            lines.append(line)
            if sum(printed.startswith('{"type":"STATE"') for printed in lines) == 3:
                (tmp_path / usage).write_text(str(int(0.97 * LIMIT)))
    assert process.returncode == 1
    first = Output(process.returncode, "".join(lines), "")
    assert "97% of container limit" in first.errors[-1]["message"]
    assert "num_workers" in first.errors[-1]["message"]
    (tmp_path / usage).write_text(str(LIMIT // 2))
    connection.state = first.states[-1]
    rest = connection.sync()

    assert upserted(first.records, rest.records) == table(sandbox.truth())
    assert len(rest.records) < len(sandbox.truth())
