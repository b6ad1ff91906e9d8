"""Tables of a destination, and the models on top of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from integration_tests.models.destinations import Destination
from integration_tests.models.engines import Engine, Row, engine_of
from integration_tests.models.records import Record
from integration_tests.models.tables import make_models, make_tables


class Warehouse:
    def __init__(self, engine: Engine, destination: Destination) -> None:
        self._engine, self._destination = engine, destination

    def fill(self, emails: Iterable[Record], sequences: Iterable[Record] = ()) -> None:
        make_tables(self._engine, self._destination, emails, sequences)
        make_models(self._engine, self._destination)

    def rows(self, model: str, columns: str = "*") -> list[Row]:
        return self.query(f"SELECT {columns} FROM {model}")

    def query(self, sql: str) -> list[Row]:
        return self._engine.rows(sql)


@contextmanager
def open_warehouse(destination: Destination, postgres_url: str, name: str) -> Iterator[Warehouse]:
    """An empty one, as this destination makes it; `name` is a schema that nobody else has."""
    with engine_of(destination, postgres_url, name) as engine:
        yield Warehouse(engine, destination)
