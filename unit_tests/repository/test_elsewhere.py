"""The page on PyAirbyte, Docker and Meltano names what there is. Its programs run in `integration_tests/warehouses`."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from source_consolidated_stats.columns import CURSOR_FIELD, PRIMARY_KEY, SEQUENCES_KEY
from unit_tests.repository.fields import FIELDS
from unit_tests.repository.markdown import ROOT, Page

PAGE = Page("docs/elsewhere.md")
METADATA: dict[str, Any] = yaml.safe_load((ROOT / "metadata.yaml").read_text(encoding="utf-8"))["data"]
MELTANO: dict[str, Any] = yaml.safe_load(PAGE.code("## Meltano", "yaml"))["plugins"]["extractors"][0]


def test_meltano_gets_the_whole_primary_key_of_each_stream() -> None:
    keys = {stream: metadata["table-key-properties"] for stream, metadata in MELTANO["metadata"].items()}

    assert keys == {"consolidated_stats": list(PRIMARY_KEY), "sequences": [SEQUENCES_KEY]}


def test_meltano_reads_what_has_a_cursor_incrementally() -> None:
    methods = {stream: metadata["replication-method"] for stream, metadata in MELTANO["metadata"].items()}

    assert CURSOR_FIELD in PRIMARY_KEY
    assert methods == {"consolidated_stats": "INCREMENTAL", "sequences": "FULL_TABLE"}
    assert set(MELTANO["config"]["airbyte_config"]) <= set(FIELDS)


def test_images_have_the_name_and_the_version_of_the_metadata() -> None:
    name = METADATA["dockerRepository"].split("/")[-1]
    spec = MELTANO["config"]["airbyte_spec"]

    assert spec == {"image": f"registry.example.com/{name}", "tag": METADATA["dockerImageTag"]}
    assert f'docker_image="{spec["image"]}:{spec["tag"]}"' in PAGE.section("## PyAirbyte")
    assert set(re.findall(r"\S+(?=:dev\b)", PAGE.code("## Docker", "sh"))) == {METADATA["dockerRepository"]}


def test_every_page_builds_the_image_for_the_servers_that_airbyte_runs_on() -> None:
    commands = [
        command
        for name in ("README.md", "docs/consolidated-stats.md", "docs/elsewhere.md")
        for command in re.findall(r"docker build[^`\n]*", Page(name).text)
    ]

    assert len(commands) == 3
    assert [command for command in commands if "--platform linux/amd64" not in command] == []


def test_the_container_has_a_user_and_a_file_system_of_its_own() -> None:
    command = PAGE.code("## Docker", "sh")

    assert all(option in command for option in ("--read-only", '--user "$(id -u):$(id -g)"', "/secrets:ro", "-m 700"))
    assert json.dumps("source-consolidated-stats") in PAGE.code("## PyAirbyte", "python")
