"""What is wrong with a call."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ConnectorError


class Problem(NamedTuple):
    """The error that ends a call, unless the problem `is_transient`: then the call is tried again after `pause_s`
    seconds (None: the caller's own pauses)."""

    error: ConnectorError
    is_transient: bool = False
    pause_s: float | None = None
