from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sandbox import AccountSettings, Sandbox

from .connector import Connector


@pytest.fixture
def start_sandbox() -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes that are stopped with the test: `start_sandbox(emails=..., now=..., limit=...)`."""
    with ExitStack() as stack:

        def start(
            *, now: Any = None, limit: Any = None, latency: float = 0.0, rows_per_call: Any = None, **account: Any
        ) -> Sandbox:
            moving = {} if rows_per_call is None else {"rows_per_call": rows_per_call}
            sandbox = Sandbox(AccountSettings(**account), now=now, limit=limit, latency=latency, **moving)
            return stack.enter_context(sandbox)

        yield start


@pytest.fixture
def connect(tmp_path: Path) -> Callable[..., Connector]:
    """A connection to a sandbox: `connect(sandbox, at=..., lookback_window_days=...)`."""

    def connect(sandbox: Sandbox, *, at: Any = None, read_timeout: float | None = None, **config: Any) -> Connector:
        return Connector(
            tmp_path,
            {"api_key": sandbox.api_key, "api_url": sandbox.url, **config},
            at=at,
            read_timeout=read_timeout,
        )

    return connect
