"""What the API answers, page by page, and what it refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
import requests

from integration_tests.sandbox.api_calls import NOW, SEQUENCES, STATISTICS, ask, body_for, list_sequences, post
from sandbox import AccountSettings, Sandbox

LISTING_FIELDS = frozenset({"id", "title", "active", "progress", "steps", "client", "user"})
TODAY = NOW.date()  # 12:00 in UTC is the same day in Asia/Kolkata


def test_pages_follow_each_other_and_the_last_one_repeats_its_number(small: Sandbox) -> None:
    payloads = [ask(small, pageNum=page).json()["payload"] for page in (1, 2, 3, 4)]
    assert [payload["hasMore"] for payload in payloads] == [True, True, False, False]
    assert [payload["nextPageNumber"] for payload in payloads] == [2, 3, 3, 4]
    assert [len(payload["data"]) for payload in payloads] == [500, 500, len(small.truth()) - 1000, 0]
    assert [call.rows for call in small.statistics_calls] == [len(payload["data"]) for payload in payloads]


def test_a_full_last_page_has_no_next_one(small: Sandbox) -> None:
    whole = len(small.truth(first=TODAY - timedelta(days=40), last=TODAY))
    answer = ask(small, startDate=str(TODAY - timedelta(days=40)), pageLimit=whole).json()
    assert answer["message"] == "Sequence prospects & emails stats fetched successfully"
    assert (len(answer["payload"]["data"]), answer["payload"]["hasMore"]) == (whole, False)


def test_only_the_sequences_asked_for_are_answered(small: Sandbox) -> None:
    chosen = small.account.sequence_ids[:2]
    rows = ask(small, sequenceIds=chosen[:1]).json()["payload"]["data"]
    assert len(rows) == len(small.truth(chosen[:1]))
    assert {row["Sequence Id"] for row in rows} == {chosen[0]}
    assert {row["Sequence Id"] for row in small.truth(chosen)} == set(chosen)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sequenceIds": None}, "sequenceIds"),
        ({"sequenceIds": []}, "sequenceIds"),
        ({"sequenceIds": [1]}, "sequenceIds"),
        ({"sequenceIds": "2dP27N0gZ4"}, "sequenceIds"),
        ({"sequenceIds": ["unknown000"]}, "One or more sequences are invalid"),
        ({"startDate": None}, "startDate"),
        ({"startDate": "2026-02-30"}, "startDate"),
        ({"startDate": "20260201"}, "startDate"),
        ({"startDate": "2026-2-1"}, "startDate"),
        ({"startDate": str(TODAY - timedelta(days=731)), "endDate": "2025-01-01"}, "older than 2 years"),
        ({"endDate": "01/02/2026"}, "endDate"),
        ({"startDate": "2026-03-02", "endDate": "2026-03-01"}, "before startDate"),
        ({"startDate": "2025-03-01", "endDate": "2026-03-02"}, "exceed 1 year"),
        ({"page_size": 500, "sort": "ASC"}, "property page_size should not exist"),
        ({"pageNum": 0}, "pageNum"),
        ({"pageNum": "1"}, "pageNum"),
        ({"pageNum": True}, "pageNum"),
        ({"pageLimit": 9}, "pageLimit"),
        ({"pageLimit": 501}, "pageLimit"),
        ({"pageLimit": 10.5}, "pageLimit"),
    ],
)
def test_a_bad_body_is_refused(small: Sandbox, changes: dict[str, Any], words: str) -> None:
    answer = ask(small, **changes)
    assert answer.status_code == 400
    assert words in str(answer.json()["message"])
    assert words in str(small.calls[0].refusal)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TODAY - timedelta(days=730), TODAY - timedelta(days=365)),
        (date(2025, 3, 1), date(2026, 3, 1)),
        (TODAY, TODAY),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
    ],
)
def test_days_at_the_limits_are_answered(small: Sandbox, first: date, last: date) -> None:
    assert ask(small, startDate=str(first), endDate=str(last)).status_code == 200


def test_every_fault_of_a_body_is_named(small: Sandbox) -> None:
    answer = ask(small, pageNum=0, pageLimit=0).json()
    assert (answer["statusCode"], answer["error"], len(answer["message"])) == (400, "Bad Request", 2)


@pytest.mark.parametrize("body", [[], "text", None])
def test_a_body_that_is_no_object_is_refused(small: Sandbox, body: object) -> None:
    assert post(small, body).status_code == 400


def test_a_body_that_is_no_json_is_refused(small: Sandbox) -> None:
    headers = {"x-api-key": small.api_key}
    assert requests.post(small.url + STATISTICS, data="{", headers=headers, timeout=30).status_code == 400


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "wrong"}, {"Authorization": "sandbox-key-1234567890"}])
def test_a_wrong_or_missing_key_is_refused(small: Sandbox, headers: dict[str, str]) -> None:
    answer = requests.post(small.url + STATISTICS, json=body_for(small), headers=headers, timeout=30)
    assert answer.status_code == 401
    assert answer.json()["message"] == "Invalid API key"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/other", 404), ("GET", STATISTICS, 405), ("POST", SEQUENCES, 405), ("DELETE", SEQUENCES, 405)],
)
def test_other_paths_and_methods_are_refused(small: Sandbox, method: str, path: str, status: int) -> None:
    headers = {"x-api-key": small.api_key}
    assert requests.request(method, small.url + path, headers=headers, timeout=30).status_code == status


def test_the_list_shows_every_sequence_on_one_page(small: Sandbox) -> None:
    listed = list_sequences(small, pageSize=1000, page=1, sort="ASC", sortBy="sequence.createdAt").json()["payload"]
    assert [one["id"] for one in listed] == small.account.sequence_ids
    assert {frozenset(one) for one in listed} == {LISTING_FIELDS}
    assert list_sequences(small, page=2).json()["payload"] == []


def test_a_listed_sequence_has_named_steps_and_says_in_two_ways_whether_it_is_active() -> None:
    with Sandbox(AccountSettings(emails=0, sequences=40), now=NOW) as sandbox:
        listed = list_sequences(sandbox).json()["payload"]

    steps = [step for one in listed for step in one["steps"]]
    assert len({step["id"] for step in steps}) == len(steps) == 200
    assert [step["name"] for step in listed[0]["steps"]] == [
        "Introduction",
        "Reminder",
        "Case study",
        "Offer",
        "Goodbye",
    ]
    assert {repr(one["active"]) for one in listed} == {"True", "False", "1", "0"}
    assert {one["progress"] for one in listed if one["active"]} == {1}
    assert {one["progress"] for one in listed if not one["active"]} == {2, 3}


def test_the_list_is_sorted_and_cut_as_asked(small: Sandbox) -> None:
    newest_first = [list_sequences(small, pageSize=1, page=page, sort="DESC").json() for page in (1, 2, 3)]
    assert [one["payload"][0]["id"] for one in newest_first] == small.account.sequence_ids[::-1]
    titles = [one["title"] for one in list_sequences(small, sortBy="sequence.title").json()["payload"]]
    assert titles == sorted(titles)


@pytest.mark.parametrize(
    "query", [{"pageSize": 1001}, {"pageSize": 0}, {"page": 0}, {"page": "x"}, {"sort": "UP"}, {"sortBy": "title"}]
)
def test_a_bad_query_is_refused(small: Sandbox, query: dict[str, object]) -> None:
    assert list_sequences(small, **query).status_code == 400


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
