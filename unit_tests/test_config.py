"""Which configurations are accepted, and in what words the others are refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from source_consolidated_stats.config import Config, read_config
from source_consolidated_stats.errors import ConfigError
from source_consolidated_stats.planning.due.days import Calendar

SPEC = Path(__file__).parents[1] / "source_consolidated_stats" / "spec.yaml"
SPECIFICATION = yaml.safe_load(SPEC.read_text(encoding="utf-8"))["connectionSpecification"]
NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
"""A moment at which 2026-11-24 has begun at UTC+14, and the API's two years begin on 2024-11-24."""
KEY = "a-key-1234567890"
OPTIONAL = [name for name in SPECIFICATION["properties"] if name not in SPECIFICATION["required"]]


def config(raw: Mapping[str, Any]) -> Config:
    return read_config(raw, SPECIFICATION, Calendar(NOW))


def test_only_the_key_is_required() -> None:
    assert config({"api_key": KEY}) == Config(
        api_key=KEY,
        start_date=None,
        end_date=None,
        sequence_ids=(),
        lookback_window_days=30,
        refresh_by_age=False,
        num_workers=4,
        page_size=500,
        api_url="https://open-api.saleshandy.com",
    )


def test_what_is_given_takes_the_place_of_the_defaults() -> None:
    given = {
        "api_key": KEY,
        "start_date": "2026-01-31",
        "end_date": "2026-06-30",
        "sequence_ids": ["2dP27N0gZ4", "2dP27NugZ3"],
        "lookback_window_days": 0,
        "lookback_refresh": "by_age",
        "num_workers": 20,
        "page_size": 10,
        "api_url": "http://localhost:8571",
    }

    assert config(given) == Config(
        api_key=KEY,
        start_date=date(2026, 1, 31),
        end_date=date(2026, 6, 30),
        sequence_ids=("2dP27N0gZ4", "2dP27NugZ3"),
        lookback_window_days=0,
        refresh_by_age=True,
        num_workers=20,
        page_size=10,
        api_url="http://localhost:8571",
    )


def test_fields_that_the_platform_adds_change_nothing() -> None:
    assert config({"api_key": KEY, "__injected": {"a": 1}}) == config({"api_key": KEY})


@pytest.mark.parametrize("day", ["2001-01-01", "2024-11-23", "2026-11-24"])
def test_a_start_may_be_any_day_up_to_the_latest_today(day: str) -> None:
    """One that is older than the API keeps is moved up by the sync, with a warning."""
    assert config({"api_key": KEY, "start_date": day}).start_date == date.fromisoformat(day)


@pytest.mark.parametrize("day", ["2024-11-24", "2026-11-24", "2030-01-01"])
def test_an_end_may_be_any_day_that_the_api_keeps_or_later(day: str) -> None:
    assert config({"api_key": KEY, "end_date": day}).end_date == date.fromisoformat(day)


def test_start_and_end_may_be_the_same_day() -> None:
    day = date(2026, 10, 1)

    one_day = config({"api_key": KEY, "start_date": str(day), "end_date": str(day)})

    assert (one_day.start_date, one_day.end_date) == (day, day)


def test_a_sequence_given_twice_is_read_once() -> None:
    assert config({"api_key": KEY, "sequence_ids": ["b", "a", "b"]}).sequence_ids == ("b", "a")


@pytest.mark.parametrize("end", ["/", "//", "?", "/v1", "/v1/", "//v1//", " ", "/\n"])
def test_what_is_too_much_at_the_end_of_the_address_is_cut_off(end: str) -> None:
    assert config({"api_key": KEY, "api_url": f"https://example.com{end}"}).api_url == "https://example.com"


@pytest.mark.parametrize(
    "address", ["https://example.com/v10", "https://example.com/v1/api", "https://v1", "http://[::1]:80"]
)
def test_the_rest_of_the_address_stays_as_it_is(address: str) -> None:
    assert config({"api_key": KEY, "api_url": address}).api_url == address


@pytest.mark.parametrize("blanks", [" ", "\n", "\r\n", "\t", "\u00a0"])
def test_blanks_and_line_ends_around_a_text_are_cut_off(blanks: str) -> None:
    texts = {"api_key": KEY, "start_date": "2026-01-31", "end_date": "2026-06-30", "api_url": "https://example.com"}
    pasted = {name: f"{blanks}{text}{blanks}" for name, text in texts.items()}

    assert config({**pasted, "sequence_ids": [f"{blanks}a", f"a{blanks}"]}) == config({**texts, "sequence_ids": ["a"]})


@pytest.mark.parametrize("field", OPTIONAL)
@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_an_optional_field_that_is_null_or_empty_counts_as_left_out(field: str, nothing: str | None) -> None:
    assert config({"api_key": KEY, field: nothing}) == config({"api_key": KEY})


def test_a_text_of_digits_stays_a_text() -> None:
    digits = config({"api_key": "12345678", "sequence_ids": ["007"]})

    assert (digits.api_key, digits.sequence_ids) == ("12345678", ("007",))


@pytest.mark.parametrize("field", ["lookback_window_days", "num_workers", "page_size"])
@pytest.mark.parametrize("value", ["12", " 12\n", "12.0", 12.0, "+12"])
def test_a_whole_number_may_come_as_a_text_or_with_a_fraction_of_zero(field: str, value: str | float) -> None:
    number = getattr(config({"api_key": KEY, field: value}), field)

    assert (number, type(number)) == (12, int)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("api_key", "", ["is not a key"]),
        ("api_key", None, ["is not a key"]),
        ("api_key", " \n", ["is not a key"]),
        ("api_key", "with space", ["is not a key"]),
        ("api_key", 'quote"d', ["is not a key"]),
        ("start_date", "last week", ["last week", "YYYY-MM-DD"]),
        ("start_date", "2025-02-30", ["2025-02-30", "is not a valid date", "YYYY-MM-DD"]),
        ("start_date", 20250101, ["20250101", "YYYY-MM-DD"]),
        ("start_date", "2026-11-25", ["2026-11-25", "in the future"]),
        ("end_date", "2001-01-01", ["2001-01-01", "older than the API keeps", "2024-11-24"]),
        ("end_date", "2024-11-23", ["2024-11-23", "older than the API keeps", "2024-11-24"]),
        ("end_date", "30.06.2026", ["30.06.2026", "YYYY-MM-DD"]),
        ("sequence_ids", "2dP27N0gZ4", ["2dP27N0gZ4", "a list of strings"]),
        ("sequence_ids", ["a", ""], ['""', "an id without spaces"]),
        ("sequence_ids", [" \n"], ['""', "an id without spaces"]),
        ("sequence_ids", "a,b", ['"a,b"', "a list of strings"]),
        ("sequence_ids", [7], ["7", "an id without spaces"]),
        ("lookback_window_days", -1, ["-1", "0 to 730"]),
        ("lookback_window_days", 731, ["731", "0 to 730"]),
        ("lookback_refresh", "hourly", ['"hourly"', "every_sync or by_age"]),
        ("lookback_window_days", "many", ['"many"', "0 to 730"]),
        ("lookback_window_days", "-1", ["-1", "0 to 730"]),
        ("lookback_window_days", "9" * 5_000, ["999", "0 to 730"]),
        ("num_workers", "1e1", ['"1e1"', "1 to 20"]),
        ("num_workers", "8.5", ['"8.5"', "1 to 20"]),
        ("num_workers", float("nan"), ["NaN", "1 to 20"]),
        ("num_workers", [8], ["[8]", "1 to 20"]),
        ("api_key", "**********", ["asterisks", "masked", "Settings, then API"]),
        ("api_key", " *\n", ["asterisks", "masked"]),
        ("num_workers", 0, ["0", "1 to 20"]),
        ("num_workers", 21, ["21", "1 to 20"]),
        ("num_workers", True, ["true", "1 to 20"]),
        ("page_size", 9, ["9", "10 to 500"]),
        ("page_size", 501, ["501", "10 to 500"]),
        ("page_size", 99.5, ["99.5", "10 to 500"]),
        ("api_url", "ftp://example.com", ["ftp://example.com", "https://"]),
        ("api_url", "https://", ["https://", "address"]),
        ("api_url", "https://example.com/?a=b", ["address"]),
        ("api_url", "https://example.com/#a", ["address"]),
        ("api_url", "https://example.com/a b", ["address"]),
        ("api_url", "https://example.com:port", ["address"]),
        ("api_url", "https://user:secret@example.com", ["user name or a password"]),
        ("api_url", "example.com", ["example.com", "https://"]),
        ("api_url", "https://open-api..saleshandy.com", ["open-api..saleshandy.com", "address"]),
        ("api_url", "https://open api.saleshandy.com", ["open api.saleshandy.com", "address"]),
        ("api_url", "https://exa<mple.com", ["exa<mple.com", "address"]),
        ("api_url", "https://example.com:0", ["example.com:0", "address"]),
        ("api_url", "https://example.com:65536", ["example.com:65536", "address"]),
        ("api_url", "https://[::1", ["[::1", "address"]),
        ("api_url", "https://\u0301\u00e4.com", ["\u0301\u00e4.com", "address"]),
        ("api_url", f"https://{64 * 'a'}.com", [64 * "a", "address"]),
    ],
)
def test_a_bad_value_is_refused_with_its_field_and_what_would_be_right(
    field: str, value: Any, words: list[str]
) -> None:
    with pytest.raises(ConfigError) as refusal:
        config({"api_key": KEY, field: value})

    message = str(refusal.value.message)
    assert message.startswith(f"{field}: ")
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("field", "right"),
    [
        ({"type": "string"}, "a string"),
        ({"type": "integer"}, "a whole number"),
        ({"type": "boolean"}, "true or false"),
        ({"type": "array", "items": {"type": "string"}}, "a list of strings"),
    ],
)
def test_a_field_without_a_pattern_is_explained_by_its_type(field: dict[str, Any], right: str) -> None:
    specification = {**SPECIFICATION, "properties": {**SPECIFICATION["properties"], "added": field}}

    with pytest.raises(ConfigError) as refusal:
        read_config({"api_key": KEY, "added": {}}, specification, Calendar(NOW))

    assert refusal.value.message == f"added: {{}} is not {right}."


@pytest.mark.parametrize("key", ["with space", 'quote"d', "line\nbreak", 12345678])
def test_a_key_that_is_refused_is_not_shown(key: Any) -> None:
    with pytest.raises(ConfigError) as refusal:
        config({"api_key": key})

    assert str(key) not in str(refusal.value.message)


@pytest.mark.parametrize("url", ["https://user:secret@example.com", "https://user:secret@example.com:port"])
def test_an_address_with_a_password_is_not_shown(url: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        config({"api_key": KEY, "api_url": url})

    assert "secret" not in str(refusal.value.message)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ConfigError, match="end_date: 2026-10-01 comes before start_date 2026-10-02"):
        config({"api_key": KEY, "start_date": "2026-10-02", "end_date": "2026-10-01"})


def test_no_key_at_all_is_refused() -> None:
    with pytest.raises(ConfigError, match="api_key: it is missing"):
        config({})
