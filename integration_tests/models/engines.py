"""What the SQL runs on: real engines, or DuckDB after sqlglot has rewritten the SQL of a warehouse.

Where a session has a time zone, it is New York's: nothing may depend on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

import duckdb
import fakesnow
import psycopg2
import snowflake.connector
import sqlglot
from chdb.session import Session

from integration_tests.models.destinations import LIST, MOMENT, OBJECT, Destination

Row = dict[str, Any]
ZONE = "America/New_York"
UNNESTED = r"SELECT unnest(CAST(\1 AS JSON[])) AS \2, generate_subscripts(CAST(\1 AS JSON[]), 1) - 1 AS \3"


class Engine(Protocol):
    """`literal` is how SQL writes the value of a field, whose kind is one of `destinations`."""

    def execute(self, sql: str) -> None: ...

    def rows(self, sql: str) -> list[Row]: ...

    def literal(self, value: Any, kind: str) -> str: ...


class DuckDB:
    """As PyAirbyte's cache, or any other warehouse: `dialect` is that of the SQL, which is rewritten for DuckDB."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, dialect: str = "duckdb") -> None:
        self._connection, self._dialect = connection, dialect
        connection.execute(f"SET TimeZone = '{ZONE}'")

    def execute(self, sql: str) -> None:
        is_foreign = self._dialect != "duckdb" and not sql.startswith("INSERT")
        self._connection.execute(_for_duckdb(sql, self._dialect) if is_foreign else sql)

    def rows(self, sql: str) -> list[Row]:
        cursor = self._connection.execute(sql)
        return _rows([column[0] for column in cursor.description or ()], cursor.fetchall())

    def literal(self, value: Any, kind: str) -> str:
        return _quoted(value, kind)


class Postgres:
    def __init__(self, url: str, schema: str) -> None:
        self._connection = psycopg2.connect(url)
        self.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}; SET TimeZone = '{ZONE}'")

    def execute(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def rows(self, sql: str) -> list[Row]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return _rows([column.name for column in cursor.description or ()], cursor.fetchall())

    def literal(self, value: Any, kind: str) -> str:
        return _quoted(value, kind)

    def commit(self) -> None:
        """Lets other connections see what was done."""
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


class Snowflake:
    def __init__(self, connection: snowflake.connector.SnowflakeConnection) -> None:
        self._cursor = connection.cursor()

    def execute(self, sql: str) -> None:
        self._cursor.execute(sql)

    def rows(self, sql: str) -> list[Row]:
        self._cursor.execute(sql)
        return _rows([column.name.lower() for column in self._cursor.description], self._cursor.fetchall())

    def literal(self, value: Any, kind: str) -> str:
        quoted = _quoted(value, kind)
        return f"PARSE_JSON({quoted})" if kind in {OBJECT, LIST} and value is not None else quoted


class ClickHouse:
    """Whether `join_use_nulls` is set must not matter: it is not."""

    def __init__(self, session: Session, database: str) -> None:
        self._session = session
        for sql in (f"CREATE DATABASE {database}", f"USE {database}", f"SET session_timezone = '{ZONE}'"):
            self.execute(sql)

    def execute(self, sql: str) -> None:
        self._session.query(sql)

    def rows(self, sql: str) -> list[Row]:
        settings = "output_format_json_quote_64bit_integers = 0, session_timezone = 'UTC'"
        found = json.loads(str(self._session.query(f"SELECT * FROM ({sql}) SETTINGS {settings}", "JSON")))
        readers = {column["name"]: _reader(column["type"]) for column in found["meta"]}
        return [{name: readers[name](value) for name, value in row.items()} for row in found["data"]]

    def literal(self, value: Any, kind: str) -> str:
        quoted = _quoted(value, kind)
        return f"toDateTime64({quoted.replace('Z', '')}, 3, 'UTC')" if kind == MOMENT and value is not None else quoted


@contextmanager
def engine_of(destination: Destination, postgres_url: str, name: str) -> Iterator[Engine]:
    """An empty one for tables as this destination makes them; real where there is one, fakesnow for Snowflake."""
    if destination.name == "postgres":
        with closing(Postgres(postgres_url, name)) as engine:
            yield engine
    elif destination.name == "clickhouse":
        yield ClickHouse(_clickhouse_session(), name)
    elif destination.name == "snowflake":
        with fakesnow.patch(), closing(snowflake.connector.connect(database="warehouse", schema=name)) as connection:
            yield Snowflake(connection)
    else:
        dialect = "duckdb" if destination.name == "pyairbyte" else destination.name
        with closing(duckdb.connect()) as connection:
            yield DuckDB(connection, dialect)


@cache
def _clickhouse_session() -> Session:
    """A process has room for one."""
    return Session()


@cache
def _for_duckdb(sql: str, dialect: str) -> str:
    """sqlglot rewrites all but what Redshift does with SUPER: the type, `json_serialize` and the unnesting of lists."""
    (rewritten,) = sqlglot.transpile(sql, read=dialect, write="duckdb", comments=False)
    if dialect == "redshift":
        rewritten = re.sub(r"\bSUPER\b", "JSON", rewritten)
        rewritten = re.sub(r"JSON_SERIALIZE\((\w+)\)", r"\1", rewritten)
        rewritten = re.sub(r", (\w+\.\w+) AS (\w+) AT (\w+)", rf" CROSS JOIN LATERAL ({UNNESTED})", rewritten)
        rewritten = re.sub(r"CAST\(step\.(\w+) AS TEXT\)", r"step ->> '\1'", rewritten)
    return rewritten


def _rows(names: list[str], found: list[tuple[Any, ...]]) -> list[Row]:
    return [dict(zip(names, values, strict=True)) for values in found]


def _quoted(value: Any, kind: str) -> str:
    if value is None:
        return "NULL"
    if kind in {OBJECT, LIST}:
        value = json.dumps(value)
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _reader(type_name: str) -> Callable[[Any], Any]:
    """What makes a value of ClickHouse's JSON one of Python."""
    if "DateTime" in type_name:
        return lambda value: value and datetime.fromisoformat(value)
    return (lambda value: value and date.fromisoformat(value)) if "Date" in type_name else (lambda value: value)
