"""Airbyte source for the consolidated statistics of Saleshandy sequences."""

import gc

# All that the CDK loads stays loaded: the collector would only walk it, again and again, while the connector starts.
gc.disable()
from .source import SourceConsolidatedStats  # noqa: E402

gc.enable()

__all__ = ["SourceConsolidatedStats"]
