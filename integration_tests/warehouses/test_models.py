"""The SQL of `models/`, on what two syncs bring, compared with the same computed in Python."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from demo.models import MODELS, create_views
from integration_tests.warehouses import THREE_DAYS_AGO
from integration_tests.warehouses.expected_models import expected_models
from integration_tests.warehouses.warehouse import STREAM, Row, Warehouse, in_order, listed, truth_of
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
    first = expected_models(truth_of(quiet_sandbox.truth()), listed(quiet_sandbox))
    assert found_by(warehouse) == plain(first)

    quiet_sandbox.clock.advance(timedelta(days=3))
    warehouse.sync(quiet_sandbox, streams=BOTH)

    second = expected_models(truth_of(quiet_sandbox.truth()), listed(quiet_sandbox))
    assert found_by(warehouse) == plain(second)
    assert [name for name in NAMES if first[name] == second[name]] == []


def test_the_account_of_that_test_has_what_models_stumble_over(quiet_sandbox: Sandbox) -> None:
    models = expected_models(truth_of(quiet_sandbox.truth()), listed(quiet_sandbox))

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

    assert found_by(warehouse) == plain(expected_models(truth_of(dirty_sandbox.truth()), listed(dirty_sandbox)))


def test_models_name_for_dbt_what_they_read_and_come_after_it() -> None:
    texts = {file.stem: file.read_text(encoding="utf-8") for file in MODELS}
    read = {name: set(re.findall(r"(?:FROM|JOIN) (\w+)", text)) & set(NAMES) for name, text in texts.items()}
    named = {
        name: set(re.findall(r"^-- depends_on: \{\{ ref\('(\w+)'\) \}\}$", text, flags=re.MULTILINE))
        for name, text in texts.items()
    }

    assert len(NAMES) == 5
    assert named == read
    assert [name for name, others in read.items() for other in others if other > name] == []


def found_by(warehouse: Warehouse) -> dict[str, list[Row]]:
    return plain({name: warehouse.query(f"SELECT * FROM {name}") for name in NAMES})


def plain(models: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """In an order of columns and rows, with numbers of six digits: DuckDB has floats and PostgreSQL decimals."""
    return {
        name: in_order({column: _rounded(row[column]) for column in sorted(row)} for row in rows)
        for name, rows in models.items()
    }


def _rounded(value: Any) -> Any:
    return round(float(value), 6) if isinstance(value, float | Decimal) else value
