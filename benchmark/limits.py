"""How near the connector comes to the ideal under a rate limit, in each of the forms in which the API refuses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

from benchmark.processes import Run, Server, run
from benchmark.programs import Programs
from benchmark.results import Target
from benchmark.settings import Settings
from benchmark.table import table

FORMS = {
    "headers": "`x-ratelimit-...` headers",
    "retry-after": "429 with `Retry-After`",
    "bare": "429 without headers",
    "code-4000": '400 that says "Rate Limit"',
}
"""How the limit shows, by its name in the sandbox."""
SYNCS_AT_A_TIME = 2
"""Under a limit, syncs mostly wait, but each start takes a core."""
MAX_RATIO = 2.0
"""Nobody has seen these limits; what is aimed for under the live limit is in `live_limit`."""


class Limited(NamedTuple):
    """`workers` read `rows` rows from a server that allows `calls` calls in `seconds` seconds."""

    calls: int
    seconds: int
    rows: int
    form: str
    workers: int


class Outcome(NamedTuple):
    case: Limited
    run: Run

    @property
    def ideal_s(self) -> float:
        """As many whole windows of the limit as the calls need."""
        return math.ceil(self.run.calls / self.case.calls) * self.case.seconds

    @property
    def ratio(self) -> float:
        return self.run.seconds / self.ideal_s

    @property
    def refused_share(self) -> float:
        return self.run.refused / (self.run.calls + self.run.refused)


def under_limits(settings: Settings, folder: Path) -> list[Outcome]:
    cases = [
        Limited(*limit, form, workers)
        for limit, form, workers in product(settings.limits, FORMS, settings.limited_workers)
    ]
    with ThreadPoolExecutor(SYNCS_AT_A_TIME) as pool:
        return list(pool.map(lambda case: _read(case, folder), cases))


def limits_table(outcomes: Iterable[Outcome]) -> str:
    """Markdown: a row for each limit and how it shows, a column for each number of workers."""
    cells: dict[tuple[str, str], dict[int, str]] = {}
    for outcome in outcomes:
        calls, seconds, _, form, workers = outcome.case
        row = cells.setdefault((f"{calls} calls in {seconds} s", FORMS[form]), {})
        row[workers] = f"{outcome.ratio:.2f}, {outcome.refused_share:.1%}"
    columns = sorted({workers for row in cells.values() for workers in row})
    head = ["Limit", "How it shows", *(f">{workers} worker{'s' * (workers > 1)}" for workers in columns)]
    return table(head, ([*names, *(row.get(workers, "") for workers in columns)] for names, row in cells.items()))


def worst(outcomes: Sequence[Outcome]) -> Target:
    return Target("Under a limit, time against the ideal, the worst", max(each.ratio for each in outcomes), MAX_RATIO)


def _read(case: Limited, folder: Path) -> Outcome:
    own_folder = folder / "-".join(map(str, case))
    own_folder.mkdir()
    with Server(case.rows, limit=f"{case.calls}/{case.seconds}/{case.form}") as server:
        return Outcome(case, run(Programs(server, own_folder).connector(case.workers), server))
