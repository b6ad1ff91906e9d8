"""The console script `source-consolidated-stats`."""

from __future__ import annotations

import gc
import sys


def run() -> None:
    """Runs the command that the arguments name, with the garbage collector set for it.

    All that the CDK loads stays loaded, and records form no cycles, but thousands of them wait to be printed: the
    collector would walk both, again and again.
    """
    gc.disable()
    from .command import run_command  # noqa: PLC0415  # loads the CDK

    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()
    run_command(sys.argv[1:] or ["--help"])
