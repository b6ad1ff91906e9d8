"""How many calls a first read takes, on whatever days the emails were sent."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import NamedTuple

from benchmark.processes import Server, UnequalRowsError, rows_of
from benchmark.programs import PAGE_SIZE, Programs
from benchmark.results import Target
from benchmark.schedules import SCHEDULES
from benchmark.settings import Settings
from benchmark.table import table

MAX_CALLS_OF_FEW_ROWS = 11
"""One less than with the listing of the sequences."""
MAX_CALLS_A_PAGE = 1.04


class FirstRead(NamedTuple):
    """The calls in which 4 workers read every row of an account once, if sequence ids are given."""

    schedule: str
    rows: int
    calls: int

    @property
    def calls_a_page(self) -> float:
        return self.calls / (self.rows / PAGE_SIZE)


def first_reads(settings: Settings, folder: Path) -> list[FirstRead]:
    """The accounts of few rows and those of many, each with every schedule."""
    return [
        _first_read(schedule, rows, folder)
        for rows, schedule in product((settings.few_rows, settings.many_rows), SCHEDULES)
    ]


def calls_targets(reads: Iterable[FirstRead], few_rows: int) -> list[Target]:
    return [
        Target(f"Calls, {read.rows:,} rows, {read.schedule}", read.calls, MAX_CALLS_OF_FEW_ROWS)
        if read.rows == few_rows
        else Target(
            f"Calls against rows / {PAGE_SIZE}, {read.rows:,} rows, {read.schedule}",
            read.calls_a_page,
            MAX_CALLS_A_PAGE,
        )
        for read in reads
    ]


def calls_table(reads: Iterable[FirstRead]) -> str:
    """Markdown: a row for each account."""
    rows = ([f"{read.rows:,}", read.schedule, f"{read.calls:,}", f"{read.calls_a_page:.3f}"] for read in reads)
    return table([">Rows", "Emails are sent", ">Calls", f">Calls / (rows / {PAGE_SIZE})"], rows)


def _first_read(schedule: str, rows: int, folder: Path) -> FirstRead:
    """Raises UnequalRowsError if the connector does not emit as many rows as there are."""
    with Server(rows, schedule=schedule) as server:
        found = rows_of(Programs(server, folder).connector()).count
        if found != rows:
            raise UnequalRowsError(f"{schedule}: {found:,} of {rows:,} rows")
        calls, _ = server.counts()
    return FirstRead(schedule, rows, calls)
