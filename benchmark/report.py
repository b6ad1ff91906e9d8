"""The page `docs/performance.md`, written from what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmark.calls import FirstRead, calls_table
from benchmark.limits import Outcome, limits_table
from benchmark.live_limit import SimulatedSync, live_limit_table
from benchmark.models import ModelTime, models_table
from benchmark.results import BARE_LOOP, Result, Target
from benchmark.table import table

TITLE = """\
# Performance

Written by `make bench`, which runs whole processes on one machine, in turn. The figures of a program are medians of
five runs; what takes long (the low-code manifest, calls with latency, memory) ran once. What a sync costs in calls is
in the [README](../README.md#what-to-expect)."""
RESULTS = """\
## Speed and memory

Three programs read the same rows from a server on the same machine: this connector through its console script, with 4
workers unless the table gives another number; a bare loop of requests and orjson that prints the same records and does
nothing else; and a low-code manifest for the same stream, run by the CDK. All of them have to emit exactly the same
rows, or the benchmark fails."""
CALLS = """\
## Calls of a first read

A call returns at most 500 rows, so a read takes at least rows / 500 calls. The connector reads two years in windows of
days that it sizes as it goes, since it does not know beforehand on which days emails were sent; the last page of each
window is seldom full. It reads with 4 workers, and sequence ids are given: listing up to 1,000 sequences takes one call
more."""
LIMITS = """\
## Under a rate limit

Each cell has two figures: how long the sync took, divided by the ideal (as many whole windows of the limit as its calls
need), and the share of its calls that the API refused. The first is below 1 if a sync makes its last calls early in a
window. Nobody has seen these limits at Saleshandy: where no header announces one, the connector finds a pace that is
seldom refused, and may take up to twice the ideal."""
LIVE_LIMIT = """\
## Under the live limit, simulated

The limit that Saleshandy's support named is 20 calls in 60 seconds. No header announces it, and how its window moves is
not known. This table is a simulation: the connector's rate limit meets that of the sandbox on a clock of their own, on
which minutes pass in milliseconds. A sync makes 225 calls of half a second, as many as 106,000 rows take.

Each cell has the time that the sync took, divided by the ideal (each call is sent as soon as the limit admits it), and
how many calls were refused: among the first 60, and after them. If another client makes calls with the same key, the
ideal is what these leave. The figure is below 1 if some of them are refused in place of the connector's."""
MODELS = """\
## Models

How long DuckDB takes to make a table of each of the [models](consolidated-stats.md#models) on a million emails, from
tables as PyAirbyte makes them. All but `emails` read tables that are there already."""
TARGETS = "## Targets"


@dataclass
class Report:
    """What one run of the benchmark measured; `conditions` are what its figures depend on, by name."""

    conditions: Mapping[str, str]
    results: list[Result] = field(default_factory=list)
    first_reads: list[FirstRead] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    simulated_syncs: list[SimulatedSync] = field(default_factory=list)
    model_times: list[ModelTime] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def to_markdown(self) -> str:
        conditions = "\n".join(f"- {name}: {value}" for name, value in self.conditions.items())
        parts = (
            *(TITLE, conditions),
            *(RESULTS, _results_table(self.results)),
            *(CALLS, calls_table(self.first_reads)),
            *(LIMITS, limits_table(self.outcomes)),
            *(LIVE_LIMIT, live_limit_table(self.simulated_syncs)),
            *(MODELS, models_table(self.model_times)),
            *(TARGETS, _targets_table(self.targets)),
        )
        return "\n\n".join(parts) + "\n"


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


def _targets_table(targets: Iterable[Target]) -> str:
    rows = [
        [what, f"{measured:,.2f}{unit}", f"{maximum:,.2f}{unit}", "yes" if measured <= maximum else "no"]
        for what, measured, maximum, unit in targets
    ]
    return table(["Target", ">Measured", ">At most", "Met"], rows)
