"""How long a call may take."""

from __future__ import annotations

import requests

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0
"""How long a connection may stay silent."""
CALL_TIMEOUT_S = 60.0
"""How long a call may take as a whole: one that drips is never silent."""
REQUEST_OPTIONS = {"timeout": (CONNECT_TIMEOUT_S, READ_TIMEOUT_S), "allow_redirects": False}


class CallTimeoutError(requests.exceptions.Timeout):
    """A response that was still coming when the time of its call was up."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(f"did not complete its response within {timeout_s:.0f} s.")
