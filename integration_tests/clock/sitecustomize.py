"""Sets the clock of a Python process to CLOCK_STARTS_AT, before any other code reads it."""

import os
import sys

if "CLOCK_STARTS_AT" in os.environ:
    # time_machine loads pytest for a fixture that nothing here uses; that would take longer than all the rest.
    sys.modules["pytest"] = None  # type: ignore[assignment]
    import time_machine

    del sys.modules["pytest"]
    time_machine.travel(os.environ["CLOCK_STARTS_AT"], tick=True).start()
