"""The moment at which a test takes place: no test reads the machine's clock, so that each comes out the same every day.

A process that gets `environment_at(moment)` finds this folder on its PYTHONPATH: Python runs `sitecustomize` before
anything else, which sets the clock.
"""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
"""Where the clock stands at the start of a test, unless the test is about another moment."""


def environment_at(moment: datetime) -> dict[str, str]:
    """The environment of a Python process whose clock starts at `moment` and ticks on from there."""
    folder = str(Path(__file__).parent)
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path not in {"", folder}]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([folder, *others]), "CLOCK_STARTS_AT": moment.isoformat()}
