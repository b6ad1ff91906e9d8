"""The live limit, 20 calls in 60 seconds without a header, in a simulation on a clock of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from math import ceil
from typing import NamedTuple

from benchmark.limit_simulation import EARLY_CALLS, LIVE, Limited, Result, Sync, ideal, simulate
from benchmark.results import Target
from benchmark.table import table

CALLS = 225
"""As many as a sync of 106,000 rows takes."""
WORKERS = (1, 4, 8, 20)
OTHER_CALLS = 5
"""A minute, by another client of the key."""
WINDOWS = {
    "fixed": "from the first call",
    "clock": "each minute of the clock",
    "sliding": "sliding",
    "counting": "sliding, refused calls count",
}
"""How the limit's window moves, by its name in the sandbox."""


class SimulatedSync(NamedTuple):
    """`ideal_s` is how long its calls take if each is sent as soon as the limit admits it."""

    window: str
    other_calls: int
    workers: int
    ideal_s: float
    result: Result

    @property
    def ratio(self) -> float:
        return self.result.seconds / self.ideal_s


def simulated_syncs() -> list[SimulatedSync]:
    return [_simulate(*case) for case in product(WINDOWS, (0, OTHER_CALLS), WORKERS)]


def live_limit_targets(syncs: Sequence[SimulatedSync]) -> list[Target]:
    """For the worst of `syncs`."""
    what, hundreds = "Live limit, simulated, the worst", ceil((CALLS - EARLY_CALLS) / 100)
    ratio = max(sync.ratio for sync in syncs)
    early = max(sync.result.refused_early for sync in syncs)
    late = max(sync.result.refused_late for sync in syncs)
    return [
        Target(f"{what}: time against the ideal", ratio, 1.1),
        Target(f"{what}: refused among the first {EARLY_CALLS} calls", early, 6),
        Target(f"{what}: refused of each 100 calls after them", late / hundreds, 6),
    ]


def live_limit_table(syncs: Iterable[SimulatedSync]) -> str:
    """Markdown: a row for each way to count, a column for each number of workers."""
    rows: dict[tuple[str, int], list[str]] = {}
    for sync in syncs:
        cells = rows.setdefault((sync.window, sync.other_calls), [])
        cells.append(f"{sync.ratio:.2f}, {sync.result.refused_early} + {sync.result.refused_late}")
    columns = (f">{number} worker{'s' * (number > 1)}" for number in WORKERS)
    head = ["The limit's window", ">Another client's calls a minute", *columns]
    return table(head, ([WINDOWS[window], str(others), *cells] for (window, others), cells in rows.items()))


def _simulate(window: str, other_calls: int, workers: int) -> SimulatedSync:
    """The ideal leaves out what another client uses."""
    shared, rest = (
        Sync(partial(Limited, replace(LIVE, window=window, other_calls=others, calls=calls)), CALLS, workers)
        for others, calls in ((other_calls, LIVE.calls), (0, LIVE.calls - other_calls))
    )
    return SimulatedSync(window, other_calls, workers, ideal(rest), simulate(shared))
