"""What the listing of sequences returns, page by page, and what it refuses."""

import pytest

from integration_tests.sandbox.api_calls import NOW, list_sequences
from sandbox import AccountSettings, Quirks, Sandbox

FIELDS = frozenset({"id", "title", "active", "progress", "steps", "client", "user"})
STEPS = ["Introduction", "Reminder", "Case study", "Offer", "Goodbye"]


def test_every_sequence_is_listed_on_one_page(small: Sandbox) -> None:
    listed = list_sequences(small, pageSize=1000, page=1, sort="ASC", sortBy="sequence.createdAt").json()["payload"]

    assert [one["id"] for one in listed] == small.account.sequence_ids
    assert {frozenset(one) for one in listed} == {FIELDS}
    assert list_sequences(small, page=2).json()["payload"] == []


def test_a_sequence_has_named_steps_and_is_active_in_either_spelling() -> None:
    with Sandbox(AccountSettings(emails=0, sequences=40), now=NOW) as sandbox:
        listed = list_sequences(sandbox).json()["payload"]

    assert all([step["name"] for step in one["steps"]] == STEPS for one in listed)
    assert len({step["id"] for one in listed for step in one["steps"]}) == 40 * len(STEPS)
    assert {repr(one["active"]) for one in listed} == {"True", "False", "1", "0"}
    assert {one["progress"] for one in listed if one["active"]} == {1}
    assert {one["progress"] for one in listed if not one["active"]} == {2, 3}


def test_the_listing_is_sorted_and_paged_as_asked(small: Sandbox) -> None:
    newest_first = [list_sequences(small, pageSize=1, page=page, sort="DESC").json() for page in (1, 2, 3)]
    titles = [one["title"] for one in list_sequences(small, sortBy="sequence.title").json()["payload"]]

    assert [one["payload"][0]["id"] for one in newest_first] == small.account.sequence_ids[::-1]
    assert titles == sorted(titles)


@pytest.mark.parametrize(("most", "lengths"), [(100, [100, 100, 50, 0]), (20, [20] * 12 + [10, 0])])
def test_pages_can_be_shorter_than_asked_for(most: int, lengths: list[int]) -> None:
    with Sandbox(AccountSettings(sequences=250), now=NOW, quirks=Quirks(max_listing_page=most)) as sandbox:
        numbers = range(1, len(lengths) + 1)
        pages = [list_sequences(sandbox, pageSize=1000, page=number).json()["payload"] for number in numbers]

    assert [len(page) for page in pages] == lengths
    assert [one["id"] for page in pages for one in page] == sandbox.account.sequence_ids


@pytest.mark.parametrize(
    "query", [{"pageSize": 1001}, {"pageSize": 0}, {"page": 0}, {"page": "x"}, {"sort": "UP"}, {"sortBy": "title"}]
)
def test_a_bad_query_is_refused(small: Sandbox, query: dict[str, object]) -> None:
    assert list_sequences(small, **query).status_code == 400
