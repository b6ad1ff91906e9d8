"""The configuration, checked before any request is made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft7Validator, ValidationError

from .errors import ConfigError
from .planning.days import latest_today, retention_start

_REQUIRED = "api_key"


@dataclass(frozen=True)
class Config:
    api_key: str
    start_date: date | None
    end_date: date | None
    sequence_ids: tuple[str, ...]
    lookback_window_days: int
    num_workers: int
    page_size: int
    api_url: str


def read_config(raw: Mapping[str, Any], specification: Mapping[str, Any], now: datetime) -> Config:
    """The configuration with its defaults, from what the user gave.

    Raises ConfigError with the field, its value and what would be right.
    """
    fields = specification["properties"]
    error = next(Draft7Validator(specification).iter_errors(raw), None)
    if error:
        raise ConfigError(_explain(error, fields))
    values = {name: raw.get(name, field.get("default")) for name, field in fields.items()}
    config = Config(
        api_key=values["api_key"],
        start_date=_read_day("start_date", values["start_date"]),
        end_date=_read_day("end_date", values["end_date"]),
        sequence_ids=tuple(dict.fromkeys(values["sequence_ids"])),
        lookback_window_days=int(values["lookback_window_days"]),
        num_workers=int(values["num_workers"]),
        page_size=int(values["page_size"]),
        api_url=_read_url(values["api_url"]),
    )
    _check_period(config.start_date, config.end_date, now)
    return config


def _check_period(start: date | None, end: date | None, now: datetime) -> None:
    today, oldest = latest_today(now), retention_start(now)
    if start and start > today:
        raise ConfigError(f"start_date: {start} is in the future. Give today or an earlier day.")
    if start and end and end < start:
        raise ConfigError(f"end_date: {end} comes before start_date {start}. Give the same day or a later one.")
    if end and end < oldest:
        raise ConfigError(f"end_date: {end} is older than the API keeps. Give {oldest} or a later day, or none.")


def _read_day(name: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise ConfigError(f"{name}: {text!r} is not a day of the calendar. Give a day as YYYY-MM-DD.") from None


def _read_url(text: str) -> str:
    right = "Give an address such as https://open-api.saleshandy.com."
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigError(f"api_url: {text!r} is not a valid URL. {right}") from None
    if "@" in parts.netloc:
        raise ConfigError(f"api_url: it has a user name or a password. {right}")
    if not host or any(c.isspace() for c in text) or parts.query or parts.fragment:
        raise ConfigError(f"api_url: {text!r} is not a base URL. {right}")
    return text.rstrip("/")


def _explain(error: ValidationError, fields: Mapping[str, Any]) -> str:
    """What is wrong with which field, and what would be right; never a secret value."""
    if not error.absolute_path:
        return f"{_REQUIRED}: it is missing. Give {_describe(fields[_REQUIRED])}."
    name = str(error.absolute_path[0])
    field = fields[name]["items"] if len(error.absolute_path) > 1 else fields[name]
    value = "the value" if field.get("airbyte_secret") else json.dumps(error.instance)
    return f"{name}: {value} is not {_describe(field)}."


def _describe(schema: Mapping[str, Any]) -> str:
    """What is right, in words."""
    if "pattern_descriptor" in schema:
        text = str(schema["pattern_descriptor"])
        return text if text.startswith("a") else f"a text of the form {text}"
    if schema.get("type") == "integer":
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    return "a list of texts" if schema.get("type") == "array" else "a text"
