"""Files, catalogs and states as the platform hands them over, and in what words the others are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from source_consolidated_stats import SourceConsolidatedStats
from source_consolidated_stats.errors import ConfigError
from source_consolidated_stats.inputs import previous_state
from source_consolidated_stats.planning.due.state import State, read_state

CONTENT = {"version": 1, "Email Sent At": "2026-11-23T08:15:00Z", "rows_per_sequence_day": 0.5, "coverage": []}
OFFERED = ("consolidated_stats", "sequences")


def state_of(content: object, folder: Path) -> State:
    """The previous state of `consolidated_stats`, from a state file with this content."""
    file = folder / "state.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return previous_state(SourceConsolidatedStats.read_state(str(file)), "consolidated_stats", OFFERED)


def message(name: str = "consolidated_stats", content: object = CONTENT, **descriptor: str) -> dict[str, Any]:
    stream = {"stream_descriptor": {"name": name, **descriptor}, "stream_state": content}
    return {"type": "STREAM", "stream": stream}


@pytest.mark.parametrize(
    ("read", "content", "problem"),
    [
        (SourceConsolidatedStats.read_config, "{not json", "Expecting property name"),
        (SourceConsolidatedStats.read_config, "[1, 2]", ""),
        (SourceConsolidatedStats.read_catalog, "{", "Expecting property name"),
        (SourceConsolidatedStats.read_catalog, "[]", 'is not of type "object"'),
        (SourceConsolidatedStats.read_catalog, "{}", '"streams" is a required property'),
        (SourceConsolidatedStats.read_catalog, '{"streams": 5}', 'is not of type "list"'),
        (SourceConsolidatedStats.read_catalog, '{"streams": [5]}', 'is not of type "object"'),
        (SourceConsolidatedStats.read_state, "nowhere", "Expecting value"),
        (SourceConsolidatedStats.read_state, '"text"', "does not hold state messages"),
        (SourceConsolidatedStats.read_state, "[5]", "does not hold state messages"),
        (SourceConsolidatedStats.read_state, '{"type": "STATE"}', ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_name_and_its_problem(
    tmp_path: Path, read: Callable[[str], object], content: str, problem: str
) -> None:
    file = tmp_path / "input.json"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError, match=rf"input\.json cannot be read: .*{problem}"):
        read(str(file))


@pytest.mark.parametrize(
    "read",
    [
        SourceConsolidatedStats.read_config,
        SourceConsolidatedStats.read_catalog,
        SourceConsolidatedStats.read_state,
    ],
)
def test_a_file_that_is_missing_is_refused_with_its_name(tmp_path: Path, read: Callable[[str], object]) -> None:
    with pytest.raises(ConfigError, match=r"missing\.json cannot be read"):
        read(str(tmp_path / "missing.json"))


@pytest.mark.parametrize("content", ["{", "[5]", '{"type": "STATE"}'])
def test_a_state_file_that_cannot_be_read_says_to_reset(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError, match="Reset the stream"):
        SourceConsolidatedStats.read_state(str(file))


@pytest.mark.parametrize("mode", ["append", "overwrite_dedup", "", None, 7])
def test_how_the_destination_writes_does_not_matter(tmp_path: Path, mode: object) -> None:
    stream = {"name": "consolidated_stats", "json_schema": {}, "supported_sync_modes": ["incremental"]}
    configured = {"stream": stream, "sync_mode": "incremental", "destination_sync_mode": mode}
    file = tmp_path / "catalog.json"
    file.write_text(json.dumps({"streams": [configured]}), encoding="utf-8")

    catalog = SourceConsolidatedStats.read_catalog(str(file))

    assert [each.stream.name for each in catalog.streams] == ["consolidated_stats"]


def test_members_that_the_platform_adds_to_a_catalog_change_nothing(tmp_path: Path) -> None:
    stream = {"name": "consolidated_stats", "json_schema": {}, "supported_sync_modes": ["incremental"]}
    configured = {"sync_mode": "incremental", "destination_sync_mode": "append"}
    added = {"generation_id": 3, "minimum_generation_id": 0, "sync_id": 7, "added": {}}
    file, other = tmp_path / "catalog.json", tmp_path / "other.json"
    file.write_text(json.dumps({"streams": [{"stream": stream, **configured}]}), encoding="utf-8")
    other.write_text(
        json.dumps({"streams": [{"stream": {**stream, "added": 1}, **configured, **added}], "added": 1}),
        encoding="utf-8",
    )

    (plain,) = SourceConsolidatedStats.read_catalog(str(file)).streams
    (extended,) = SourceConsolidatedStats.read_catalog(str(other)).streams

    assert (extended.stream, extended.sync_mode) == (plain.stream, plain.sync_mode)


@pytest.mark.parametrize(
    "content",
    [
        [message()],
        message(),
        [message(namespace="")],
        [message(namespace="public")],
        [message("sequences", {"__ab_no_cursor_state_message": True}), message()],
        [message(content={}), message()],
        [{**message(), "id": 7, "sourceStats": {"recordCount": "8"}, "destinationStats": {"recordCount": 8.0}}],
    ],
)
def test_the_state_of_the_stream_is_read(tmp_path: Path, content: object) -> None:
    assert state_of(content, tmp_path) == read_state(CONTENT)


@pytest.mark.parametrize(
    "content", [[], {}, None, [message(content={})], [message(content=None)], [message("sequences")]]
)
def test_a_stream_without_a_state_is_read_for_the_first_time(tmp_path: Path, content: object) -> None:
    assert state_of(content, tmp_path) == State()


def test_no_state_file_is_a_first_read() -> None:
    assert previous_state(SourceConsolidatedStats.read_state(""), "consolidated_stats", OFFERED) == State()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([{**message(), "type": "LEGACY"}], "of type LEGACY"),
        ([{"type": "LEGACY", "data": {"consolidated_stats": CONTENT}}], "of type LEGACY"),
        ([{"stream": message()["stream"]}], "without a type"),
        ({"consolidated_stats": CONTENT}, "without a type"),
        ([{}], "without a type"),
        ([{"type": "GLOBAL", "global": {"stream_states": [message()["stream"]]}}], "of type GLOBAL"),
        ([{"type": "STREAM"}], "names no stream"),
        ([message("invoices")], "the stream invoices"),
        ([message(), message("invoices")], "the stream invoices"),
        ([message(content={**CONTENT, "version": 2})], "a later version"),
        ([message(content={"Email Sent At": "2026-11-23T08:15:00Z"})], "no known version"),
    ],
)
def test_a_state_that_cannot_be_used_says_to_reset(tmp_path: Path, content: object, words: str) -> None:
    with pytest.raises(ConfigError, match=f"{words}.*Reset the stream"):
        state_of(content, tmp_path)
