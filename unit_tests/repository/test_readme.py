"""What the README shows and claims holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from benchmark.programs import PAGE_SIZE
from benchmark.sync_cost import CALLS_A_MINUTE, first_sync_table, later_syncs_table
from source_consolidated_stats.columns import SEQUENCES_KEY
from source_consolidated_stats.timestamps import to_utc
from unit_tests.repository.fields import FIELDS, SCHEMA, columns, default, spec_type
from unit_tests.repository.markdown import ROOT, Page

PAGE = Page("README.md")
TITLE = "# source-consolidated-stats"
SHELL = "\n".join(PAGE.code(heading, "sh") for heading in ("## Try it", "## Add it to Airbyte"))
RECORD: dict[str, Any] = json.loads(PAGE.code(TITLE, "json"))


def test_example_is_a_record_of_the_stream() -> None:
    moments = {name for name, field in SCHEMA["properties"].items() if field.get("format") == "date-time"}
    left_out = SCHEMA["properties"].keys() - RECORD

    assert list(Draft7Validator({**SCHEMA, "additionalProperties": False}).iter_errors(RECORD)) == []
    assert left_out < moments


def test_moments_of_the_example_are_in_utc() -> None:
    moments = {name: RECORD[name] for name, field in columns() if field.get("airbyte_type") and name in RECORD}

    assert moments
    assert {name: to_utc(moment) for name, moment in moments.items()} == moments


def test_first_stream_is_that_of_the_catalog() -> None:
    catalog = json.loads((ROOT / "integration_tests" / "configured_catalog.json").read_text(encoding="utf-8"))
    (configured,) = catalog["streams"]
    stream = {name: stats for name, stats, _ in PAGE.table(TITLE)}

    assert stream["Stream"] == f"`{configured['stream']['name']}`"
    assert stream["Primary key"] == ", ".join(f"`{name}`" for (name,) in configured["primary_key"])
    assert stream["Cursor"] == f"`{configured['cursor_field'][0]}`"
    assert (configured["sync_mode"], configured["destination_sync_mode"]) == ("incremental", "append_dedup")
    assert stream["Sync mode to choose"].startswith("Incremental - Append + Deduped: ")
    assert f"the last {FIELDS['lookback_window_days']['default']} days" in stream["Sync mode to choose"]


def test_second_stream_is_a_full_refresh_by_its_key() -> None:
    stream = {name: sequences for name, _, sequences in PAGE.table(TITLE)}

    assert stream["Stream"] == "`sequences`"
    assert stream["Primary key"] == f"`{SEQUENCES_KEY}`"
    assert (stream["Sync mode to choose"], stream["Cursor"]) == ("Full Refresh - Overwrite", "none")


def test_configuration_is_that_of_the_spec() -> None:
    assert PAGE.table("## Configuration") == [
        [f"`{name}`", spec_type(field), default(name), field["description"]] for name, field in FIELDS.items()
    ]


def test_commands_name_what_there_is() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    image = yaml.safe_load((ROOT / "metadata.yaml").read_text(encoding="utf-8"))["data"]["dockerRepository"]
    targets = re.findall(r"^make (\w+)", SHELL, flags=re.MULTILINE)
    files = re.findall(r"^cp (\S+)", SHELL, flags=re.MULTILINE)

    assert targets == ["sync", "test"]
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)] == []
    assert [file for file in files if not (ROOT / file).exists()] == []
    assert set(re.findall(r"\S+(?=:dev\b)", SHELL)) == {image}


@pytest.mark.parametrize("table", [first_sync_table, later_syncs_table])
def test_costs_are_those_of_the_planner(table: Callable[[], str]) -> None:
    assert table() in PAGE.section("## What to expect"), "`python -m benchmark.sync_cost` prints the new table"


def test_rows_a_minute_are_the_limit_times_the_page() -> None:
    assert f"{CALLS_A_MINUTE * PAGE_SIZE:,} rows a minute" in PAGE.section("## What to expect")
    assert FIELDS["page_size"]["maximum"] == PAGE_SIZE
