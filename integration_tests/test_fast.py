"""Airbyte's own tests of a source, on the scenarios of acceptance-test-config.yml, against the sandbox.

The suite's image tests build the image themselves and pull its base from a registry. They are left out by their marker
(`-m "not image_tests"`): `make container` proves the image, and compares every row besides.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from airbyte_cdk.test.models import ConnectorTestScenario
from airbyte_cdk.test.standard_tests import SourceTestSuiteBase

from integration_tests.clock import NOW
from sandbox import AccountSettings, Sandbox
from source_consolidated_stats import SourceConsolidatedStats

# Listens as soon as it is made, so the scenarios, which are collected before any test runs, can name its address.
SANDBOX = Sandbox(AccountSettings(emails=1_000), now=NOW)
COMMANDS = {
    "test_check": "check",
    "test_config_matches_spec": "spec",
    "test_discover": "discover",
    "test_basic_read": "read",
    "test_fail_read_with_bad_catalog": "read",
}


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[None]:
    """It cannot be started twice, and other modules' tests may run between those of this one."""
    with SANDBOX:
        yield


@pytest.fixture(autouse=True)
def _now(_sandbox: None) -> Iterator[None]:
    """The suite runs the connector in this process, so it is the process that stands at the sandbox's moment."""
    with time_machine.travel(NOW, tick=True):
        yield


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test gets the scenarios that run its command, and no others to skip."""
    if "scenario" in metafunc.fixturenames:
        command = COMMANDS.get(metafunc.function.__name__)
        scenarios = TestSourceConsolidatedStats.get_scenarios()
        runs = [scenario for scenario in scenarios if command is None or command in scenario.commands]
        metafunc.parametrize("scenario", runs, ids=str)


class TestSourceConsolidatedStats(SourceTestSuiteBase):
    connector = SourceConsolidatedStats

    @classmethod
    def get_scenarios(cls) -> list[ConnectorTestScenario]:
        """The scenarios of acceptance-test-config.yml, with the address of this sandbox."""
        return [_at_sandbox(scenario) for scenario in super().get_scenarios()]


def _at_sandbox(scenario: ConnectorTestScenario) -> ConnectorTestScenario:
    root = TestSourceConsolidatedStats.get_connector_root_dir()
    config = scenario.get_config_dict(connector_root=root, empty_if_missing=False)
    return scenario.model_copy(update={"config_dict": {**config, "api_url": SANDBOX.url}})
