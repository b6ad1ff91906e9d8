"""Rows that are not as the schema says: the dirty account has every flaw of `sandbox/account/dirty.py`."""

from datetime import timedelta

from integration_tests.warehouses.warehouse import Warehouse, truth_of
from sandbox import Sandbox


def test_dirty_rows_land_once_however_often_they_are_read(warehouse: Warehouse, dirty_sandbox: Sandbox) -> None:
    warehouse.sync(dirty_sandbox, lookback=730)
    assert warehouse.rows() == truth_of(dirty_sandbox.truth())

    dirty_sandbox.clock.advance(timedelta(days=3))
    warehouse.sync(dirty_sandbox, lookback=730)
    assert warehouse.rows() == truth_of(dirty_sandbox.truth())
