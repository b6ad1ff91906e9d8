"""What scenarios measure, and what is aimed for."""

from __future__ import annotations

from typing import NamedTuple

from benchmark.processes import Run

BARE_LOOP, CONNECTOR, LOW_CODE = "bare loop", "connector", "low-code manifest"
"""The programs that are compared."""


class Result(NamedTuple):
    """The median run of one program at one setting."""

    setting: str
    program: str
    rows: int
    run: Run


class Target(NamedTuple):
    """A figure that should not be above `maximum`."""

    what: str
    measured: float
    maximum: float
    unit: str = ""
