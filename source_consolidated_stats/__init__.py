"""Airbyte source for the consolidated statistics of Saleshandy sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .source import SourceConsolidatedStats

__all__ = ["SourceConsolidatedStats"]


def __getattr__(name: str) -> Any:
    """The source, loaded when it is asked for: the console script prepares the process before the CDK is loaded."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .source import SourceConsolidatedStats  # noqa: PLC0415

    return SourceConsolidatedStats
