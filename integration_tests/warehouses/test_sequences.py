"""Both streams in one warehouse."""

from datetime import timedelta

from integration_tests.warehouses.warehouse import STREAM, Warehouse, in_order, listed, truth_of
from sandbox import Sandbox


def test_both_tables_equal_the_truth_after_each_of_two_syncs(warehouse: Warehouse, sandbox: Sandbox) -> None:
    sequences = in_order(listed(sandbox))

    for _ in range(2):
        warehouse.sync(sandbox, streams=(STREAM, "sequences"))

        assert warehouse.rows() == truth_of(sandbox.truth())
        assert in_order(warehouse.query("SELECT * FROM sequences")) == sequences
        sandbox.clock.advance(timedelta(days=3))
