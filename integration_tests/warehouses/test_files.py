"""Files, for whoever has no warehouse: DuckDB writes the table as Parquet, which other programs read."""

import json
from pathlib import Path

import pyarrow.parquet  # type: ignore[import-untyped]
import pytest

from integration_tests.warehouses.warehouse import STREAM, TYPES, Warehouse, in_order, truth_of
from sandbox import Sandbox


@pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)
def test_a_parquet_file_of_the_table_holds_the_same_rows(
    warehouse: Warehouse, sandbox: Sandbox, tmp_path: Path
) -> None:
    warehouse.sync(sandbox)
    file = tmp_path / "consolidated_stats.parquet"
    with warehouse.cache.get_sql_engine().connect() as connection:
        connection.exec_driver_sql(f"COPY (SELECT {', '.join(TYPES)} FROM {STREAM}) TO '{file}'")

    rows = pyarrow.parquet.read_table(file).to_pylist()
    assert in_order({**row, "client": json.loads(row["client"])} for row in rows) == truth_of(sandbox.truth())
