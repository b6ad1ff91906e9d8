"""Tables written by hand, with rows that a sandbox does not have, and the models on top of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from demo.models import create_views
from integration_tests.warehouses.warehouse import STREAM, TYPES, Row, Warehouse

SEQUENCES = {"id": "VARCHAR", "title": "VARCHAR", "active": "BOOLEAN", "steps": "JSON"}
YES_OR_NO = {"replied": "No", "bounced": "No", "unsubscribed": "No", "deleted": "No"}
EMAIL = {
    "sequence_id": "s1",
    "sequence_title": "Title of the email",
    "step_number": 1,
    "recipient_email": "jane@example.org",
    "email_sent_at": "2024-12-18 09:00:00",
    "open_count": 0,
    "click_count": 0,
    "client": "{}",
    **YES_OR_NO,
}
AS_PYAIRBYTE: dict[str, str] = {}


def fill(
    connection: Connection,
    warehouse: Warehouse,
    emails: Sequence[Row],
    sequences: Sequence[Row] = (),
    kinds: Mapping[str, str] = AS_PYAIRBYTE,
) -> None:
    """Makes both tables, with these rows, and the models' views. `kinds` has other types for some of PyAirbyte's."""
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {warehouse.cache.schema_name}")
    write_tables(connection, emails, sequences, kinds)
    create_views(connection)


def write_tables(
    connection: Connection,
    emails: Sequence[Row],
    sequences: Sequence[Row] = (),
    kinds: Mapping[str, str] = AS_PYAIRBYTE,
) -> None:
    for table, columns, records in ((STREAM, TYPES, emails), ("sequences", SEQUENCES, sequences)):
        definitions = ", ".join(f"{name} {kinds.get(kind, kind)}" for name, kind in columns.items())
        connection.exec_driver_sql(f"CREATE TABLE {table} ({definitions})")
        for record in records:
            values = ", ".join(_literal(record.get(name)) for name in columns)
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({values})")


def rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(sql)]


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, str) else str(value)
