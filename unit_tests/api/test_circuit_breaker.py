"""How often a call is tried, given how the others ended."""

from __future__ import annotations

import pytest
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction

from source_consolidated_stats.api.circuit_breaker import ATTEMPTS_AFTER_GIVING_UP, CircuitBreaker
from source_consolidated_stats.api.error_handler import SaleshandyErrorHandler
from source_consolidated_stats.errors import AccessError, ApiError, CircuitOpenError, RefusedError

from .builders import response

FAILURE = response(500, b"")


def handler(breaker: CircuitBreaker) -> SaleshandyErrorHandler:
    return SaleshandyErrorHandler("api.example.com", "payload.data", breaker)


def test_a_call_is_tried_so_often_and_opens_the_circuit_then() -> None:
    tried = handler(CircuitBreaker(6))

    assert [tried.backoff_time(FAILURE, attempt) for attempt in range(1, 6)] == [None] * 5
    with pytest.raises(ApiError, match=r"Tried 6 times") as caught:
        tried.backoff_time(FAILURE, 6)
    assert caught.value.attempts == 6


def test_while_the_circuit_is_open_others_fail_on_their_first_error() -> None:
    breaker = CircuitBreaker(2)
    one, other = handler(breaker), handler(breaker)
    with pytest.raises(ApiError):
        one.backoff_time(FAILURE, 2)

    with pytest.raises(CircuitOpenError):
        other.backoff_time(FAILURE, 1)


def test_a_success_closes_the_circuit_and_leaves_later_calls_fewer_attempts() -> None:
    tried = handler(CircuitBreaker(6))
    with pytest.raises(ApiError):
        tried.backoff_time(FAILURE, 6)

    assert tried.interpret_response(response()).response_action == ResponseAction.SUCCESS

    assert tried.backoff_time(FAILURE, ATTEMPTS_AFTER_GIVING_UP - 1) is None
    with pytest.raises(ApiError, match=f"Tried {ATTEMPTS_AFTER_GIVING_UP} times"):
        tried.backoff_time(FAILURE, ATTEMPTS_AFTER_GIVING_UP)


def test_what_does_not_pass_is_not_tried_again() -> None:
    with pytest.raises(AccessError):
        handler(CircuitBreaker(6)).interpret_response(response(401))
    with pytest.raises(RefusedError):
        handler(CircuitBreaker(6)).interpret_response(response(400, {"message": "no"}))


def test_a_stray_refusal_is_believed_once_its_attempts_are_used_up() -> None:
    tried = handler(CircuitBreaker(2))
    tried.interpret_response(response())
    refusal = response(401, b"<html>")

    assert tried.interpret_response(refusal).response_action == ResponseAction.RETRY
    assert tried.backoff_time(refusal, 1) is None
    with pytest.raises(AccessError):
        tried.backoff_time(refusal, 2)
