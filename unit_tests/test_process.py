from __future__ import annotations

import subprocess
import sys

ENDING = """
import threading
from source_consolidated_stats.process import end_process

def end(number, all_there=threading.Barrier(50)):
    all_there.wait()
    end_process(f"reason {number}", 3)

for number in range(50):
    threading.Thread(target=end, args=(number,)).start()
"""


def test_a_process_that_several_threads_end_gives_one_reason() -> None:
    done = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, check=False)

    (line,) = done.stderr.splitlines()
    assert line.startswith("source-consolidated-stats ended: reason ")
    assert done.returncode == 3
