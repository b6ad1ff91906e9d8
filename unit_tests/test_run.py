"""How the console script prepares its process."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import gc, inspect
from source_consolidated_stats.startup import fast_start

with fast_start():
    from source_consolidated_stats.launch import run_command
print(gc.isenabled(), inspect.getsource(run_command).splitlines()[0])
"""


def test_the_process_is_itself_again_once_the_cdk_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("True def run_command(")
