"""What each kind of fault looks like to a client, and which calls it hits."""

from datetime import date, timedelta

import pytest
import requests

from integration_tests.sandbox.api_calls import (
    NOW,
    SEQUENCES,
    STATISTICS,
    ask,
    body_for,
    list_sequences,
    reset,
)
from sandbox import AccountSettings, Fault, Sandbox


def ask_with_fault(sandbox: Sandbox, kind: str) -> requests.Response:
    sandbox.faults.add(Fault(kind))
    return ask(sandbox)


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("500", 500, '{"message":"Internal server error"}'),
        ("502", 502, "<h1>502 Bad Gateway</h1>"),
        ("503", 503, '{"message":"Service Unavailable"}'),
        ("401", 401, '{"message":"Invalid API key"}'),
        ("403", 403, '{"message":"Your plan has no access to the API"}'),
        ("400", 400, '{"message":"Something is wrong with this request"}'),
        ("400-rate-limit", 400, '{"message":"Rate Limit Exceeded"}'),
        ("429", 429, '{"message":"Too many requests"}'),
        ("429-retry-after", 429, '{"message":"Too many requests"}'),
        ("429-reset", 429, '{"message":"Too many requests"}'),
        ("html", 200, "<html>"),
        ("no-data", 200, '"payload":{}'),
        ("null-payload", 200, '"payload":null'),
        ("key-echo", 401, "sandbox-key-1234567890"),
    ],
)
def test_an_answer_in_place_of_the_rows_then_the_rows(small: Sandbox, kind: str, status: int, text: str) -> None:
    answer = ask_with_fault(small, kind)
    assert answer.status_code == status
    assert text in answer.text
    assert answer.headers["Content-Type"].startswith("text/html" if "<" in text else "application/json")
    assert ask(small).json()["payload"]["data"]
    assert [(call.status, call.rows, call.refusal) for call in small.calls] == [(status, 0, kind), (200, 500, None)]


def test_a_429_says_how_long_to_wait_or_nothing_at_all(small: Sandbox) -> None:
    bare = ask_with_fault(small, "429")
    with_retry_after = ask_with_fault(small, "429-retry-after")
    with_reset = ask_with_fault(small, "429-reset")

    assert not {"Retry-After", "x-ratelimit-reset"} & set(bare.headers)
    assert with_retry_after.headers["Retry-After"] == "1"
    assert with_reset.headers["x-ratelimit-remaining"] == "0"
    assert reset(with_reset) >= NOW + timedelta(seconds=1)
    assert reset(with_reset).date() == NOW.date()


@pytest.mark.parametrize(
    ("kind", "problem", "words"),
    [
        ("cut", requests.exceptions.ChunkedEncodingError, "IncompleteRead"),
        ("reset", requests.ConnectionError, "reset by peer"),
    ],
)
def test_a_connection_that_breaks(small: Sandbox, kind: str, problem: type[Exception], words: str) -> None:
    with pytest.raises(problem, match=words):
        ask_with_fault(small, kind)
    assert ask(small).status_code == 200
    assert [call.refusal for call in small.calls] == [kind, None]


def test_silence_lasts_until_the_client_leaves(small: Sandbox) -> None:
    small.faults.add(Fault("silent"))
    with pytest.raises(requests.ReadTimeout):
        requests.post(small.url + STATISTICS, json={}, timeout=0.2)
    assert [(call.status, call.refusal) for call in small.calls] == [(0, "silent")]


def test_half_of_the_json(small: Sandbox) -> None:
    answer = ask_with_fault(small, "truncated-json")
    assert answer.status_code == 200
    assert answer.text.startswith('{"message":"Sequence prospects')
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_redirect_leads_to_a_host_that_records_who_follows(small: Sandbox) -> None:
    answer = ask_with_fault(small, "redirect")
    assert answer.status_code == 302
    assert not answer.headers["Location"].startswith(small.url)
    assert small.decoy.calls == []
    followed = requests.post(answer.headers["Location"], json=body_for(small), headers={"x-api-key": "k"}, timeout=30)
    assert len(followed.json()["payload"]["data"]) == 10
    small.faults.add(Fault("redirect"))
    assert len(list_sequences(small).json()["payload"]) == 3
    assert [call.path for call in small.decoy.calls] == [STATISTICS, SEQUENCES]
    assert small.decoy.calls[0].headers["x-api-key"] == "k"


def test_the_same_page_again_and_again(small: Sandbox) -> None:
    first = ask(small).json()["payload"]["data"]
    small.faults.add(Fault("repeat-page", times=None))
    for page in (1, 2, 7):
        payload = ask(small, pageNum=page).json()["payload"]
        assert payload == {"data": first, "hasMore": True, "nextPageNumber": page + 1}


def test_a_list_that_repeats_its_page(small: Sandbox) -> None:
    small.faults.add(Fault("repeat-page", times=None))
    pages = [list_sequences(small, pageSize=2, page=page).json()["payload"] for page in (1, 2, 3)]
    assert pages[0] == pages[1] == pages[2]


def test_empty_pages_without_end(small: Sandbox) -> None:
    small.faults.add(Fault("endless-empty", times=None))
    payloads = [ask(small, pageNum=page).json()["payload"] for page in (2, 3, 4, 9)]
    assert all(payload["hasMore"] for payload in payloads)
    assert [len(payload["data"]) for payload in payloads] == [500, len(small.truth()) - 1000, 0, 0]


def test_new_rows_without_end(small: Sandbox) -> None:
    small.faults.add(Fault("endless-fresh", times=None))
    payloads = [ask(small, pageNum=page, pageLimit=500).json()["payload"] for page in (3, 4, 5)]
    assert all(payload["hasMore"] for payload in payloads)
    made_up = [row["Recipient Email"] for payload in payloads[1:] for row in payload["data"]]
    assert len(set(made_up)) == 1000
    assert not set(made_up) & {row["Recipient Email"] for row in small.truth()}


def test_an_account_without_emails_can_have_new_rows_without_end() -> None:
    with Sandbox(AccountSettings(emails=0), now=NOW) as sandbox:
        assert len(ask_with_fault(sandbox, "endless-fresh").json()["payload"]["data"]) == 500


def test_a_fault_hits_as_often_as_planned_after_letting_some_go_by(small: Sandbox) -> None:
    small.faults.add(Fault("500", times=2, skip=1))
    small.faults.add(Fault("503", times=1))
    assert [ask(small).status_code for _ in range(5)] == [503, 500, 500, 200, 200]


def test_a_fault_for_good_lasts_until_it_is_cleared(small: Sandbox) -> None:
    small.faults.add(Fault("500", times=None))
    assert [ask(small).status_code for _ in range(3)] == [500, 500, 500]
    small.faults.clear()
    assert ask(small).status_code == 200


def test_a_fault_hits_its_path_alone(small: Sandbox) -> None:
    small.faults.add(Fault("500", path="sequences"))
    assert [ask(small).status_code, list_sequences(small).status_code] == [200, 500]


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("2026-01-01", "2026-02-28", 200),
        ("2026-01-01", "2026-03-01", 500),
        ("2026-03-02", "2026-03-03", 500),
        ("2026-03-05", "2026-04-30", 500),
        ("2026-03-06", "2026-04-30", 200),
    ],
)
def test_a_fault_hits_the_calls_for_its_days(small: Sandbox, first: str, last: str, status: int) -> None:
    small.faults.add(Fault("500", window=(date(2026, 3, 1), date(2026, 3, 5))))
    assert list_sequences(small).status_code == 200
    assert ask(small, startDate=first, endDate=last).status_code == status


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Fault("earthquake")
