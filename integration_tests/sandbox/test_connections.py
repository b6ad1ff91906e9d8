"""Responses that do not arrive, or not as a client expects them on a connection that is kept alive."""

import http.client
from urllib.parse import urlsplit

import orjson
import pytest
import requests

from integration_tests.sandbox.api_calls import STATISTICS, ask, body_for
from sandbox import Fault, Sandbox


@pytest.mark.parametrize(
    ("kind", "problem", "words"),
    [
        ("cut", requests.exceptions.ChunkedEncodingError, "IncompleteRead"),
        ("reset", requests.ConnectionError, "reset by peer"),
    ],
)
def test_a_connection_breaks(small: Sandbox, kind: str, problem: type[Exception], words: str) -> None:
    small.faults.add(Fault(kind))

    with pytest.raises(problem, match=words):
        ask(small)

    assert ask(small).status_code == 200
    assert [call.refusal for call in small.calls] == [kind, None]


def test_silence_lasts_until_the_client_leaves(small: Sandbox) -> None:
    small.faults.add(Fault("silent"))

    with pytest.raises(requests.ReadTimeout):
        requests.post(small.url + STATISTICS, json={}, timeout=0.2)

    assert [(call.status, call.refusal) for call in small.calls] == [(0, "silent")]


def test_a_body_drips_without_end(small: Sandbox) -> None:
    small.faults.add(Fault("drip", seconds=0.01))
    headers = {"x-api-key": small.api_key}

    with requests.post(small.url + STATISTICS, json=body_for(small), headers=headers, stream=True, timeout=30) as slow:
        dripped = [slow.raw.read(1) for _ in range(20)]

    assert slow.status_code == 200
    assert dripped == [b" "] * 20
    assert ask(small).json()["payload"]["data"]


def test_a_client_that_takes_early_hints_for_the_response_reads_the_real_one_next(small: Sandbox) -> None:
    small.faults.add(Fault("early-hints", seconds=20))
    connection = http.client.HTTPConnection(urlsplit(small.url).netloc, timeout=30)
    pages = []

    for page in (1, 2):
        body = orjson.dumps(body_for(small, pageNum=page, pageLimit=10))
        connection.request("POST", STATISTICS, body, {"x-api-key": small.api_key})
        response = connection.getresponse()
        pages.append((response.status, response.read()))
    connection.close()

    assert [status for status, _ in pages] == [103, 200]
    assert pages[1][1] == ask(small, pageNum=1, pageLimit=10).content
