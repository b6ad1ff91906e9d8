"""The console script `source-consolidated-stats`."""

from __future__ import annotations

import sys

from .process import open_standard_output, watch
from .startup import fast_start


def run() -> None:
    """Runs the command that the arguments of the process name, and ends the process with it."""
    output = open_standard_output()
    watch(output)
    with fast_start():
        from .launch import run_command  # noqa: PLC0415  # loads the CDK

    run_command(sys.argv[1:] or ["--help"], output)
