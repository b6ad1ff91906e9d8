"""How much is measured: everything, or as much as fits into a minute or two."""

from __future__ import annotations

from typing import NamedTuple


class Settings(NamedTuple):
    repeats: int = 5
    slow_repeats: int = 1
    """Of what takes long: the low-code manifest, and calls with latency."""
    many_rows: int = 200_000
    rows_with_latency: int = 50_000
    latency: float = 0.15
    """Seconds a call."""
    memory_rows: tuple[int, ...] = (50_000, 200_000, 1_000_000)
    few_rows: int = 2_000
    model_rows: int = 1_000_000
    """Emails that the SQL of `models/` is run on."""
    limits: tuple[tuple[int, int, int], ...] = ((8, 3, 24_000), (20, 10, 20_000))
    """Calls, the seconds in which they are allowed, and the rows that are read under that limit."""
    limited_workers: tuple[int, ...] = (1, 4, 8)


FULL = Settings()
QUICK = Settings(
    repeats=1,
    slow_repeats=1,
    many_rows=20_000,
    rows_with_latency=8_000,
    memory_rows=(10_000, 40_000),
    model_rows=100_000,
    limits=((8, 3, 8_000),),
    limited_workers=(4,),
)
