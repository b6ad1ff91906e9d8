"""The page for users agrees with the spec and the schema, and follows Airbyte's order."""

from __future__ import annotations

import re

import pytest
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction

from benchmark.sync_cost import first_sync, later_sync
from source_consolidated_stats.api.circuit_breaker import CircuitBreaker
from source_consolidated_stats.api.error_handler import SaleshandyErrorHandler
from source_consolidated_stats.api.judgement import is_rate_limited, judge
from source_consolidated_stats.api.responses import ApiResponse
from source_consolidated_stats.errors import ApiError, ConfigError, RefusedError
from source_consolidated_stats.keys import PLACEHOLDERS
from unit_tests.api.builders import response
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


def test_costs_are_those_of_the_planner() -> None:
    emails, lookback = 100_000, FIELDS["lookback_window_days"]["default"]
    ways = (("Daily", "every_sync"), ("Hourly", "every_sync"), ("Hourly", "by_age"))
    costs = [str(first_sync(emails)), *(str(later_sync(emails, lookback, *way)) for way in ways)]
    prose = " ".join(PAGE.section("## Performance considerations").split())

    assert re.findall(r"[\d,]+ calls, \d+ min", prose) == costs
    assert f"{first_sync(emails).rows:,} rows" in prose


FAILURES = "### What the connector does when something fails"
STATUS = re.compile(r"\b[1-5](?:\d\d|xx)\b(?! MB)")


@pytest.mark.parametrize(("failure", "outcome"), [row for row in PAGE.table(FAILURES) if STATUS.search(row[0])])
def test_failures_become_what_the_page_says(failure: str, outcome: str) -> None:
    """The statuses and the words of the API that a row of the table names."""
    (words, *_) = re.findall(r'"([^"]+)"', failure) or ["startDate is wrong"]
    codes = [int(code) for code in re.findall(r"code (\d+)", failure)]
    content = {"message": words, **({"code": codes[0]} if codes else {})}
    for status in STATUS.findall(re.sub(r"code \d+", "", failure)):
        seen = response(int(status.replace("xx", "18")), content)
        if outcome.startswith("All workers wait"):
            assert is_rate_limited(seen)
        elif "tried again" in outcome.lower() and not outcome.startswith("Config error"):
            assert _judge(seen) == ResponseAction.RETRY
        elif outcome.startswith("Read in smaller windows at once"):
            with pytest.raises(ApiError):
                _judge(seen)
        else:
            with pytest.raises(ConfigError):
                _judge(seen)


def test_the_page_names_every_status_that_is_not_judged_like_any_other_4xx() -> None:
    named = {int(status) for row in PAGE.table(FAILURES) for status in STATUS.findall(row[0]) if status.isdecimal()}
    special = {status for status in range(400, 500) if not _is_plain_refusal(response(status, {"message": "No"}))}

    assert special - named == set()


def _is_plain_refusal(seen: ApiResponse) -> bool:
    problem = judge(seen, "example.com", "payload.data", any_success=False)
    return not is_rate_limited(seen) and problem is not None and isinstance(problem.error, RefusedError)


def _judge(seen: ApiResponse) -> ResponseAction | None:
    handler = SaleshandyErrorHandler("example.com", "payload.data", CircuitBreaker(2))
    return handler.interpret_response(seen).response_action
