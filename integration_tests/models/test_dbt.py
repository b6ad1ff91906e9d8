"""The dbt package, built from a fresh project as a user would."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import yaml

from integration_tests.models.comparison import in_order
from integration_tests.models.destinations import POSTGRES, PYAIRBYTE
from integration_tests.models.engines import DuckDB, Engine, Postgres
from integration_tests.models.expected import expected_models
from integration_tests.models.records import random_account
from integration_tests.models.tables import MODELS, delivered, make_tables

EMAILS, SEQUENCES = random_account(seed=3, emails=80)
DISABLED, ENABLED = {"+enabled": False}, {"+enabled": True}
DBT = Path(sys.executable).with_name("dbt")


def test_the_package_builds_in_duckdb(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute("CREATE SCHEMA airbyte; USE airbyte")
        make_tables(DuckDB(connection), PYAIRBYTE, EMAILS, SEQUENCES)

    build(tmp_path, {"type": "duckdb", "path": str(file), "schema": "analytics"}, vars={"airbyte_schema": "airbyte"})

    with closing(duckdb.connect(str(file))) as connection:
        assert_built(DuckDB(connection))


def test_the_package_builds_in_postgres(tmp_path: Path, postgres_url: str) -> None:
    with closing(Postgres(postgres_url, "raw_emails")) as engine:
        make_tables(engine, POSTGRES, EMAILS, SEQUENCES)
        engine.commit()

        build(tmp_path, postgres_target(postgres_url, "built"), vars={"airbyte_schema": "raw_emails"})

        assert_built(engine, "built")


def test_the_folder_of_pyairbyte_can_be_chosen_in_postgres(tmp_path: Path, postgres_url: str) -> None:
    with closing(Postgres(postgres_url, "analytics")) as engine:
        make_tables(engine, PYAIRBYTE, EMAILS, SEQUENCES)
        engine.commit()

        build(
            tmp_path,
            postgres_target(postgres_url, "analytics"),
            models={"consolidated_stats": {"staging": {"postgres": DISABLED, "pyairbyte": ENABLED}}},
        )

        assert_built(engine)


def build(folder: Path, target: dict[str, Any], **settings: Any) -> None:
    """`dbt build` in a project of this name, which has nothing but the package. Its tests have to pass too."""
    files = {
        "dbt_project.yml": {"name": "my_project", "profile": "my_profile", **settings},
        "packages.yml": {"packages": [{"local": str(MODELS)}]},
        "profiles.yml": {"my_profile": {"target": "dev", "outputs": {"dev": target}}},
    }
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_PROFILES_DIR": str(folder)}
    for command in ("deps", "build"):
        done = subprocess.run([DBT, command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def assert_built(engine: Engine, schema: str = "analytics") -> None:
    expected = expected_models(delivered("consolidated_stats", EMAILS), delivered("sequences", SEQUENCES))
    for model, rows in expected.items():
        assert in_order(engine.rows(f"SELECT * FROM {schema}.{model}")) == in_order(rows), model


def postgres_target(url: str, schema: str) -> dict[str, Any]:
    (host,) = parse_qs(urlsplit(url).query)["host"]
    place = {"host": host, "port": 5432, "user": "postgres", "password": "", "dbname": "postgres"}
    return {"type": "postgres", "schema": schema, **place}
