"""A warehouse that the connector's emails are synced into, and what its table should hold."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import airbyte
from airbyte.caches import CacheBase
from sqlalchemy import Connection

from sandbox import Sandbox

CONNECTOR = Path(sys.executable).with_name("source-consolidated-stats")
STREAM = "consolidated_stats"
LOOKBACK = 125
"""Days; nothing happens to an email of the sandbox so late, so that a second sync misses no change."""
TYPES = {
    "sequence_title": "VARCHAR",
    "sequence_owner": "VARCHAR",
    "step_id": "VARCHAR",
    "step_number": "BIGINT",
    "variant": "VARCHAR",
    "variant_id": "VARCHAR",
    "sender_email": "VARCHAR",
    "recipient_email": "VARCHAR",
    "recipient_name": "VARCHAR",
    "email_sent_at": "TIMESTAMP",
    "open_count": "BIGINT",
    "last_opened_at": "TIMESTAMP",
    "replied": "VARCHAR",
    "replied_at": "TIMESTAMP",
    "conversation_id": "VARCHAR",
    "current_sentiment": "VARCHAR",
    "click_count": "BIGINT",
    "last_clicked_at": "TIMESTAMP",
    "last_link_clicked": "VARCHAR",
    "bounced": "VARCHAR",
    "bounced_at": "TIMESTAMP",
    "unsubscribed": "VARCHAR",
    "deleted": "VARCHAR",
    "sequence_id": "VARCHAR",
    "client": "JSON",
}
SHORT_NAMES = {"character varying": "VARCHAR", "timestamp without time zone": "TIMESTAMP"}
KEY = ("sequence_id", "step_number", "recipient_email", "email_sent_at")

Row = dict[str, Any]


class Warehouse:
    def __init__(self, cache: CacheBase) -> None:
        self.cache = cache

    def sync(
        self,
        sandbox: Sandbox,
        connector: Path = CONNECTOR,
        lookback: int = LOOKBACK,
        streams: tuple[str, ...] = (STREAM,),
    ) -> int:
        """The number of rows read since the state that the warehouse keeps; they are merged by their key."""
        source = open_source(sandbox.api_key, sandbox.url, connector, lookback, streams)
        return source.read(self.cache, skip_validation=True).processed_records

    def refresh(self, sandbox: Sandbox) -> int:
        """The number of rows read, which replace those of the table."""
        source = open_source(sandbox.api_key, sandbox.url)
        result = source.read(self.cache, write_strategy="replace", force_full_refresh=True, skip_validation=True)
        return result.processed_records

    def rows(self) -> list[Row]:
        """Without the columns that PyAirbyte adds, in an order of their own."""
        return in_order(self.query(f"SELECT * FROM {STREAM}"))

    def types(self) -> dict[str, str]:
        found = self.query(
            "SELECT column_name, data_type FROM information_schema.columns "
            f"WHERE table_schema = '{self.cache.schema_name}' AND table_name = '{STREAM}' ORDER BY ordinal_position"
        )
        types = {row["column_name"]: SHORT_NAMES.get(row["data_type"], row["data_type"].upper()) for row in found}
        return {name: kind for name, kind in types.items() if not name.startswith("_airbyte")}

    def query(self, sql: str) -> list[Row]:
        """The rows that `sql` finds, without the columns that PyAirbyte adds."""
        with self.connection() as connection:
            found = connection.exec_driver_sql(sql).mappings().all()
        return [{name: row[name] for name in row if not name.startswith("_airbyte")} for row in found]

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """In a transaction, and in the schema of the tables."""
        with self.cache.get_sql_engine().begin() as connection:
            connection.exec_driver_sql(f"SET search_path = '{self.cache.schema_name}'")
            yield connection


@cache
def open_source(
    api_key: str,
    api_url: str,
    connector: Path = CONNECTOR,
    lookback: int = LOOKBACK,
    streams: tuple[str, ...] = (STREAM,),
) -> airbyte.Source:
    """The connector as PyAirbyte runs it. It starts several processes to get to know it: once is enough."""
    config = {"api_key": api_key, "api_url": api_url, "lookback_window_days": lookback}
    return airbyte.get_source(CONNECTOR.name, local_executable=connector, config=config, streams=list(streams))


def truth_of(records: Iterable[Row], types: dict[str, str] = TYPES) -> list[Row]:
    """The records as rows of a table with the columns `types`."""
    return in_order(_row_of(record, types) for record in records)


def listed(sandbox: Sandbox) -> list[Row]:
    """The rows that `sequences` should have: those of the listing, with `active` as a boolean."""
    return [{**sequence.listed(), "active": bool(sequence.active)} for sequence in sandbox.account.sequences]


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=repr)


def _row_of(record: Row, types: dict[str, str]) -> Row:
    values = {name.lower().replace(" ", "_"): value for name, value in record.items()}
    return {name: _value_of(values.get(name), kind) for name, kind in types.items()}


def _value_of(value: object, kind: str) -> object:
    if value is None:
        return None
    if kind == "TIMESTAMP":
        return datetime.fromisoformat(str(value).removesuffix("Z"))
    return int(str(value)) if kind == "BIGINT" else value
