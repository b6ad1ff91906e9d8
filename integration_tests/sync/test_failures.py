"""Every failure of the API: once, it costs no row; for good, the sync fails loudly and says what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integration_tests.clock import NOW
from integration_tests.sync.messages import Output
from integration_tests.sync.rows import table, upserted
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault

STATISTICS, LISTING = "consolidated-stats", "/v1/sequences"
PASSING = ["500", "502", "503", "cut", "reset", "truncated-json", "html", "no-data", "null-payload"]
LIMITS = ["429", "429-retry-after", "429-reset", "400-rate-limit"]


def assert_failed(output: Output, failure_type: str, *words: str) -> None:
    """`output` ends with an error of that type, which has all of the words."""
    assert output.exit_code == 1
    assert {error["failure_type"] for error in output.errors} == {failure_type}
    for word in words:
        assert word in output.errors[0]["message"]
    assert "Traceback" not in output.stdout + output.stderr


def failures(output: Output) -> list[str]:
    return [call.refusal for call in output.calls if call.refusal]


def test_every_second_call_that_fails_costs_no_row(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_200, sequences=5))
    for number, kind in enumerate(PASSING):
        sandbox.faults.add(Fault(kind, path=STATISTICS, skip=2 * number + 1))

    output = world.connection(sandbox, page_size=100, num_workers=1).sync()

    assert output.exit_code == 0, output.log
    assert failures(output) == PASSING
    assert table(output.records) == table(sandbox.truth())


def test_the_body_of_a_bad_response_is_not_logged(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_200, sequences=5))
    sandbox.faults.add(Fault("truncated-json", path=STATISTICS, skip=3))

    output = world.connection(sandbox, page_size=100).sync()

    assert "sent a body that is not JSON" in output.log
    assert [row for row in sandbox.truth() if row["Recipient Email"] in output.log] == []


@pytest.mark.parametrize("kinds", [PASSING[:5], PASSING[4:], LIMITS], ids="-".join)
def test_a_listing_that_fails_a_few_times_costs_no_row(world: World, kinds: list[str]) -> None:
    sandbox = world.sandbox(AccountSettings(emails=300, sequences=5))
    for kind in kinds:
        sandbox.faults.add(Fault(kind, path=LISTING))

    output = world.connection(sandbox).sync()

    assert output.exit_code == 0, output.log
    assert failures(output) == kinds
    assert table(output.records) == table(sandbox.truth())


def test_a_silent_connection_is_given_up_and_tried_again(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_200))
    sandbox.faults.add(Fault("silent", path=STATISTICS, skip=2))
    connection = world.connection(sandbox)
    connection.read_timeout_s = 1

    output = connection.sync()

    assert table(output.records) == table(sandbox.truth())
    assert "stayed silent" in output.log


@pytest.mark.parametrize(("kind", "words"), [("500", "status 500"), ("silent", "stayed silent")])
def test_for_good_it_is_a_transient_error(world: World, kind: str, words: str) -> None:
    """The words for each kind are in `unit_tests/api/test_judgement.py`."""
    sandbox = world.sandbox(AccountSettings(emails=1_200))
    sandbox.faults.add(Fault(kind, times=None, path=STATISTICS))
    connection = world.connection(sandbox)
    connection.read_timeout_s = 1

    output = connection.sync()

    assert_failed(output, "transient_error", words, "Tried 6 times", "Try again later")
    assert output.states
    assert len(sandbox.statistics_calls) < 20


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        (STATISTICS, "403", ["does not let this API key in", "plan", "Settings, then API"]),
        (STATISTICS, "400", ["Something is wrong with this request"]),
        (STATISTICS, "redirect", ["redirects to", "api_url"]),
        (LISTING, "401", ["does not accept the API key", "Settings, then API"]),
    ],
)
def test_what_the_user_has_to_mend_is_a_config_error(world: World, path: str, kind: str, words: list[str]) -> None:
    sandbox = world.sandbox(AccountSettings(emails=1_200))
    sandbox.faults.add(Fault(kind, times=None, path=path))
    connection = world.connection(sandbox)

    sync, check = connection.sync(), connection.check()

    assert_failed(sync, "config_error", *words)
    assert len(sync.calls) < 15
    assert check.status["status"] == "FAILED"
    for word in words:
        assert word in check.status["message"]
    assert sandbox.decoy.calls == []


def test_dates_in_another_form_fail_soon_and_once_they_can_be_read_all_rows_come(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=6_000, sequences=5))
    fault = Fault("no-offsets", times=None, path=STATISTICS)
    sandbox.faults.add(fault)
    connection = world.connection(sandbox, page_size=50)

    failed = connection.sync()

    assert_failed(failed, "system_error", "Email Sent At", "such as '", "The form of the API's dates has changed")
    assert failed.records == []
    assert len(failed.calls) < 20
    assert failed.last_state["coverage"] == []
    sandbox.faults.remove(fault)
    assert table(connection.sync().records) == table(sandbox.truth())


def test_days_without_a_readable_date_fail_alone(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=3_000, sequences=5))
    connection = world.connection(sandbox, num_workers=1, lookback_window_days=0)
    days = (NOW.date() - timedelta(days=100), NOW.date() - timedelta(days=99))
    fault = Fault("no-offsets", times=None, path=STATISTICS, window=days)
    sandbox.faults.add(fault)

    failed = connection.sync()

    assert_failed(failed, "system_error", "Email Sent At", "has changed")
    assert failed.records
    assert "1970-01-01T00:00:00Z" not in {row["Email Sent At"] for row in failed.records}
    assert len([call for call in failed.calls if call.refusal == "no-offsets"]) < 5
    sandbox.faults.remove(fault)
    assert upserted(failed.records, connection.sync().records) == table(sandbox.truth())


def test_nobody_listens(world: World) -> None:
    connection = world.connection(world.sandbox(), api_url="http://127.0.0.1:9")

    sync, check = connection.sync(), connection.check()

    assert_failed(sync, "transient_error", "127.0.0.1:9", "could not be reached", "Try again later")
    assert check.status["status"] == "FAILED"
    assert "could not be reached" in check.status["message"]


def test_pages_without_end_are_an_error(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=600))
    sandbox.faults.add(Fault("repeat-page", times=None, path=STATISTICS))

    output = world.connection(sandbox).sync()

    assert_failed(output, "transient_error", "more pages without end")
    assert max(table(output.records).values()) == 1
    assert table(sandbox.truth()) >= table(output.records)


def test_an_outage_in_the_middle_keeps_what_was_read(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=4_000, sequences=10))
    sandbox.faults.add(Fault("503", times=None, path=STATISTICS, skip=20))
    connection = world.connection(sandbox, page_size=100)

    first = connection.sync()
    sandbox.faults.clear()
    second = connection.sync()

    assert_failed(first, "transient_error", "status 503")
    assert set(table(first.records + second.records)) == set(table(sandbox.truth()))
