"""`check`: few calls, an answer whatever the API does, and failures that say what to do."""

from __future__ import annotations

import pytest

from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault, Size

ACCOUNT = AccountSettings(emails=100, sequences=5)
STATISTICS, LISTING = "consolidated-stats", "sequences"


@pytest.mark.parametrize(("ids", "calls"), [(False, 2), (True, 1)])
def test_check_takes_few_calls(world: World, ids: bool, calls: int) -> None:
    sandbox = world.sandbox(AccountSettings(emails=100, sequences=5))
    connection = world.connection(sandbox, sequence_ids=sandbox.account.sequence_ids[:2] if ids else [])

    check = connection.check()

    assert check.status == {"status": "SUCCEEDED"}
    assert len(check.calls) == calls


@pytest.mark.parametrize("kind", ["413", "504", "400"])
@pytest.mark.parametrize("named", [False, True], ids=["listed", "named"])
def test_what_a_sync_reads_in_parts_fails_no_check(world: World, kind: str, named: bool) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault(kind, times=None, over=Size(sequences=2)))
    connection = world.connection(sandbox, sequence_ids=sandbox.account.sequence_ids if named else [])

    check = connection.check()

    assert check.status == {"status": "SUCCEEDED"}
    assert "A sync reads in parts what is too much for one call" in check.log
    assert len(check.calls) <= 3


def test_an_unknown_sequence_among_many_named_ones_is_told_though_three_calls_cannot_find_it(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=100, sequences=2_100))
    named = [*sandbox.account.sequence_ids, "nobodyKnows"]

    check = world.connection(sandbox, sequence_ids=named).check()

    assert check.status["status"] == "FAILED"
    assert check.status["message"].startswith("sequence_ids: ")
    assert "One or more sequences are invalid" in check.status["message"]
    assert len(check.calls) <= 3


@pytest.mark.parametrize(
    ("kind", "begin", "said"),
    [
        ("400", "sequence_ids: the API refuses", "Something is wrong with this request"),
        ("500", "The API at 127.0.0.1", "Internal server error"),
    ],
)
def test_a_refusal_of_named_sequences_is_about_them_and_a_failure_is_not(
    world: World, kind: str, begin: str, said: str
) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault(kind, times=None, path=STATISTICS))

    check = world.connection(sandbox, sequence_ids=sandbox.account.sequence_ids).check()

    assert check.status["status"] == "FAILED"
    assert check.status["message"].startswith(begin)
    assert said in check.status["message"]


@pytest.mark.parametrize(
    ("sequences", "words"),
    [(1, "the statistics of 1 sequence."), (7, "of 7 sequences."), (2_100, "of at least 1,000 sequences.")],
)
def test_a_count_of_sequences_is_what_was_seen(world: World, sequences: int, words: str) -> None:
    check = world.connection(world.sandbox(AccountSettings(emails=100, sequences=sequences))).check()

    assert words in check.log


def test_check_names_an_unknown_sequence(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=100, sequences=5))
    known = sandbox.account.sequence_ids[0]

    check = world.connection(sandbox, sequence_ids=[known, "nobodyKnows"]).check()

    assert check.status["status"] == "FAILED"
    assert "nobodyKnows" in check.status["message"]
    assert "One or more sequences are invalid" in check.status["message"]
    assert known not in check.status["message"]
    assert len(check.calls) <= 3


@pytest.mark.parametrize(
    ("kind", "headers", "words"),
    [
        ("429", {"Retry-After": "3600"}, "rate limit is used up for another 3600 s"),
        ("429", {}, "rate limit refused every call"),
        ("400-rate-limit-4000", {}, "rate limit refused every call"),
    ],
)
def test_a_limit_that_lasts_is_named(world: World, kind: str, headers: dict[str, str], words: str) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault(kind, times=None, headers=headers))

    check = world.connection(sandbox).check()

    assert check.status["status"] == "FAILED"
    assert words in check.status["message"]
    assert len(check.calls) <= 3


def test_a_failure_that_passes_fails_no_check(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("502", path=LISTING))

    check = world.connection(sandbox).check()

    assert check.status == {"status": "SUCCEEDED"}
    assert len(check.calls) == 3


def test_calls_that_fail_count_too(world: World) -> None:
    """The third call fails as the first did, and there is none left to try it again."""
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("502", path=LISTING))
    sandbox.faults.add(Fault("500", path=STATISTICS))

    check = world.connection(sandbox).check()

    assert check.status["status"] == "FAILED"
    assert "failed with status 500: Internal server error" in check.status["message"]
    assert len(check.calls) == 3


def test_calls_that_met_the_limit_count_too(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("429-retry-after", times=2, path=LISTING))

    check = world.connection(sandbox).check()

    assert check.status["status"] == "FAILED"
    assert "met the rate limit" in check.status["message"]
    assert len(check.calls) == 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault("500", times=None, path=LISTING),
        Fault("429", times=None, path=LISTING, headers={"Retry-After": "3600"}),
        Fault("401", times=None, path=LISTING),
    ],
)
def test_a_refusal_is_shown_in_its_own_words_if_the_listing_cannot_name_the_sequence(
    world: World, fault: Fault
) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(fault)

    check = world.connection(sandbox, sequence_ids=["nobodyKnows"]).check()

    assert check.status["status"] == "FAILED"
    assert "One or more sequences are invalid" in check.status["message"]
    assert len(check.calls) <= 3


@pytest.mark.parametrize("kind", ["400-not-found", "404-not-found"])
def test_an_unknown_sequence_is_named_by_the_code_of_the_refusal(world: World, kind: str) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault(kind, path=STATISTICS))

    check = world.connection(sandbox, sequence_ids=[sandbox.account.sequence_ids[0], "nobodyKnows"]).check()

    assert check.status["status"] == "FAILED"
    assert "the account has no sequence nobodyKnows" in check.status["message"]


def test_a_refusal_is_shown_in_its_own_words_if_a_smaller_call_fails(world: World) -> None:
    sandbox = world.sandbox(ACCOUNT)
    sandbox.faults.add(Fault("400", path=STATISTICS))
    sandbox.faults.add(Fault("500", times=None, path=STATISTICS))

    check = world.connection(sandbox).check()

    assert check.status["status"] == "FAILED"
    assert "Something is wrong with this request" in check.status["message"]
    assert len(check.calls) == 3
