"""Runs the console script's function as a process of its own that waits less than the connector does.

`python -m integration_tests.sync.launcher [--read-timeout SECONDS] [--heartbeat SECONDS] [--memory FOLDER] -- COMMAND
[ARGUMENT ...]`. The folder takes the place of the one where a container has the figures of its memory.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

PAUSE_SHARE = 0.05
"""Of each pause before another attempt, so that 31 s of them take 1.5 s. What a rate limit asks for is waited for."""


def launch(arguments: Sequence[str]) -> None:
    """Does what the command line asks for, and ends the process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--read-timeout", type=float)
    parser.add_argument("--heartbeat", type=float)
    parser.add_argument("--memory", type=Path)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    from source_consolidated_stats.api import timeouts  # noqa: PLC0415

    if options.read_timeout:
        timeouts.REQUEST_OPTIONS["timeout"] = (options.read_timeout, options.read_timeout)
        timeouts.CALL_TIMEOUT_S = 2 * options.read_timeout
    if options.heartbeat:
        from source_consolidated_stats.reading import heartbeat  # noqa: PLC0415

        heartbeat.INTERVAL_S = options.heartbeat
    if options.memory:
        _watch_memory_in(options.memory)
    from source_consolidated_stats.run import run  # noqa: PLC0415

    sys.argv = ["source-consolidated-stats", *options.command]
    sleep = time.sleep
    with mock.patch("time.sleep", lambda seconds: sleep(PAUSE_SHARE * seconds)):
        run()


def _watch_memory_in(folder: Path) -> None:
    from airbyte_cdk.utils import memory_monitor  # noqa: PLC0415

    for name, path in vars(memory_monitor).items():
        if name.startswith("_CGROUP_"):
            setattr(memory_monitor, name, folder / path.relative_to("/sys/fs/cgroup"))


if __name__ == "__main__":
    launch(sys.argv[1:])
