"""A command with a budget makes no more calls than that, whatever comes of them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from source_consolidated_stats.api.call_budget import CallBudget
from source_consolidated_stats.api.circuit_breaker import CircuitBreaker
from source_consolidated_stats.api.limit.shared import SharedRateLimit
from source_consolidated_stats.api.responses import ApiResponse
from source_consolidated_stats.errors import ApiError, RateLimitError

from .builders import response


class Calls:
    """An API that gives these responses, the last of them for ever."""

    def __init__(self, *responses: Callable[[], ApiResponse]) -> None:
        self._responses = list(responses)
        self.made = 0

    def __call__(self) -> ApiResponse:
        self.made += 1
        return self._responses[min(self.made, len(self._responses)) - 1]()


def refusal(retry_after: str) -> ApiResponse:
    made = response(429, b"", Retry_After=retry_after)
    made.raw = BytesIO()
    return made


def test_a_budget_lasts_for_its_calls() -> None:
    budget = CallBudget(2)

    assert [budget.spend() for _ in range(4)] == [True, True, False, False]
    assert budget.is_spent


def test_a_sync_has_no_budget() -> None:
    budget = CallBudget()

    assert all(budget.spend() for _ in range(10_000))
    assert not budget.is_spent


def test_refusals_by_the_limit_use_the_budget_up() -> None:
    calls = Calls(lambda: refusal("0"))

    with pytest.raises(RateLimitError, match="rate limit refused every call"):
        SharedRateLimit(budget=CallBudget(2)).send(calls)

    assert calls.made == 2


def test_calls_that_raise_use_the_budget_up() -> None:
    def fails() -> ApiResponse:
        raise ConnectionError

    calls = Calls(fails)
    limit = SharedRateLimit(budget=CallBudget(1))
    with pytest.raises(ConnectionError):
        limit.send(calls)

    with pytest.raises(ApiError, match="No calls are left"):
        limit.send(calls)
    assert calls.made == 1


def test_the_last_call_of_the_budget_gets_its_response() -> None:
    calls = Calls(lambda: refusal("0"), response)

    assert SharedRateLimit(budget=CallBudget(2)).send(calls).status_code == 200


def test_a_limit_that_outlasts_the_patience_is_not_waited_for() -> None:
    calls = Calls(lambda: refusal("3600"))

    with pytest.raises(RateLimitError, match="for another 3600 s"):
        SharedRateLimit(patience_s=30).send(calls)

    assert calls.made == 1


def test_the_last_call_of_a_budget_is_not_spent_on_another_attempt() -> None:
    budget = CallBudget(3)
    breaker = CircuitBreaker(6, budget)

    assert budget.spend()
    assert breaker.allows(1)
    assert budget.spend()
    assert not breaker.allows(2)
    assert not budget.is_spent
