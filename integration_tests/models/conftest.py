from collections.abc import Iterator
from itertools import count

import pytest

from integration_tests.models.destinations import DESTINATIONS
from integration_tests.models.postgres import running_server
from integration_tests.models.warehouse import Warehouse, open_warehouse

numbers = count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(params=DESTINATIONS, ids=lambda destination: destination.name)
def warehouse(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[Warehouse]:
    """An empty one of each destination."""
    with open_warehouse(request.param, postgres_url, f"test_{next(numbers)}") as warehouse:
        yield warehouse
