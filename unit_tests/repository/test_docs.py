"""The page for users agrees with the spec and the schema, and follows Airbyte's order."""

from __future__ import annotations

import re

import pytest
import requests
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction

from benchmark.sync_cost import first_sync, later_sync
from source_consolidated_stats.api.circuit_breaker import CircuitBreaker
from source_consolidated_stats.api.error_handler import SaleshandyErrorHandler
from source_consolidated_stats.errors import ConfigError
from source_consolidated_stats.keys import PLACEHOLDERS
from unit_tests.repository.fields import FIELDS, REQUIRED, SCHEMAS, SPEC, columns, default, schema_type, spec_type
from unit_tests.repository.markdown import Page

PAGE = Page("docs/consolidated-stats.md")
NAME = SPEC["connectionSpecification"]["title"]
HEADINGS = [
    f"# {NAME}",
    "## Prerequisites",
    "## Setup guide",
    f"## Set up {NAME}",
    f"## Set up the {NAME} connector in Airbyte",
    "### For Airbyte Cloud:",
    "### For Airbyte Open Source:",
    "## Configuration",
    "## Supported sync modes",
    "## Supported Streams",
    "### consolidated_stats",
    "### sequences",
    "### Names in your warehouse",
    "### Models",
    "### Rates by sequence, step and week",
    "## IP allow list",
    "## Performance considerations",
    "## Data type map",
    "## Limitations & Troubleshooting",
    "### Limitations",
    "### What the connector does when something fails",
    "## Changelog",
]
FAILURES = {
    '401, 403, or 400 that says "Invalid token"': "Config error",
    "400 or 404 for some of the days or sequences": "The request is narrowed down",
    "400 or 404 for everything": "Config error",
    '400 with code 4000, or that says "Failed to ..."': "The API's own failure: tried again, then a transient error",
    '429, or any status that says "Rate Limit"': "All workers wait",
    "5xx, no connection, a connection that is cut or silent, a response that takes more than a minute, a body that is "
    "cut, unreadable or over 32 MB, 200 without rows under `payload.data`": "Tried again with growing pauses, then in",
    "A proxy or a host name that does not work": "Tried again first, then a config error",
    "A certificate or a proxy's address that cannot be right": "Config error",
    "3xx": "Config error",
    "Rows that move between pages while they are read": "The days are read again",
    "A page that comes empty although it was promised": "It is asked for again",
    "Not one `Email Sent At` of ten rows or more can be read": "System error that quotes a value",
    "Rows of sequences or days that were not asked for": "The page is asked for again",
    "The same page again and again, or pages without end": "Read in smaller windows",
    "No sequences, no rows": "Success with a state",
    "A state that cannot be read, or one from a later version": "Config error",
}
"""How the contract's failures begin on the page."""


def test_headings_come_in_airbytes_order() -> None:
    assert PAGE.headings == HEADINGS


def test_introduction_and_sync_modes_have_airbytes_words() -> None:
    introduction = f"This page contains the setup guide and reference information for the [{NAME}]("

    assert f"<HideInUI>\n\n{introduction}" in PAGE.text
    assert f"The {NAME} source connector supports the following [sync modes](" in PAGE.section(
        "## Supported sync modes"
    )


def test_prerequisites_name_every_required_field() -> None:
    prerequisites = PAGE.section("## Prerequisites")

    assert [name for name in REQUIRED if f"**{FIELDS[name]['title']}**" not in prerequisites] == []


def test_configuration_is_that_of_the_spec() -> None:
    assert PAGE.table("## Configuration") == [
        [field["title"], f"`{name}`", spec_type(field), default(name), field["description"]]
        for name, field in FIELDS.items()
    ]


@pytest.mark.parametrize("stream", SCHEMAS)
def test_fields_are_those_of_the_schema(stream: str) -> None:
    assert PAGE.table(f"### {stream}") == [
        [f"`{name}`", schema_type(field), field["description"]] for name, field in columns(SCHEMAS[stream])
    ]


@pytest.mark.parametrize("column", PLACEHOLDERS)
def test_placeholders_of_keys_are_those_of_records(column: str) -> None:
    rows = [line for line in PAGE.section("## Data type map").splitlines() if line.startswith("| `")]
    (row,) = [row for row in rows if f"`{column}`" in row]
    placeholder = PLACEHOLDERS[column]

    assert row.split(" | ")[1] == ("empty text" if placeholder == "" else f"`{placeholder}`")


def test_every_failure_of_the_contract_is_on_the_page() -> None:
    table = dict(PAGE.table("### What the connector does when something fails"))

    assert list(table) == list(FAILURES)
    assert {name: text for name, text in table.items() if not text.startswith(FAILURES[name])} == {}


def test_costs_are_those_of_the_planner() -> None:
    emails, lookback = 100_000, FIELDS["lookback_window_days"]["default"]
    ways = (("Daily", "every_sync"), ("Hourly", "every_sync"), ("Hourly", "by_age"))
    costs = [str(first_sync(emails)), *(str(later_sync(emails, lookback, *way)) for way in ways)]
    prose = " ".join(PAGE.section("## Performance considerations").split())

    assert re.findall(r"[\d,]+ calls, \d+ min", prose) == costs
    assert f"{first_sync(emails).rows:,} rows" in prose


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404])
def test_config_errors_are_what_the_connector_raises(status: int) -> None:
    with pytest.raises(ConfigError):
        _judge(status, b'{"message": "words"}')


@pytest.mark.parametrize(("status", "body"), [(500, b""), (503, b"<html>"), (200, b'{"payload": '), (200, b"{}")])
def test_failures_that_may_pass_are_tried_again(status: int, body: bytes) -> None:
    assert _judge(status, body) == ResponseAction.RETRY


def _judge(status: int, body: bytes) -> ResponseAction | None:
    response = requests.Response()
    response.status_code = status
    response._content = body
    handler = SaleshandyErrorHandler("example.com", "payload.data", CircuitBreaker(2))
    return handler.interpret_response(response).response_action
