"""Tables written by hand, as PyAirbyte makes them, and the models on top of them."""

from collections.abc import Sequence

from sqlalchemy import Connection

from demo.models import create_views
from integration_tests.warehouses.warehouse import STREAM, TYPES, Row, Warehouse

READ_AT = {"_airbyte_extracted_at": "TIMESTAMP"}
SEQUENCES = {"id": "VARCHAR", "title": "VARCHAR", "active": "BOOLEAN", "progress": "BIGINT", "steps": "JSON"}
EMAIL = {
    "sequence_id": "s1",
    "sequence_title": "Title of the email",
    "step_number": 1,
    "sender_email": "john@example.com",
    "recipient_email": "jane@example.org",
    "email_sent_at": "2024-12-18 09:00:00",
    "open_count": 0,
    "click_count": 0,
    "replied": "No",
    "bounced": "No",
    "unsubscribed": "No",
    "deleted": "No",
    "client": "{}",
}


def fill(connection: Connection, warehouse: Warehouse, emails: Sequence[Row], sequences: Sequence[Row] = ()) -> None:
    """Makes both tables, with these rows, and the models' views."""
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {warehouse.cache.schema_name}")
    for table, columns, records in ((STREAM, TYPES, emails), ("sequences", SEQUENCES, sequences)):
        definitions = ", ".join(f"{name} {kind}" for name, kind in {**columns, **READ_AT}.items())
        connection.exec_driver_sql(f"CREATE TABLE {table} ({definitions})")
        for record in records:
            values = ", ".join(_literal(record.get(name)) for name in columns)
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({values}, '2025-03-01')")
    create_views(connection)


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, str) else str(value)
