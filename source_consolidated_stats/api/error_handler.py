"""The CDK's view of how a failed call goes on: tried again, after which pause, or ended by which error."""

from __future__ import annotations

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.streams.http.error_handlers import (
    BackoffStrategy,
    ErrorHandler,
    ErrorResolution,
    ResponseAction,
)

from ..errors import ApiError, CircuitOpenError, RefusedError
from .circuit_breaker import CircuitBreaker
from .judgement import judge
from .problem import Problem
from .responses import ApiResponse

MAX_ATTEMPTS = 100
"""More than any circuit breaker allows: the breaker decides, not the CDK's own count."""


class SaleshandyErrorHandler(ErrorHandler, BackoffStrategy):
    """Judges the responses of one endpoint.

    `host` is named in messages, `rows_path` is where a good response has its rows, and `breaker` decides how often a
    failure that may pass is tried again. Pauses are the CDK's own (1, 2, 4, ... seconds) unless the API names one.
    """

    def __init__(self, host: str, rows_path: str, breaker: CircuitBreaker) -> None:
        self._host = host
        self._rows_path = rows_path
        self._breaker = breaker

    @property
    def max_retries(self) -> int:
        return MAX_ATTEMPTS

    @property
    def max_time(self) -> int:
        """Seconds; no limit of its own, since an attempt may have waited long for the rate limit."""
        return 10**9

    def interpret_response(self, response_or_exception: requests.Response | Exception | None) -> ErrorResolution:
        """Raises the ConnectorError of a problem that does not pass."""
        problem = self._judge(response_or_exception)
        if problem is None:
            self._breaker.succeeded()
            return ErrorResolution(ResponseAction.SUCCESS)
        is_refusal = isinstance(problem.error, RefusedError)
        if not problem.is_transient or (is_refusal and self._breaker.refusals_are_known):
            raise problem.error
        return ErrorResolution(ResponseAction.RETRY, FailureType.transient_error, problem.error.text)

    def backoff_time(
        self, response_or_exception: requests.Response | requests.RequestException | None, attempt_count: int
    ) -> float | None:
        """Seconds to wait; None for the CDK's own pauses. Raises the ConnectorError of a call that ends here."""
        problem = self._judge(response_or_exception)
        if problem is None:
            return None
        was_open = self._breaker.is_open
        if self._breaker.allows(attempt_count):
            return problem.pause_s
        if not isinstance(problem.error, ApiError):
            self._breaker.refusals_are_known |= isinstance(problem.error, RefusedError)
            raise problem.error
        if was_open:
            raise CircuitOpenError(
                f"{problem.error.text} Not tried again, because other calls failed too.", attempt_count
            )
        tried = "once" if attempt_count == 1 else f"{attempt_count} times"
        raise ApiError(f"{problem.error.text} Tried {tried}. Try again later.", attempt_count)

    def _judge(self, seen: requests.Response | Exception | None) -> Problem | None:
        assert isinstance(seen, ApiResponse | Exception | None)
        return judge(seen, self._host, self._rows_path, any_success=self._breaker.any_success)
