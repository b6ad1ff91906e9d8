"""`python -m demo`: two syncs into a DuckDB file through PyAirbyte, and a report of what is in it."""

import os
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIG_FILE = ROOT / "secrets" / "config.json"
SYNC_FOLDER = ROOT / ".sync"

if find_spec("airbyte") is None:
    sys.exit("PyAirbyte is not installed. `make sync` installs it.")

# PyAirbyte reads these once, when it is imported: no look-ups in a registry, no telemetry, no logs outside the project.
os.environ.update(
    AIRBYTE_OFFLINE_MODE="1",
    DO_NOT_TRACK="1",
    NO_LIVE_PROGRESS="1",
    AIRBYTE_LOGGING_ROOT=str(SYNC_FOLDER / "logs"),
    AIRBYTE_CACHE_ROOT=str(SYNC_FOLDER / "files"),
)
warnings.filterwarnings("ignore", category=FutureWarning, message=".*google")
