"""The user's page says what the spec and the schema say, in the order that Airbyte asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction

from source_consolidated_stats.api.error_handler import AnswerJudge
from source_consolidated_stats.errors import ConfigError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "consolidated-stats.md").read_text(encoding="utf-8")
NAME = yaml.safe_load((ROOT / "metadata.yaml").read_text(encoding="utf-8"))["data"]["name"]
SPEC = yaml.safe_load((ROOT / "source_consolidated_stats" / "spec.yaml").read_text(encoding="utf-8"))
SCHEMA = json.loads((ROOT / "schemas" / "consolidated_stats.json").read_text(encoding="utf-8"))
FIELDS: dict[str, dict[str, Any]] = SPEC["connectionSpecification"]["properties"]
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
    "## IP allow list",
    "## Performance considerations",
    "## Data type map",
    "## Limitations & Troubleshooting",
    "### Limitations",
    "### What the connector does when something fails",
    "## Changelog",
]
FAILURES = {
    "401, 403": "Config error",
    "404": "Config error",
    "400": "Config error",
    '429, or 400 that says "Rate Limit"': "All workers wait",
    "5xx, no connection, a connection that is cut or silent, a body that is cut or unreadable, "
    "200 without rows under `payload.data`": "Tried again with growing pauses, then a transient error",
    "3xx": "Config error",
    "The same page again and again, or pages without end": "Transient error",
    "No sequences, no rows": "Success with a state",
    "A state that cannot be read, or one from a later version": "Config error",
}


def test_headings_come_in_airbytes_order() -> None:
    assert re.findall(r"^#+ .*$", PAGE, flags=re.MULTILINE) == HEADINGS


def test_introduction_and_sync_modes_have_airbytes_words() -> None:
    introduction = f"This page contains the setup guide and reference information for the [{NAME}]("
    assert f"<HideInUI>\n\n{introduction}" in PAGE
    assert f"The {NAME} source connector supports the following [sync modes](" in _section("## Supported sync modes")


def test_prerequisites_name_every_required_field() -> None:
    required = [FIELDS[name]["title"] for name in SPEC["connectionSpecification"]["required"]]
    assert [title for title in required if f"**{title}**" not in _section("## Prerequisites")] == []


def test_configuration_is_that_of_the_spec() -> None:
    assert _table("## Configuration") == [
        [field["title"], f"`{name}`", _spec_type(field), _default(name, field), field["description"]]
        for name, field in FIELDS.items()
    ]


def test_fields_are_those_of_the_schema() -> None:
    assert _table("## Supported Streams") == [
        [f"`{name}`", _schema_type(field), field["description"]] for name, field in _columns(SCHEMA)
    ]


def test_every_failure_of_the_contract_is_told() -> None:
    table = dict(_table("### What the connector does when something fails"))
    assert list(table) == list(FAILURES)
    assert {name: text for name, text in table.items() if not text.startswith(FAILURES[name])} == {}


@pytest.mark.parametrize(
    ("row", "statuses"), [("401, 403", (401, 403)), ("404", (404,)), ("400", (400,)), ("3xx", (301, 302, 307, 308))]
)
def test_config_errors_are_what_the_connector_raises(row: str, statuses: tuple[int, ...]) -> None:
    assert FAILURES[row] == "Config error"
    for status in statuses:
        with pytest.raises(ConfigError):
            _judge(status, b'{"message": "words"}')


@pytest.mark.parametrize(("status", "body"), [(500, b""), (503, b"<html>"), (200, b'{"payload": '), (200, b"{}")])
def test_failures_that_may_pass_are_tried_again(status: int, body: bytes) -> None:
    assert _judge(status, body) == ResponseAction.RETRY


def _judge(status: int, body: bytes) -> ResponseAction | None:
    response = requests.Response()
    response.status_code = status
    response._content = body
    return AnswerJudge("example.com", "payload.data", tries=2).interpret_response(response).response_action


def _section(heading: str) -> str:
    following = [*HEADINGS[HEADINGS.index(heading) + 1 :], None][0]
    start = PAGE.index(f"\n{heading}\n")
    return PAGE[start : PAGE.index(f"\n{following}\n") if following else None]


def _table(heading: str) -> list[list[str]]:
    """The cells of the section's table, without its head."""
    lines = [line for line in _section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _spec_type(field: Mapping[str, Any]) -> str:
    if field["type"] == "array":
        return f"list of {field['items']['type']}s"
    if field["type"] == "integer":
        return f"integer, {field['minimum']} to {field['maximum']}"
    return "secret" if field.get("airbyte_secret") else "date" if field.get("format") == "date" else str(field["type"])


def _default(name: str, field: Mapping[str, Any]) -> str:
    if name in SPEC["connectionSpecification"]["required"]:
        return "required"
    return f"`{field['default']}`" if field.get("default") not in (None, []) else "none"


def _columns(schema: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, field in schema["properties"].items():
        yield prefix + name, field
        if "properties" in field:
            yield from _columns(field, f"{prefix}{name}.")


def _schema_type(field: Mapping[str, Any]) -> str:
    (kind,) = (kind for kind in field["type"] if kind != "null")
    return "timestamp with time zone" if field.get("airbyte_type") else str(kind)
