"""The tests of the image do not pass where they could not run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_without_an_engine_the_run_fails_and_says_that_nothing_was_proved() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "integration_tests/image", "-m", "image_tests"]
    environment = {**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stdout.count("NOTHING WAS PROVED") == 1
    assert "skipped" not in done.stdout
