"""A later version of the connector, whose schema knows a column more."""

import json
import shutil
import sys
from pathlib import Path

import pytest

import source_consolidated_stats
from integration_tests.warehouses.warehouse import TYPES, Warehouse, truth_of
from sandbox import Sandbox

PACKAGE = Path(source_consolidated_stats.__file__).parent


@pytest.fixture
def later_version(tmp_path: Path) -> Path:
    """The console script of a connector that knows the column `Campaign Label`."""
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name)
    shutil.copytree(PACKAGE.parent / "schemas", tmp_path / "schemas")
    schema_file = tmp_path / "schemas" / "consolidated_stats.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    schema["properties"]["Campaign Label"] = {"type": ["null", "string"]}
    schema_file.write_text(json.dumps(schema), encoding="utf-8")
    script = tmp_path / "source-consolidated-stats"
    script.write_text(
        f"#!{sys.executable}\n"
        f"import sys\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        f"from {PACKAGE.name}.run import run\n"
        f"run()\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return script


def test_a_column_is_left_out_until_the_schema_knows_it_then_added_and_filled(
    warehouse: Warehouse, dirty_sandbox: Sandbox, later_version: Path
) -> None:
    """The connector passes the column on all the time: it is PyAirbyte that keeps to the schema."""
    assert any("Campaign Label" in record for record in dirty_sandbox.truth())
    warehouse.sync(dirty_sandbox)
    assert warehouse.types() == TYPES

    warehouse.sync(dirty_sandbox, later_version, lookback=730)
    types = {**TYPES, "campaign_label": "VARCHAR"}
    assert warehouse.types() == types
    expected = truth_of(dirty_sandbox.truth(), types)
    assert any(row["campaign_label"] for row in expected)
    assert warehouse.rows() == expected
