"""Processes forked from one that has loaded the CDK already: loading it is most of what a short command does.

They share its hash seed, and print to files. What depends on how a process starts or on a pipe needs one of its own:
`Connection.start`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from integration_tests.sync.launcher import launch

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["source_consolidated_stats.launch", "time_machine", __name__])


def run_forked(arguments: Sequence[str], now: datetime, stdout: Path, stderr: Path, timeout_s: float) -> int:
    """Launches the connector at the moment `now`, with what it prints in files, and gives its exit code.

    Raises TimeoutError if it takes longer than `timeout_s`.
    """
    return call_forked(_launch, (arguments, now.isoformat(), dict(os.environ)), stdout, stderr, timeout_s)


def call_forked(
    work: Callable[..., object], arguments: Sequence[object], stdout: Path, stderr: Path, timeout_s: float
) -> int:
    """The exit code of a process that calls `work`, a function of a module. Raises as `run_forked` does."""
    for file in (stdout, stderr):
        file.write_bytes(b"")
    process = CONTEXT.Process(target=_call, args=(work, arguments, stdout, stderr))
    process.start()
    process.join(timeout_s)
    if process.is_alive():
        process.kill()
        process.join()
        raise TimeoutError(f"{' '.join(map(str, arguments))} did not end within {timeout_s} s")
    assert process.exitcode is not None
    return process.exitcode


def _call(work: Callable[..., object], arguments: Sequence[object], stdout: Path, stderr: Path) -> None:
    for file, stream in ((stdout, sys.__stdout__), (stderr, sys.__stderr__)):
        assert stream
        os.dup2(os.open(file, os.O_WRONLY), stream.fileno())
    work(*arguments)


def _launch(arguments: Sequence[str], now: str, environment: Mapping[str, str]) -> None:
    import time_machine  # noqa: PLC0415  # is loaded already

    os.environ.clear()
    os.environ.update(environment)
    time_machine.travel(now, tick=True).start()
    launch(arguments)
