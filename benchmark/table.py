"""Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as Markdown; a head that begins with `>` aligns its column to the right."""
    rule = ["---:" if cell.startswith(">") else "---" for cell in head]
    lines = [[cell.removeprefix(">") for cell in head], rule, *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
