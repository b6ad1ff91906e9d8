"""What every call has to bring, and the record of calls."""

import pytest
import requests

from integration_tests.sandbox.api_calls import NOW, SEQUENCES, STATISTICS, ask, body_for, list_sequences
from sandbox import Sandbox


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "wrong"}, {"Authorization": "sandbox-key-1234567890"}])
def test_a_wrong_or_missing_key_is_refused(small: Sandbox, headers: dict[str, str]) -> None:
    response = requests.post(small.url + STATISTICS, json=body_for(small), headers=headers, timeout=30)

    assert (response.status_code, response.json()) == (401, {"message": "Invalid API key"})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/other", 404), ("GET", STATISTICS, 405), ("POST", SEQUENCES, 405), ("DELETE", SEQUENCES, 405)],
)
def test_other_paths_and_methods_are_refused(small: Sandbox, method: str, path: str, status: int) -> None:
    headers = {"x-api-key": small.api_key}

    assert requests.request(method, small.url + path, headers=headers, timeout=30).status_code == status


def test_a_get_with_a_content_type_is_not_acceptable(small: Sandbox) -> None:
    headers = {"x-api-key": small.api_key, "Content-Type": "application/json"}

    assert requests.get(small.url + SEQUENCES, headers=headers, timeout=30).status_code == 406


def test_every_call_is_recorded_in_order(small: Sandbox) -> None:
    list_sequences(small, page=2)
    ask(small)

    listing, statistics = small.calls
    assert (small.listing_calls, small.statistics_calls) == ([listing], [statistics])
    assert (listing.method, listing.path, listing.query, listing.body) == ("GET", SEQUENCES, {"page": "2"}, None)
    assert (statistics.method, statistics.body) == ("POST", body_for(small))
    assert statistics.headers["x-api-key"] == small.api_key
    assert (statistics.status, statistics.rows, statistics.refusal, statistics.at) == (200, 500, None, NOW)
    assert listing.monotonic <= statistics.monotonic
