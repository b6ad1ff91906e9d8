"""What was measured, as tables that can go into the README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmark.measuring import Run

BARE = "bare loop"


class Result(NamedTuple):
    """The median run of one program at one setting."""

    setting: str
    program: str
    rows: int
    run: Run


@dataclass(frozen=True)
class Target:
    """A figure of which less is better."""

    what: str
    measured: float
    most: float
    unit: str = ""

    def cells(self) -> list[str]:
        met = "met" if self.measured <= self.most else "not met"
        return [self.what, f"{self.measured:,.2f}{self.unit}", f"{self.most:,.2f}{self.unit}", met]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown; a head that begins with `>` aligns its column to the right."""
    lines = [list(head), ["---:" if cell.startswith(">") else "---" for cell in head], *map(list, rows)]
    lines[0] = [cell.removeprefix(">") for cell in head]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def results_table(results: Sequence[Result]) -> str:
    """The last columns compare with the bare loop at the same setting, where it ran."""
    head = ["Setting", "Program", ">Wall s", ">CPU s", ">Peak MB", ">Rows/s", ">CPU µs/row", ">Calls"]
    bare_loops = {result.setting: result.run for result in results if result.program == BARE}
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


def targets_table(targets: Iterable[Target]) -> str:
    return table(["Target", ">Measured", ">At most", "Met"], (target.cells() for target in targets))
