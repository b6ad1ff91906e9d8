"""The API's words and codes are judged, not only the status; what is only damaged is read as it is meant."""

from __future__ import annotations

import pytest

from integration_tests.sync.rows import keys, table, upserted
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault

STATISTICS, LISTING = "consolidated-stats", "/v1/sequences"
RUBBISH = {
    "Retry-After": "Mon, 23 Nov 2026 09:00:00 +99999999999999",
    "x-ratelimit-limit": "9" * 5_000,
    "x-ratelimit-remaining": "-1e400",
    "x-ratelimit-reset": "0000-00-00T99:99:99Z",
}


@pytest.mark.parametrize("path", [STATISTICS, LISTING])
def test_invalid_token_is_about_the_key_whatever_the_status(world: World, path: str) -> None:
    sandbox = world.sandbox()
    sandbox.faults.add(Fault("400-invalid-token", times=None, path=path))
    connection = world.connection(sandbox)

    sync, check = connection.sync(), connection.check()

    assert {error["failure_type"] for error in sync.errors} == {"config_error"}
    for message in (sync.errors[0]["message"], check.status["message"]):
        assert "Invalid token" in message
        assert "Settings, then API" in message
    assert len(sync.calls) <= 20


def test_stray_failures_in_the_middle_of_a_sync_cost_no_row(world: World) -> None:
    kinds = ["400-own-failure", "html-401", "html-403", "html-404", "401", "403", "500-internal"]
    sandbox = world.sandbox(AccountSettings(emails=1_200, sequences=5))
    for number, kind in enumerate(kinds):
        sandbox.faults.add(Fault(kind, path=STATISTICS, skip=3 + 2 * number))

    output = world.connection(sandbox, page_size=50, num_workers=1).sync()

    assert {call.refusal for call in output.calls if call.refusal} == set(kinds)
    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth())


def test_the_apis_own_failure_for_good_is_a_transient_error_in_its_words(world: World) -> None:
    sandbox = world.sandbox()
    sandbox.faults.add(Fault("400-own-failure", times=None))

    output = world.connection(sandbox).sync()

    assert {error["failure_type"] for error in output.errors} == {"transient_error"}
    assert "Failed to fetch sequences and their steps" in output.errors[0]["message"]


@pytest.mark.parametrize("kind", ["byte-order-mark", "has-more-text"])
def test_a_body_in_another_form_is_read_as_it_is_meant(world: World, kind: str) -> None:
    sandbox = world.sandbox(AccountSettings(emails=600, sequences=5))
    sandbox.faults.add(Fault(kind, times=None, path=STATISTICS))

    output = world.connection(sandbox, page_size=100).sync()

    assert output.exit_code == 0, output.log
    assert table(output.records) == table(sandbox.truth())


def test_a_damaged_value_costs_neither_its_row_nor_its_page(world: World) -> None:
    kinds = ["control-character", "half-emoji", "overflow", "nan", "huge-integer", "deep-nesting"]
    sandbox = world.sandbox(AccountSettings(emails=1_200, sequences=5))
    for number, kind in enumerate(kinds):
        sandbox.faults.add(Fault(kind, path=STATISTICS, skip=1 + number))

    output = world.connection(sandbox, page_size=50).sync()

    damaged = table(sandbox.truth()) - table(output.records)
    assert output.exit_code == 0, output.log
    assert [call.refusal for call in output.calls if call.refusal] == kinds
    assert keys(output.records) == keys(sandbox.truth())
    assert damaged.total() <= len(kinds)


def test_headers_of_rubbish_say_nothing(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=600, sequences=5))
    sandbox.faults.add(Fault("headers", times=None, path=STATISTICS, headers=RUBBISH))

    output = world.connection(sandbox, page_size=100).sync()

    assert output.exit_code == 0, output.log
    assert table(output.records) == table(sandbox.truth())


def test_a_body_that_drips_without_end_is_a_time_out(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=300, sequences=5))
    sandbox.faults.add(Fault("drip", path=STATISTICS, skip=1, seconds=0.2))
    connection = world.connection(sandbox)
    connection.read_timeout_s = 1

    output = connection.sync()

    assert output.exit_code == 0, output.log
    assert upserted(output.records) == table(sandbox.truth())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://no-such-host.invalid", ["api_url", "no-such-host.invalid"]),
        ("https://open-api..saleshandy.com", ["api_url", "open-api..saleshandy.com"]),
    ],
)
def test_an_address_that_does_not_exist_is_a_config_error(world: World, address: str, words: list[str]) -> None:
    connection = world.connection(world.sandbox(), api_url=address)

    sync, check = connection.sync(), connection.check()

    assert {error["failure_type"] for error in sync.errors} == {"config_error"}
    assert check.status["status"] == "FAILED"
    for word in words:
        assert word in sync.errors[0]["message"]
        assert word in check.status["message"]
    assert "Traceback" not in sync.stdout + sync.stderr + check.stdout + check.stderr


@pytest.mark.parametrize(
    ("name", "value", "address"),
    [
        ("REQUESTS_CA_BUNDLE", "/no/such/bundle.pem", "https://127.0.0.1:9"),
        ("HTTPS_PROXY", "http://127.0.0.1:9", "https://open-api.saleshandy.com"),
    ],
)
def test_a_setting_of_the_machine_that_does_not_work_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, value: str, address: str
) -> None:
    for other in ("https_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, value)

    check = world.connection(world.sandbox(), api_url=address).check()

    assert check.status["status"] == "FAILED"
    assert name in check.status["message"]
    assert "Traceback" not in check.stdout + check.stderr
