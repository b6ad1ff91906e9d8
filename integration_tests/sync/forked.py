"""Processes forked from one that has loaded the CDK already: loading it is most of what a short command does.

They share its hash seed. What depends on how a process starts needs one of its own: `Connection.start`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from types import TracebackType

from integration_tests.sync.launcher import launch

STDIN, STDOUT, STDERR = range(3)
CONTEXT = multiprocessing.get_context("forkserver")
PRELOADED = ["source_consolidated_stats.launch", "time_machine", "integration_tests.sync.destination", __name__]
CONTEXT.set_forkserver_preload(PRELOADED)


class Forked:
    """A process that calls `work`, a function of a module, between two pipes. Its standard error is a file.

    At the end of its `with` block, its pipes are closed and it is waited for.
    """

    def __init__(self, work: Callable[..., object], arguments: Sequence[object], stderr: Path) -> None:
        stderr.write_bytes(b"")
        (taken, put), (read, printed) = os.pipe(), os.pipe()
        self.stdin, self.stdout = os.fdopen(put, "w", encoding="utf-8"), os.fdopen(read, encoding="utf-8")
        with Pipe(taken, writable=False) as stdin, Pipe(printed, readable=False) as stdout:
            self._process = CONTEXT.Process(target=_call_piped, args=(work, arguments, stdin, stdout, stderr))
            self._process.start()

    def __enter__(self) -> Forked:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stdout.close()
        with suppress(BrokenPipeError):
            self.stdin.close()
        self.wait()

    @property
    def returncode(self) -> int | None:
        """Negative for a signal, None while it runs."""
        return self._process.exitcode

    def wait(self) -> None:
        self._process.join()

    def kill(self) -> None:
        self._process.kill()


def start_forked(arguments: Sequence[str], now: datetime, stderr: Path) -> Forked:
    """The connector, launched at the moment `now`."""
    return Forked(_launch, (arguments, now.isoformat(), dict(os.environ)), stderr)


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
    os.dup2(os.open(stdout, os.O_WRONLY), STDOUT)
    os.dup2(os.open(stderr, os.O_WRONLY), STDERR)
    work(*arguments)


def _call_piped(
    work: Callable[..., object], arguments: Sequence[object], stdin: Pipe, stdout: Pipe, stderr: Path
) -> None:
    with stdin, stdout:
        os.dup2(stdin.fileno(), STDIN)
        os.dup2(stdout.fileno(), STDOUT)
    os.dup2(os.open(stderr, os.O_WRONLY), STDERR)
    sys.stdin = open(STDIN, encoding="utf-8")  # noqa: SIM115  # multiprocessing has put another in its place
    work(*arguments)


def _launch(arguments: Sequence[str], now: str, environment: Mapping[str, str]) -> None:
    import time_machine  # noqa: PLC0415  # is loaded already

    os.environ.clear()
    os.environ.update(environment)
    time_machine.travel(now, tick=True).start()
    launch(arguments)
