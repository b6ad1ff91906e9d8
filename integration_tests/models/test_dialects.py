"""Each file is SQL of its warehouse, and those that all warehouses share use what all of them have."""

from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot import exp

from integration_tests.models.destinations import DESTINATIONS
from integration_tests.models.tables import MODELS, STAGING, model_files

PORTABLE = sorted(MODELS.glob("*.sql"))
PORTABLE_FUNCTIONS = {"AND", "CASE", "CAST", "COALESCE", "COUNT", "IF", "LOWER", "MAX", "MIN", "OR", "SUM"}
"""As sqlglot names them; a branch of CASE is an IF to it."""
DIALECTS = {"pyairbyte": "duckdb"}
REAL_ENGINES = {"postgres", "clickhouse", "pyairbyte"}
UNKNOWN_TO_SQLGLOT = {"databricks": {"json_array_length"}, "redshift": {"json_serialize"}}
"""https://docs.databricks.com/aws/en/sql/language-manual/functions/json_array_length and
https://docs.aws.amazon.com/redshift/latest/dg/JSON_SERIALIZE.html."""


@pytest.mark.parametrize("destination", [each.name for each in DESTINATIONS if each.name not in REAL_ENGINES])
def test_no_function_is_unknown_to_the_dialect(destination: str) -> None:
    """sqlglot leaves what it does not know as it is, without an error."""
    trees = (_parsed(file, destination) for file in model_files(destination))
    unknown = {call.name.lower() for tree in trees for call in tree.find_all(exp.Anonymous, exp.AnonymousAggFunc)}

    assert unknown == UNKNOWN_TO_SQLGLOT.get(destination, set())


@pytest.mark.parametrize("file", PORTABLE, ids=lambda file: file.stem)
def test_shared_sql_has_nothing_that_one_warehouse_lacks(file: Path) -> None:
    tree = _parsed(file, "duckdb")

    # A branch of CASE is an IF to sqlglot.
    functions = {
        function.sql_name() for function in tree.find_all(exp.Func) if not isinstance(function.parent, exp.Case)
    }
    assert functions <= PORTABLE_FUNCTIONS
    assert {str(cast.to) for cast in tree.find_all(exp.Cast)} <= {"BIGINT"}
    assert list(tree.find_all(exp.Filter, exp.WindowSpec, exp.Interval, exp.JSONExtract, exp.Lateral)) == []
    assert not tree.args.get("windows")


def test_each_warehouse_has_the_same_files_and_each_file_the_same_columns() -> None:
    columns = {name: {_columns_of(name, destination.name) for destination in DESTINATIONS} for name in STAGING}

    folders = {folder.name: {file.stem for file in folder.iterdir()} for folder in (MODELS / "staging").iterdir()}
    assert folders == {destination.name: set(STAGING) for destination in DESTINATIONS}
    assert [name for name, variants in columns.items() if len(variants) != 1] == []


def test_every_column_is_described_in_the_order_of_its_model() -> None:
    described = yaml.safe_load((MODELS / "schema.yml").read_text(encoding="utf-8"))["models"]

    assert {model["name"]: tuple(column["name"] for column in model["columns"]) for model in described} == {
        file.stem: tuple(_parsed(file, "duckdb").named_selects) for file in model_files("pyairbyte")
    }
    assert [column for model in described for column in model["columns"] if not column["description"]] == []


def _columns_of(name: str, destination: str) -> tuple[str, ...]:
    file = MODELS / "staging" / destination / f"{name}.sql"
    return tuple(_parsed(file, DIALECTS.get(destination, destination)).named_selects)


def _parsed(file: Path, dialect: str) -> exp.Select:
    (tree,) = sqlglot.parse(file.read_text(encoding="utf-8"), read=dialect)
    assert isinstance(tree, exp.Select)
    return tree
