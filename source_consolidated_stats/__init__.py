"""Airbyte source for the consolidated statistics of Saleshandy sequences."""

from .source import SourceConsolidatedStats

__all__ = ["SourceConsolidatedStats"]
