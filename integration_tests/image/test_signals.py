"""A platform ends a container by a signal to its process 1, which has no default action for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from integration_tests.image.image import Image
from sandbox import Fault, Sandbox

pytestmark = pytest.mark.image_tests

KILLED = 137
"""The exit code of a container that ended by SIGKILL."""
POLLS = 300


@pytest.fixture
def silent_sandbox(sandbox: Sandbox) -> Iterator[Sandbox]:
    """It leaves every call for statistics open, so that all workers wait."""
    sandbox.faults.add(Fault("silent", times=None, path="consolidated-stats"))
    yield sandbox
    sandbox.faults.clear()


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGINT"])
def test_a_read_that_waits_ends_by_a_signal_and_says_so(
    image: Image, silent_sandbox: Sandbox, files: dict[str, object], signal: str
) -> None:
    calls_before = len(silent_sandbox.statistics_calls)

    with image.start(
        "read", "--config", "/secrets/config.json", "--catalog", "/secrets/catalog.json", files=files
    ) as container:
        for _ in range(POLLS):
            if len(silent_sandbox.statistics_calls) > calls_before:
                break
            time.sleep(0.1)
        container.send_signal(signal)
        output = container.wait()

    assert output.exit_code not in (0, KILLED)
    assert signal in output.stdout + output.stderr
    assert "Traceback" not in output.stdout + output.stderr
