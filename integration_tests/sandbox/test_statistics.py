"""What the statistics endpoint returns, page by page, and what it refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
import requests

from integration_tests.sandbox.api_calls import NOW, STATISTICS, ask, post
from sandbox import AccountSettings, Quirks, Sandbox

TODAY = NOW.date()  # 12:00 in UTC is the same day in Asia/Kolkata


def test_pages_follow_each_other_and_the_last_one_repeats_its_number(small: Sandbox) -> None:
    payloads = [ask(small, pageNum=page).json()["payload"] for page in (1, 2, 3, 4)]

    assert [payload["hasMore"] for payload in payloads] == [True, True, False, False]
    assert [payload["nextPageNumber"] for payload in payloads] == [2, 3, 3, 4]
    assert [len(payload["data"]) for payload in payloads] == [500, 500, len(small.truth()) - 1000, 0]
    assert [call.rows for call in small.statistics_calls] == [len(payload["data"]) for payload in payloads]


def test_the_last_page_can_come_without_a_next_number() -> None:
    quirks = Quirks(no_number_after_last_page=True)
    with Sandbox(AccountSettings(emails=100), now=NOW, quirks=quirks) as sandbox:
        payloads = [ask(sandbox, pageNum=page, pageLimit=60).json()["payload"] for page in (1, 2)]

    assert [payload["hasMore"] for payload in payloads] == [True, False]
    assert [payload["nextPageNumber"] for payload in payloads] == [2, None]


def test_a_full_last_page_has_no_next_one(small: Sandbox) -> None:
    whole = len(small.truth(first=TODAY - timedelta(days=40), last=TODAY))

    content = ask(small, startDate=str(TODAY - timedelta(days=40)), pageLimit=whole).json()

    assert content["message"] == "Sequence prospects & emails stats fetched successfully"
    assert (len(content["payload"]["data"]), content["payload"]["hasMore"]) == (whole, False)


def test_only_rows_of_the_requested_sequences_come(small: Sandbox) -> None:
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
        ({"pageNum": 0}, "pageNum"),
        ({"pageNum": "1"}, "pageNum"),
        ({"pageNum": True}, "pageNum"),
        ({"pageLimit": 9}, "pageLimit"),
        ({"pageLimit": 501}, "pageLimit"),
        ({"pageLimit": 10.5}, "pageLimit"),
        ({"sort": "ASC"}, "property sort should not exist"),
    ],
)
def test_a_bad_body_is_refused(small: Sandbox, changes: dict[str, Any], words: str) -> None:
    response = ask(small, **changes)

    assert response.status_code == 400
    assert words in str(response.json()["message"])
    assert words in str(small.calls[0].refusal)


def test_every_problem_of_a_body_is_named(small: Sandbox) -> None:
    content = ask(small, pageNum=0, pageLimit=0, colour="red").json()

    assert (content["statusCode"], content["error"], len(content["message"])) == (400, "Bad Request", 3)


@pytest.mark.parametrize("body", [[], "text", None])
def test_a_body_that_is_not_an_object_is_refused(small: Sandbox, body: object) -> None:
    assert post(small, body).status_code == 400


def test_a_body_that_is_not_json_is_refused(small: Sandbox) -> None:
    headers = {"x-api-key": small.api_key}

    assert requests.post(small.url + STATISTICS, data="{", headers=headers, timeout=30).status_code == 400


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TODAY - timedelta(days=730), TODAY - timedelta(days=365)),
        (date(2025, 3, 1), date(2026, 3, 1)),
        (TODAY, TODAY),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
    ],
)
def test_days_at_the_limits_are_accepted(small: Sandbox, first: date, last: date) -> None:
    assert ask(small, startDate=str(first), endDate=str(last)).status_code == 200


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_days_after_the_accounts_today_can_be_refused(zone: str) -> None:
    quirks = Quirks(refuses_future_days=True)
    with Sandbox(AccountSettings(emails=100, time_zone=zone), now=NOW, quirks=quirks) as sandbox:
        today = sandbox.account.day_of(NOW)
        responses = [ask(sandbox, endDate=str(today + timedelta(days=ahead))) for ahead in (-1, 0, 1)]

    assert [response.status_code for response in responses] == [200, 200, 400]
    assert responses[2].json()["message"] == ["endDate must not be in the future"]
