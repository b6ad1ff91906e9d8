"""The rate limit as all workers share it: a lock and a clock around `RateLimit`."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone

from ...errors import ApiError, RateLimitError
from ..call_budget import UNLIMITED, CallBudget
from ..judgement import is_rate_limited
from ..responses import ApiResponse, quote_error
from .headers import MAX_WAIT_S, read_signal
from .live import Call
from .rate_limit import RateLimit

_LOG_INTERVAL_S = 60.0
_MIN_LOGGED_WAIT_S = 1.0

logger = logging.getLogger("airbyte")


class SharedRateLimit:
    """Holds every worker's calls until the rate limit lets them go.

    `patience_s` is how long its calls may wait for the limit, counted from now; `budget` is how many there may be.
    Safe for threads.
    """

    def __init__(self, patience_s: float = math.inf, budget: CallBudget = UNLIMITED) -> None:
        self._limit = RateLimit()
        self._budget = budget
        self._changed = threading.Condition()
        self._next_line_at = -math.inf
        self._api_words = ""
        self._deadline = time.monotonic() + patience_s

    def send(self, call: Callable[[], ApiResponse]) -> ApiResponse:
        """The response to `call`, which is made again for as long as the rate limit refuses it.

        Raises RateLimitError once the patience or, by refusals, the budget is used up, ApiError if the budget was used
        up before, and whatever `call` raises.
        """
        if self._budget.is_spent:
            raise ApiError(
                "No calls are left, because calls before this one failed or met the rate limit. Try again later."
            )
        while self._budget.spend():
            permit = self._acquire()
            signal = None
            try:
                response = call()
                refused = is_rate_limited(response)
                if refused:
                    self._api_words = quote_error(response)
                signal = read_signal(response.headers, datetime.now(timezone.utc), refused=refused)
            finally:
                with self._changed:
                    if signal is None:
                        self._limit.abandoned(permit)
                    else:
                        self._limit.answered(permit, time.monotonic(), signal)
                    self._changed.notify_all()
            if not refused:
                return response
            response.close()
        raise RateLimitError("The API's rate limit refused every call that was left. Try again later.")

    def _acquire(self) -> Call:
        with self._changed:
            while (wait := self._limit.wait(time.monotonic())) > 0:
                now = time.monotonic()
                if now + (0.0 if math.isinf(wait) else wait) > self._deadline:
                    raise RateLimitError(f"The API's rate limit is used up{_for_how_long(wait)}. Try again later.")
                self._log(now, wait)
                self._changed.wait(min(wait, _LOG_INTERVAL_S, max(self._deadline - now, 0.01)))
            return self._limit.sent(time.monotonic())

    def _log(self, now: float, wait: float) -> None:
        """Says how long all workers wait, and what the last refusal said: once a minute at most."""
        if _MIN_LOGGED_WAIT_S <= wait <= MAX_WAIT_S and now >= self._next_line_at:
            self._next_line_at = now + _LOG_INTERVAL_S
            said = f" The API said: {self._api_words}." if self._api_words else ""
            logger.info(f"The API's rate limit is used up: every worker waits {wait:.0f} s for the next call.{said}")


def _for_how_long(wait: float) -> str:
    return "" if math.isinf(wait) else f" for another {wait:.0f} s"
