"""What is measured: each scenario runs its programs in turn, several times, and takes the medians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmark.processes import Rows, Run, Server, UnequalRowsError, rows_of, run, time_process
from benchmark.programs import CONNECTOR_SCRIPT, Programs
from benchmark.results import BARE_LOOP, CONNECTOR, LOW_CODE, Result, Target
from benchmark.settings import Settings


def without_latency(settings: Settings, folder: Path) -> tuple[list[Result], list[Target]]:
    rows = settings.many_rows
    with Server(rows) as server:
        programs = Programs(server, folder)
        commands = {BARE_LOOP: programs.bare_loop(), CONNECTOR: programs.connector(), LOW_CODE: programs.low_code()}
        require_equal_rows(commands)
        medians = _medians(commands, server, settings.repeats, {LOW_CODE: settings.slow_repeats})
    bare, connector, low_code = medians[BARE_LOOP], medians[CONNECTOR], medians[LOW_CODE]
    at = f"{rows:,} rows"
    return _results(at, rows, medians), [
        Target(f"CPU against the bare loop, {at}", connector.cpu_seconds / bare.cpu_seconds, 2.5),
        Target(f"CPU against the low-code manifest, {at}", connector.cpu_seconds / low_code.cpu_seconds, 1 / 8),
    ]


def with_latency(settings: Settings, folder: Path) -> tuple[list[Result], list[Target]]:
    rows = settings.rows_with_latency
    at = f"{rows:,} rows, {settings.latency * 1000:.0f} ms a call"
    with Server(rows, settings.latency) as server:
        programs = Programs(server, folder)
        workers = {_with_workers(number): programs.connector(number) for number in (1, 4, 8)}
        commands = {BARE_LOOP: programs.bare_loop(), **workers}
        require_equal_rows(commands)
        medians = _medians(commands, server, settings.slow_repeats)
    bare = medians[BARE_LOOP].seconds
    return _results(at, rows, medians), [
        Target(f"Wall time against the bare loop, {at}, {name}", medians[name].seconds / bare, maximum)
        for name, maximum in ((_with_workers(4), 0.45), (_with_workers(8), 0.28))
    ]


def memory(settings: Settings, folder: Path) -> tuple[list[Result], list[Target]]:
    results = []
    for rows in settings.memory_rows:
        with Server(rows) as server:
            programs = Programs(server, folder)
            command = programs.connector()
            require_equal_rows({BARE_LOOP: programs.bare_loop(), CONNECTOR: command})
            results.append(Result(f"Memory, {rows:,} rows", CONNECTOR, rows, run(command, server)))
    *_, before, last = (result.run.peak_mb for result in results)
    return results, [
        Target(f"Peak memory, {settings.memory_rows[-1]:,} rows", last, 200, " MB"),
        Target(f"Peak memory against {settings.memory_rows[-2]:,} rows", last / before, 1.1),
    ]


def small_account(settings: Settings, folder: Path) -> tuple[list[Result], list[Target]]:
    """The connector lists the sequences first, as it does for most users."""
    rows = settings.few_rows
    with Server(rows) as server:
        programs = Programs(server, folder)
        commands = {BARE_LOOP: programs.bare_loop(), CONNECTOR: programs.connector(sequence_ids=[])}
        require_equal_rows(commands)
        medians = _medians(commands, server, settings.repeats)
    at = f"{rows:,} rows"
    return _results(at, rows, medians), [Target(f"Calls, {at}, sequences listed", medians[CONNECTOR].calls, 12)]


def start_up(settings: Settings) -> list[Target]:
    """Most of a short command is the import of the CDK."""
    seconds = [time_process([CONNECTOR_SCRIPT, "spec"]).seconds for _ in range(settings.repeats)]
    return [Target("`spec`, the whole command", median(seconds), 1.0, " s")]


def require_equal_rows(commands: Mapping[str, Sequence[str]]) -> None:
    """Raises UnequalRowsError if the programs do not all emit the same rows."""
    emitted: dict[str, Rows] = {name: rows_of(command) for name, command in commands.items()}
    if len(set(emitted.values())) != 1:
        raise UnequalRowsError(", ".join(f"{name}: {rows.count:,} rows" for name, rows in emitted.items()))


def _medians(
    commands: Mapping[str, Sequence[str]], server: Server, repeats: int, fewer: Mapping[str, int] | None = None
) -> dict[str, Run]:
    """The programs in turn, `repeats` times, or as often as `fewer` has for them."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            if len(runs[name]) < (fewer or {}).get(name, repeats):
                runs[name].append(run(command, server))
    return {name: Run.median(of_one) for name, of_one in runs.items()}


def _results(setting: str, rows: int, medians: Mapping[str, Run]) -> list[Result]:
    return [Result(setting, name, rows, run) for name, run in medians.items()]


def _with_workers(number: int) -> str:
    return f"{CONNECTOR}, {number} worker{'s' if number > 1 else ''}"
