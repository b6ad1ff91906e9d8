"""A limit is waited for by all workers together, told, and never given up on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox import Fault, RateLimit, Sandbox

from .connector import Connector, table

Start = Callable[..., Sandbox]
Connect = Callable[..., Connector]


@pytest.mark.parametrize("shape", ["headers", "retry-after", "bare", "disguised"])
@pytest.mark.parametrize("workers", [1, 6])
def test_few_calls_are_refused(start_sandbox: Start, connect: Connect, shape: str, workers: int) -> None:
    sandbox = start_sandbox(emails=3_000, sequences=10, limit=RateLimit(calls=8, seconds=3, shape=shape))
    output = connect(sandbox, page_size=100, num_workers=workers).read()
    assert output.exit_code == 0
    assert table(output.records) == table(sandbox.truth())
    refused = [call for call in sandbox.calls if call.refusal]
    assert len(refused) <= len(sandbox.calls) / 4
    assert "rate limit is used up: every worker waits" in output.log
    if shape == "headers":
        assert not refused


def test_a_limit_that_lasts_longer_than_all_other_patience(start_sandbox: Start, connect: Connect) -> None:
    """More refusals in a row than a failure is ever tried."""
    sandbox = start_sandbox(emails=300)
    sandbox.faults.add(Fault("429-retry-after", times=15, path="consolidated-stats"))
    output = connect(sandbox).read()
    assert output.exit_code == 0
    assert table(output.records) == table(sandbox.truth())


def test_check_waits_for_a_limit_too(start_sandbox: Start, connect: Connect) -> None:
    sandbox = start_sandbox(emails=10)
    sandbox.faults.add(Fault("429-reset", path="/v1/sequences"))
    assert connect(sandbox).check().status["status"] == "SUCCEEDED"
