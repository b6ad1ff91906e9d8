"""Runs the console script's function as a process of its own, at another time or with less patience.

`python -m integration_tests.sync.launcher [--at MOMENT] [--read-timeout SECONDS] -- COMMAND [ARGUMENT ...]`
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

import time_machine


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--at")
    parser.add_argument("--read-timeout", type=float)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    with ExitStack() as stack:
        if options.at:
            stack.enter_context(time_machine.travel(options.at, tick=True))
        from source_consolidated_stats.api import transport  # noqa: PLC0415  # after the clock is set
        from source_consolidated_stats.run import run  # noqa: PLC0415

        if options.read_timeout:
            transport.REQUEST_OPTIONS["timeout"] = (options.read_timeout, options.read_timeout)
        sys.argv = ["source-consolidated-stats", *options.command]
        run()


if __name__ == "__main__":
    main()
