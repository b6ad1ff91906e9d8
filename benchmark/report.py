"""The page `docs/performance.md`, written from what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmark.limits import Outcome
from benchmark.results import BARE_LOOP, Result, Target
from benchmark.table import table

TITLE = """\
# Performance

Written by `make bench`, which runs whole processes on one machine, in turn. The figures of a program are medians of
five runs; what takes long (the low-code manifest, calls with latency, memory) ran once. What a sync costs in calls is
in the [README](../README.md#what-to-expect)."""
RESULTS = """\
## Speed, memory and calls

Three programs read the same rows from a server on the same machine: this connector through its console script, with 4
workers unless the table gives another number; a bare loop of requests and orjson that prints the same records and does
nothing else; and a low-code manifest for the same stream, run by the CDK. All of them have to emit exactly the same
rows, or the benchmark fails."""
LIMITS = """\
## Under a rate limit

Each cell has two figures: how long the sync took, divided by the ideal (as many whole windows of the limit as its calls
need), and the share of its calls that the API refused. A limit that no header announces is learned from refusals, so a
few of them are the price of finding out."""
TARGETS = "## Targets"
SHAPES = {
    "headers": "`x-ratelimit-...` headers",
    "retry-after": "429 with `Retry-After`",
    "bare": "429 without headers",
    "disguised": '400 that says "Rate Limit"',
}
"""How a limit of the sandbox shows, by its name there."""


@dataclass
class Report:
    """What one run of the benchmark measured; `conditions` are what its figures depend on, by name."""

    conditions: Mapping[str, str]
    results: list[Result] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def to_markdown(self) -> str:
        conditions = "\n".join(f"- {name}: {value}" for name, value in self.conditions.items())
        parts = [TITLE, conditions, RESULTS, _results_table(self.results), LIMITS, _limits_table(self.outcomes)]
        return "\n\n".join([*parts, TARGETS, _targets_table(self.targets)]) + "\n"


def _results_table(results: Sequence[Result]) -> str:
    """The last two columns compare with the bare loop at the same setting, if it ran."""
    head = ["Setting", "Program", ">Wall s", ">CPU s", ">Peak MB", ">Rows/s", ">CPU µs/row", ">Calls"]
    bare_loops = {result.setting: result.run for result in results if result.program == BARE_LOOP}
    rows = []
    for setting, program, count, run in results:
        bare = bare_loops.get(setting)
        rows.append(
            [
                setting,
                program,
                f"{run.seconds:.1f}",
                f"{run.cpu_seconds:.1f}",
                f"{run.peak_mb:.0f}",
                f"{count / run.seconds:,.0f}",
                f"{run.cpu_seconds / count * 1e6:.1f}",
                f"{run.calls:,.0f}",
                f"{run.seconds / bare.seconds:.2f}" if bare else "",
                f"{run.cpu_seconds / bare.cpu_seconds:.2f}" if bare else "",
            ]
        )
    return table([*head, ">Wall / bare loop", ">CPU / bare loop"], rows)


def _limits_table(outcomes: Iterable[Outcome]) -> str:
    """A row for each limit and how it shows, a column for each number of workers."""
    cells: dict[tuple[str, str], dict[int, str]] = {}
    for outcome in outcomes:
        calls, seconds, _, shape, workers = outcome.case
        row = cells.setdefault((f"{calls} calls in {seconds} s", SHAPES[shape]), {})
        row[workers] = f"{outcome.ratio:.2f}, {outcome.refused_share:.1%}"
    columns = sorted({workers for row in cells.values() for workers in row})
    head = ["Limit", "How it shows", *(f">{workers} worker{'s' * (workers > 1)}" for workers in columns)]
    return table(head, ([*names, *(row.get(workers, "") for workers in columns)] for names, row in cells.items()))


def _targets_table(targets: Iterable[Target]) -> str:
    rows = [
        [what, f"{measured:,.2f}{unit}", f"{maximum:,.2f}{unit}", "yes" if measured <= maximum else "no"]
        for what, measured, maximum, unit in targets
    ]
    return table(["Target", ">Measured", ">At most", "Met"], rows)
