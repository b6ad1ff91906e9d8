"""How long a call may take."""

from __future__ import annotations

import requests

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0
"""How long a connection may stay silent."""
BODY_TIMEOUT_S = 60.0
"""How long a body may take as a whole: one that drips is never silent."""
REQUEST_OPTIONS = {"timeout": (CONNECT_TIMEOUT_S, READ_TIMEOUT_S), "allow_redirects": False}


class ResponseDeadlineError(requests.exceptions.ReadTimeout):
    """A body that was still coming when its time was up."""

    def __init__(self) -> None:
        super().__init__(f"sent only a part of its response within {BODY_TIMEOUT_S:.0f} s.")
