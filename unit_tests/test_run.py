"""How the console script prepares its process."""

from __future__ import annotations

import subprocess
import sys

SPEC = """
import gc, inspect, sys
from source_consolidated_stats.run import run

sys.argv = ["source-consolidated-stats", "spec"]
run()
print(gc.isenabled(), inspect.getsource(run).splitlines()[0], file=sys.stderr)
"""


def test_the_process_is_itself_again_once_the_cdk_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", SPEC], capture_output=True, text=True, check=True)
    assert '"type":"SPEC"' in done.stdout
    assert done.stderr == "True def run() -> None:\n"
