"""Pages that are not the ones that were asked for."""

from integration_tests.sandbox.api_calls import NOW, ask, list_sequences
from sandbox import AccountSettings, Fault, Sandbox


def test_the_same_page_comes_again_and_again(small: Sandbox) -> None:
    first = ask(small).json()["payload"]["data"]
    small.faults.add(Fault("repeat-page", times=None))

    payloads = [ask(small, pageNum=page).json()["payload"] for page in (1, 2, 7)]

    assert payloads == [{"data": first, "hasMore": True, "nextPageNumber": number} for number in (2, 3, 8)]


def test_a_listing_repeats_its_page(small: Sandbox) -> None:
    small.faults.add(Fault("repeat-page", times=None))

    pages = [list_sequences(small, pageSize=2, page=page).json()["payload"] for page in (1, 2, 3)]

    assert pages[0] == pages[1] == pages[2]


def test_a_page_comes_in_the_place_of_the_next_one(small: Sandbox) -> None:
    good = [ask(small, pageNum=page, pageLimit=100).content for page in (1, 2, 3, 4)]
    small.faults.add(Fault("previous-page", page=3))

    served = [ask(small, pageNum=page, pageLimit=100).content for page in (1, 2, 3, 4, 3)]

    assert served == [good[0], good[1], good[1], good[3], good[2]]


def test_a_page_of_the_listing_comes_in_the_place_of_the_next_one(small: Sandbox) -> None:
    first = list_sequences(small, pageSize=1, page=1).json()
    small.faults.add(Fault("previous-page", page=2))

    assert list_sequences(small, pageSize=1, page=2).json() == first


def test_nothing_is_listed(small: Sandbox) -> None:
    small.faults.add(Fault("empty", times=None, path="sequences"))

    assert list_sequences(small).json()["payload"] == []
    assert ask(small).json()["payload"]["data"]


def test_empty_pages_come_without_end(small: Sandbox) -> None:
    small.faults.add(Fault("endless-empty", times=None))

    payloads = [ask(small, pageNum=page).json()["payload"] for page in (2, 3, 4, 9)]

    assert all(payload["hasMore"] for payload in payloads)
    assert [len(payload["data"]) for payload in payloads] == [500, len(small.truth()) - 1000, 0, 0]


def test_new_rows_come_without_end(small: Sandbox) -> None:
    small.faults.add(Fault("endless-fresh", times=None))

    payloads = [ask(small, pageNum=page, pageLimit=500).json()["payload"] for page in (3, 4, 5)]

    made_up = [row["Recipient Email"] for payload in payloads[1:] for row in payload["data"]]
    assert all(payload["hasMore"] for payload in payloads)
    assert len(set(made_up)) == 1000
    assert not set(made_up) & {row["Recipient Email"] for row in small.truth()}


def test_an_account_without_emails_can_have_new_rows_without_end() -> None:
    with Sandbox(AccountSettings(emails=0), now=NOW) as sandbox:
        sandbox.faults.add(Fault("endless-fresh"))

        assert len(ask(sandbox).json()["payload"]["data"]) == 500
