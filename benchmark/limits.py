"""How near the connector comes to the ideal under a rate limit, in each of the shapes in which the API refuses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

from benchmark.contestants import Contestants
from benchmark.measuring import Run, Server, run
from benchmark.report import Target, table
from benchmark.settings import Settings
from sandbox.faults.rate_limit import SHAPES

AT_A_TIME = 2
"""Syncs that run side by side: under a limit they mostly wait, but their starts cost a core each."""
MOST = 1.15


class Limited(NamedTuple):
    calls: int
    seconds: int
    rows: int
    shape: str
    workers: int


class Outcome(NamedTuple):
    case: Limited
    run: Run

    @property
    def ideal(self) -> float:
        """Seconds: as many whole windows as the calls need."""
        return math.ceil(self.run.calls / self.case.calls) * self.case.seconds

    @property
    def ratio(self) -> float:
        return self.run.seconds / self.ideal

    def cells(self) -> list[str]:
        calls, seconds, _, shape, workers = self.case
        refused = self.run.refused / (self.run.calls + self.run.refused)
        return [
            f"{calls} calls in {seconds} s",
            shape,
            str(workers),
            f"{self.run.calls:.0f}",
            f"{self.run.seconds:.1f}",
            f"{self.ideal:.0f}",
            f"{self.ratio:.2f}",
            f"{refused:.1%}",
            "met" if self.ratio <= MOST else "not met",
        ]


def under_limits(settings: Settings, folder: Path) -> list[Outcome]:
    cases = [
        Limited(*limit, shape, workers)
        for limit, workers, shape in product(settings.limits, settings.limited_workers, SHAPES)
    ]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return list(pool.map(lambda case: _read(case, folder), cases))


def limits_table(outcomes: Sequence[Outcome]) -> str:
    head = ["Limit", "Shape", ">Workers", ">Calls", ">Seconds", ">Ideal", ">Ratio", ">Refused", f"At most {MOST}"]
    return table(head, (outcome.cells() for outcome in outcomes))


def worst(outcomes: Sequence[Outcome]) -> Target:
    return Target("Under a limit, time against the ideal, the worst", max(each.ratio for each in outcomes), MOST)


def _read(case: Limited, folder: Path) -> Outcome:
    own_folder = folder / "-".join(map(str, case))
    own_folder.mkdir()
    with Server(case.rows, limit=f"{case.calls}/{case.seconds}/{case.shape}") as server:
        return Outcome(case, run(Contestants(server, own_folder).connector(case.workers), server))
