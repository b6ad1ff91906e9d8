"""Numbers in messages."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Such as `1 sequence` or `2,500 sequences`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
