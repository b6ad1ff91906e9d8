"""Runs whole processes against a server of their own, and measures what they cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from hashlib import blake2b
from statistics import median
from types import TracebackType
from typing import IO
from urllib.request import urlopen

import orjson

from benchmark.schedules import EVERY_DAY
from benchmark.server import COUNTS_PATH, RESET_PATH


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu_seconds: float
    peak_mb: float
    calls: float = 0
    """Calls that were answered; `refused` counts the others."""
    refused: float = 0

    @staticmethod
    def median(runs: Sequence[Run]) -> Run:
        return Run(*(median(getattr(run, field.name) for run in runs) for field in fields(Run)))


@dataclass(frozen=True)
class Rows:
    """What was emitted: equal for the same rows, whatever their order."""

    count: int
    digest: int


class UnequalRowsError(Exception):
    """Programs that should emit the same rows did not."""


class Server:
    """A server of `rows` rows, sent on the days of `schedule`, that waits `latency` seconds before each response.

    It runs during its `with` block.
    """

    def __init__(self, rows: int, latency: float = 0.0, limit: str = "", schedule: str = EVERY_DAY) -> None:
        self.rows = rows
        options = [f"--rows={rows}", f"--latency={latency}", f"--schedule={schedule}"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmark.server", *options, *([f"--limit={limit}"] if limit else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.url, self.first_day = self._process.stdout.readline().split()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def reset(self) -> None:
        self._ask(RESET_PATH)

    def counts(self) -> tuple[int, int]:
        """How many calls were answered and how many were refused since the last reset."""
        counts = self._ask(COUNTS_PATH)
        return counts["answered"], counts["refused"]

    def _ask(self, path: str) -> dict[str, int]:
        with urlopen(self.url + path) as response:
            counts: dict[str, int] = json.load(response)
            return counts


def run(command: Sequence[str], server: Server) -> Run:
    """One run of `command`, which calls `server`; its output is discarded."""
    server.reset()
    cost = time_process(command)
    calls, refused = server.counts()
    return Run(cost.seconds, cost.cpu_seconds, cost.peak_mb, calls, refused)


def time_process(command: Sequence[str]) -> Run:
    """One run of `command`, without a server; its output is discarded."""
    with open(os.devnull, "wb") as nowhere:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def rows_of(command: Sequence[str]) -> Rows:
    """The rows that `command` emits."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout
    rows = _digest(process.stdout)
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, command)
    return rows


def _digest(output: IO[bytes]) -> Rows:
    count = total = 0
    for line in output:
        with suppress(orjson.JSONDecodeError):
            message = orjson.loads(line)
            if message["type"] == "RECORD":
                canonical = orjson.dumps(message["record"]["data"], option=orjson.OPT_SORT_KEYS)
                total += int.from_bytes(blake2b(canonical, digest_size=16).digest(), "big")
                count += 1
    return Rows(count, total % 2**128)
