"""Two syncs, and what a person finds in the table after each."""

from datetime import timedelta

import pytest

from integration_tests.warehouses import THREE_DAYS_AGO
from integration_tests.warehouses.warehouse import KEY, TYPES, Warehouse, truth_of
from sandbox import AccountSettings, Sandbox


@pytest.fixture
def other_sandbox() -> Sandbox:
    return Sandbox(AccountSettings(seed=2, emails=200, sequences=2), now=THREE_DAYS_AGO)


def test_the_table_equals_the_truth_after_each_of_two_syncs(warehouse: Warehouse, sandbox: Sandbox) -> None:
    first_truth = truth_of(sandbox.truth())
    assert warehouse.sync(sandbox) == len(first_truth)
    assert warehouse.rows() == first_truth
    assert warehouse.types() == TYPES

    sandbox.clock.advance(timedelta(days=3))
    second_truth = truth_of(sandbox.truth())
    changed = [row for row in first_truth if row not in second_truth]
    assert len(second_truth) > len(first_truth)
    assert changed
    assert warehouse.sync(sandbox) < len(second_truth)
    assert warehouse.rows() == second_truth
    assert len({tuple(row[column] for column in KEY) for row in warehouse.rows()}) == len(second_truth)


def test_a_full_refresh_replaces_the_table(warehouse: Warehouse, sandbox: Sandbox, other_sandbox: Sandbox) -> None:
    warehouse.sync(sandbox)
    with other_sandbox:
        warehouse.refresh(other_sandbox)
        assert warehouse.rows() == truth_of(other_sandbox.truth())

        other_sandbox.clock.advance(timedelta(days=3))
        warehouse.sync(other_sandbox)
        assert warehouse.rows() == truth_of(other_sandbox.truth())
