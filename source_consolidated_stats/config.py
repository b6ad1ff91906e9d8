"""The configuration, checked before any request is made."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import requests
from jsonschema import Draft7Validator, ValidationError

from .errors import ConfigError
from .planning.due.days import Calendar

_REQUIRED = "api_key"
_TYPES = {
    "string": "a string",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list of strings",
}
_HOST = re.compile(r"[0-9A-Za-z._:-]+")
_WHOLE_NUMBER = re.compile(r"([+-]?[0-9]{1,9})(\.0+)?")
_BASE_PATH_END = re.compile(r"(/+v1)?/*\Z")
"""The vendor's page writes its base URL with `/v1` at the end; here the paths of the endpoints begin with it."""


@dataclass(frozen=True)
class Config:
    api_key: str
    start_date: date | None
    end_date: date | None
    sequence_ids: tuple[str, ...]
    lookback_window_days: int
    refresh_by_age: bool
    num_workers: int
    page_size: int
    api_url: str


def _tidy_config(raw: Mapping[str, Any], specification: Mapping[str, Any]) -> dict[str, Any]:
    """What the user meant by `raw`: texts without the blanks and line ends around them, numbers where whole numbers
    came as texts, and no optional field that is null or an empty text."""
    fields = specification["properties"]
    tidy = {name: _tidy(value, fields[name]) if name in fields else value for name, value in raw.items()}
    left_out = {name for name in fields if name != _REQUIRED and tidy.get(name) in (None, "")}
    return {name: value for name, value in tidy.items() if name not in left_out}


def read_config(raw: Mapping[str, Any], specification: Mapping[str, Any], calendar: Calendar) -> Config:
    """The configuration with its defaults, from what the user gave.

    Raises ConfigError with the field, its value and what would be right.
    """
    fields = specification["properties"]
    given = _tidy_config(raw, specification)
    error = next(Draft7Validator(specification).iter_errors(given), None)
    if error:
        raise ConfigError(_explain(error, fields))
    values = {name: given.get(name, field.get("default")) for name, field in fields.items()}
    config = Config(
        api_key=values["api_key"],
        start_date=_read_day("start_date", values["start_date"]),
        end_date=_read_day("end_date", values["end_date"]),
        sequence_ids=tuple(dict.fromkeys(values["sequence_ids"])),
        lookback_window_days=int(values["lookback_window_days"]),
        refresh_by_age=values["lookback_refresh"] == "by_age",
        num_workers=int(values["num_workers"]),
        page_size=int(values["page_size"]),
        api_url=_read_url(values["api_url"]),
    )
    _check_key(config.api_key)
    _check_period(config.start_date, config.end_date, calendar)
    return config


def _tidy(value: Any, field: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_tidy(item, {}) for item in value]
    if not isinstance(value, str):
        return value
    text = value.strip()
    number = _WHOLE_NUMBER.fullmatch(text) if field.get("type") == "integer" else None
    return int(number[1]) if number else text


def _check_key(key: str) -> None:
    if set(key) == {"*"}:
        raise ConfigError(
            "api_key: it holds nothing but asterisks, so it is a masked key. Copy the key itself from Saleshandy: "
            "Settings, then API."
        )


def _check_period(start: date | None, end: date | None, calendar: Calendar) -> None:
    today, oldest = calendar.latest_today, calendar.retention_start
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
        raise ConfigError(f"{name}: {text!r} is not a valid date. Give one as YYYY-MM-DD.") from None


def _read_url(text: str) -> str:
    """The base URL without what the endpoints' paths begin with. Raises ConfigError if no call can go there."""
    right = "Give an address such as https://open-api.saleshandy.com."
    if "@" in text:
        raise ConfigError(f"api_url: it has a user name or a password. {right}")
    try:
        parts, host = urlsplit(text), _callable_host(text)
    except ValueError:
        raise ConfigError(f"api_url: {text!r} is not a valid URL. {right}") from None
    if not _HOST.fullmatch(host) or any(c.isspace() for c in text) or parts.query or parts.fragment:
        raise ConfigError(f"api_url: {text!r} is not a base URL. {right}")
    return f"{parts.scheme}://{parts.netloc}{_BASE_PATH_END.sub('', parts.path)}"


def _callable_host(url: str) -> str:
    """The host in ASCII, as requests and then the resolver spell it.

    Raises ValueError if they cannot, or if the port is not one.
    """
    if urlsplit(url).port == 0:
        raise ValueError
    try:
        prepared = requests.Request("GET", url).prepare().url or ""
    except requests.RequestException as error:
        raise ValueError from error
    return (urlsplit(prepared).hostname or "").encode("idna").decode()


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
        return text if text.startswith("a") else f"of the form {text}"
    if "enum" in schema:
        return " or ".join(schema["enum"])
    bounds = f" from {schema['minimum']} to {schema['maximum']}" if "maximum" in schema else ""
    return _TYPES[schema["type"]] + bounds
