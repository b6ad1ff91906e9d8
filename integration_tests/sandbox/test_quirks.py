"""Ways in which an account's server differs from the API's page."""

from datetime import timedelta

import pytest

from integration_tests.sandbox.api_calls import NOW, ask, list_sequences
from sandbox import AccountSettings, Quirks, Sandbox


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_days_after_the_accounts_today_can_be_refused(zone: str) -> None:
    quirks = Quirks(refuses_future_days=True)
    with Sandbox(AccountSettings(emails=100, time_zone=zone), now=NOW, quirks=quirks) as sandbox:
        today = sandbox.account.day_of(NOW)
        responses = [ask(sandbox, endDate=str(today + timedelta(days=ahead))) for ahead in (-1, 0, 1)]

    assert [response.status_code for response in responses] == [200, 200, 400]
    assert responses[2].json()["message"] == ["endDate must not be in the future"]


@pytest.mark.parametrize(("most", "lengths"), [(100, [100, 100, 50, 0]), (20, [20] * 12 + [10, 0])])
def test_pages_of_the_listing_can_be_shorter_than_asked_for(most: int, lengths: list[int]) -> None:
    with Sandbox(AccountSettings(sequences=250), now=NOW, quirks=Quirks(max_listing_page=most)) as sandbox:
        pages = [
            list_sequences(sandbox, pageSize=1000, page=page).json()["payload"] for page in range(1, len(lengths) + 1)
        ]

        assert [len(page) for page in pages] == lengths
        assert [one["id"] for page in pages for one in page] == sandbox.account.sequence_ids
