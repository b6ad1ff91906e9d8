from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from airbyte.caches import CacheBase, DuckDBCache

from integration_tests.clock import NOW, environment_at
from integration_tests.models.postgres import running_server
from integration_tests.warehouses import THREE_DAYS_AGO
from integration_tests.warehouses.postgres import SocketPostgresCache
from integration_tests.warehouses.warehouse import Warehouse
from sandbox import AccountSettings, Sandbox

numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def _connectors_stand_at_now() -> Iterator[None]:
    """PyAirbyte starts the connector with its own environment."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in environment_at(NOW).items():
            environment.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    """An empty one."""
    cache: CacheBase
    if request.param == "duckdb":
        cache = DuckDBCache(db_path=tmp_path / "warehouse.duckdb", cache_dir=tmp_path)
    else:
        url = request.getfixturevalue("postgres_url")
        cache = SocketPostgresCache(url=url, schema_name=f"test_{next(numbers)}", cache_dir=tmp_path)
    with cache:
        yield Warehouse(cache)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(AccountSettings(emails=1_500, sequences=6), now=THREE_DAYS_AGO) as sandbox:
        yield sandbox


@pytest.fixture
def dirty_sandbox() -> Iterator[Sandbox]:
    """Some of its rows miss fields or parts of the key, hold numbers as texts, or have a column of their own."""
    with Sandbox(AccountSettings(emails=1_500, sequences=6, dirty=True), now=THREE_DAYS_AGO) as sandbox:
        yield sandbox
