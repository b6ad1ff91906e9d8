"""Rows that are not as the schema says: the dirty account has every flaw of `sandbox/account/dirty.py`."""

from datetime import timedelta

from integration_tests.warehouses.warehouse import Warehouse, has_whole_key, in_order, truth_of
from sandbox import Sandbox


def test_dirty_rows_land_and_those_without_a_whole_key_once_for_each_time_they_are_read(
    warehouse: Warehouse, dirty_sandbox: Sandbox
) -> None:
    first_truth = truth_of(dirty_sandbox.truth())
    warehouse.sync(dirty_sandbox, lookback=730)
    assert warehouse.rows() == first_truth

    dirty_sandbox.clock.advance(timedelta(days=3))
    warehouse.sync(dirty_sandbox, lookback=730)
    # No merge finds the copies again: the key of each has a null, which equals nothing.
    copies = [row for row in first_truth if not has_whole_key(row)]
    assert copies
    assert warehouse.rows() == in_order([*copies, *truth_of(dirty_sandbox.truth())])
