"""Syncs through PyAirbyte into real warehouses, whose tables have to equal the sandbox's truth."""

import os
import warnings
from datetime import timedelta
from tempfile import TemporaryDirectory

from integration_tests.clock import NOW

# PyAirbyte reads these once, when it is imported: no look-ups in a registry, no telemetry, and logs that do not stay.
LOGS = TemporaryDirectory(prefix="warehouses-")
os.environ.update(AIRBYTE_OFFLINE_MODE="1", DO_NOT_TRACK="1", NO_LIVE_PROGRESS="1", AIRBYTE_LOGGING_ROOT=LOGS.name)
warnings.filterwarnings("ignore", category=FutureWarning, message=".*google")

THREE_DAYS_AGO = NOW - timedelta(days=3)
"""Where a sandbox's clock starts, so that it moves by three days without running ahead of the connector's."""
