"""What Airbyte's form makes of the specification: every field can be filled in, changed and emptied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from source_consolidated_stats.config import read_config
from source_consolidated_stats.errors import ConfigError
from source_consolidated_stats.planning.due.days import Calendar

from .airbyte_form import is_marked, platform_accepts, sent, widget

SPEC = Path(__file__).parents[1] / "source_consolidated_stats" / "spec.yaml"
SPECIFICATION = yaml.safe_load(SPEC.read_text(encoding="utf-8"))["connectionSpecification"]
FIELDS = SPECIFICATION["properties"]
OPTIONAL = {name: field for name, field in FIELDS.items() if name not in SPECIFICATION["required"]}
CALENDAR = Calendar(datetime(2026, 11, 23, 12, tzinfo=timezone.utc))
KEY = "a-key-1234567890"
NOT_FOR_FORMS = {
    "not", "anyOf", "allOf", "patternProperties", "prefixItems", "if", "then", "else", "dependentSchemas",
    "dependentRequired", "$ref",
}  # fmt: skip
"""What Airbyte's acceptance tests forbid in a specification."""


def schemas(schema: Mapping[str, Any] = SPECIFICATION) -> Iterator[Mapping[str, Any]]:
    """The specification, its fields, and the items of its lists."""
    yield schema
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    for each in inner:
        yield from schemas(each)


def test_it_is_a_valid_json_schema() -> None:
    Draft7Validator.check_schema(SPECIFICATION)


def test_every_field_has_one_plain_type() -> None:
    assert {type(schema["type"]) for schema in schemas()} == {str}


def test_every_field_is_written_to_the_person_who_fills_it_in() -> None:
    assert [name for name, field in FIELDS.items() if not (field["title"] and field["description"].endswith("."))] == []


def test_enums_hold_the_real_values_only() -> None:
    for values in (schema["enum"] for schema in schemas() if "enum" in schema):
        assert all(isinstance(value, str) and value for value in values)
        assert len(set(values)) == len(values) > 1


def test_dates_have_a_date_picker_and_a_pattern() -> None:
    dates = {name: field for name, field in FIELDS.items() if "YYYY-MM-DD" in field["description"]}

    assert dates
    for field in dates.values():
        assert (field["format"], field["pattern_descriptor"]) == ("date", "YYYY-MM-DD")
        assert not is_marked(field, "2026-01-31")
        assert is_marked(field, "31.01.2026")


def test_an_optional_text_may_be_emptied() -> None:
    texts = {name: field for name, field in OPTIONAL.items() if widget(field) in ("text", "date picker")}

    assert texts
    assert [name for name, field in texts.items() if is_marked(field, "")] == []


def test_acceptance_rules_of_airbyte_hold() -> None:
    orders = [field["order"] for field in FIELDS.values()]

    assert SPECIFICATION["additionalProperties"] is True
    assert sorted(orders) == list(range(len(FIELDS)))
    assert [sorted(NOT_FOR_FORMS & set(schema)) for schema in schemas() if NOT_FOR_FORMS & set(schema)] == []
    assert [name for name, field in FIELDS.items() if field.get("airbyte_secret")] == ["api_key"]


def test_defaults_and_examples_are_accepted() -> None:
    for name, field in FIELDS.items():
        for value in [*field.get("examples", []), *([field["default"]] if "default" in field else [])]:
            assert not is_marked(field, value)
            assert platform_accepts(SPECIFICATION, {"api_key": KEY, name: value})


GOOD = [
    ("api_key", f" {KEY}\n", "api_key", KEY),
    ("start_date", "2026-01-31", "start_date", date(2026, 1, 31)),
    ("start_date", "", "start_date", None),
    ("end_date", " 2026-06-30 ", "end_date", date(2026, 6, 30)),
    ("end_date", "", "end_date", None),
    ("sequence_ids", ["2dP27N0gZ4", " 2dP27NugZ3 "], "sequence_ids", ("2dP27N0gZ4", "2dP27NugZ3")),
    ("sequence_ids", [], "sequence_ids", ()),
    ("lookback_window_days", "0", "lookback_window_days", 0),
    ("lookback_window_days", "", "lookback_window_days", 30),
    ("lookback_refresh", "by_age", "refresh_by_age", True),
    ("num_workers", "8", "num_workers", 8),
    ("num_workers", "8.0", "num_workers", 8),
    ("num_workers", "", "num_workers", 4),
    ("page_size", "100", "page_size", 100),
    ("page_size", "", "page_size", 500),
    ("api_url", " https://example.com/v1/ ", "api_url", "https://example.com"),
    ("api_url", "", "api_url", "https://open-api.saleshandy.com"),
]
"""What a person enters in a field, and what the connector makes of it."""


@pytest.mark.parametrize(("name", "entered", "setting", "value"), GOOD)
def test_what_a_person_enters_reaches_the_connector(name: str, entered: Any, setting: str, value: Any) -> None:
    config = sent(SPECIFICATION, {"api_key": KEY, name: entered})

    assert not is_marked(FIELDS[name], entered)
    assert platform_accepts(SPECIFICATION, config)
    assert getattr(read_config(config, SPECIFICATION, CALENDAR), setting) == value


def test_every_field_is_among_what_is_entered() -> None:
    assert list(dict.fromkeys(name for name, *_ in GOOD)) == list(FIELDS)


@pytest.mark.parametrize(
    ("name", "entered"),
    [
        ("api_key", "with space"),
        ("start_date", "last week"),
        ("end_date", "2026-6-1"),
        ("sequence_ids", ["2dP27N0gZ4", "two ids"]),
        ("lookback_window_days", "731"),
        ("lookback_refresh", "hourly"),
        ("num_workers", "0"),
        ("page_size", "5"),
        ("api_url", "example.com"),
    ],
)
def test_a_wrong_value_is_marked_before_it_is_sent_and_refused_wherever_it_comes_from(name: str, entered: Any) -> None:
    config = sent(SPECIFICATION, {"api_key": KEY, name: entered})

    assert is_marked(FIELDS[name], entered)
    assert not platform_accepts(SPECIFICATION, config)
    with pytest.raises(ConfigError, match=f"^{name}: "):
        read_config(config, SPECIFICATION, CALENDAR)


@pytest.mark.parametrize(("name", "entered"), [("num_workers", "8.5"), ("start_date", "2026-02-30")])
def test_what_the_form_does_not_look_at_is_refused_when_it_is_sent(name: str, entered: str) -> None:
    config = sent(SPECIFICATION, {"api_key": KEY, name: entered})

    assert not platform_accepts(SPECIFICATION, config)
    with pytest.raises(ConfigError, match=f"^{name}: "):
        read_config(config, SPECIFICATION, CALENDAR)
