"""The SQL of `models/`, on what two syncs bring, compared with the same computed in Python."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from demo.models import MODELS, create_views
from integration_tests.models.comparison import in_order
from integration_tests.models.expected import Row, expected_models
from integration_tests.warehouses import THREE_DAYS_AGO
from integration_tests.warehouses.warehouse import STREAM, Warehouse, listed
from sandbox import AccountSettings, Sandbox

NAMES = [file.stem for file in MODELS]
BOTH = (STREAM, "sequences")


@pytest.fixture
def quiet_sandbox() -> Iterator[Sandbox]:
    """Some of its sequences have sent nothing, and others have sent a prospect more than one email."""
    settings = AccountSettings(emails=400, sequences=120, first_day=THREE_DAYS_AGO.date() - timedelta(days=60))
    with Sandbox(settings, now=THREE_DAYS_AGO) as sandbox:
        yield sandbox


def test_every_model_equals_the_truth_after_each_of_two_syncs(warehouse: Warehouse, quiet_sandbox: Sandbox) -> None:
    warehouse.sync(quiet_sandbox, streams=BOTH)
    with warehouse.connection() as connection:
        create_views(connection)
    first = truth_of_models(quiet_sandbox)
    assert found_by(warehouse) == first

    quiet_sandbox.clock.advance(timedelta(days=3))
    warehouse.sync(quiet_sandbox, streams=BOTH)

    second = truth_of_models(quiet_sandbox)
    assert found_by(warehouse) == second
    assert [name for name in NAMES if first[name] == second[name]] == ["listed_sequences", "listed_steps"]


def test_the_account_of_that_test_has_what_models_stumble_over(quiet_sandbox: Sandbox) -> None:
    models = truth_of_models(quiet_sandbox)

    addresses = [prospect["recipient_email"] for prospect in models["prospects"]]
    assert len(set(addresses)) < len(addresses), "no prospect is in several sequences"
    assert max(prospect["emails_sent"] for prospect in models["prospects"]) > 1
    assert min(sequence["prospects"] for sequence in models["rates_by_sequence"]) == 0
    assert min(step["sent"] for step in models["rates_by_step"]) == 0
    for days in (7, 14, 30):
        rates = {cohort[f"reply_rate_{days}_days"] for cohort in models["weekly_cohorts"]}
        assert None in rates, f"every week is {days} days old"
        assert len(rates) > 2, f"weeks do not differ after {days} days"


def test_models_take_dirty_rows(warehouse: Warehouse, dirty_sandbox: Sandbox) -> None:
    warehouse.sync(dirty_sandbox, streams=BOTH)
    with warehouse.connection() as connection:
        create_views(connection)

    assert found_by(warehouse) == truth_of_models(dirty_sandbox)


def truth_of_models(sandbox: Sandbox) -> dict[str, list[Row]]:
    return {name: in_order(rows) for name, rows in expected_models(sandbox.truth(), listed(sandbox)).items()}


def found_by(warehouse: Warehouse) -> dict[str, list[Row]]:
    return {name: in_order(warehouse.query(f"SELECT * FROM {name}")) for name in NAMES}
