"""Airbyte's form, as far as it decides what a person can enter in a field and what is sent.

It follows `schemaToYup.ts` and `ConnectorForm.tsx` in airbytehq/airbyte-platform: the check and the conversion of a
field are looked up by its `type` as one text; a text is trimmed; an emptied field is checked, and left out when the
form is sent, so that its default takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

Schema = Mapping[str, Any]
WIDGETS = {"string": "text", "integer": "number", "array": "tags"}


def widget(field: Schema) -> str:
    """What the form shows for a field."""
    if field.get("airbyte_secret"):
        return "secret"
    if "enum" in field:
        return "drop-down"
    return "date picker" if field.get("format") == "date" else WIDGETS[field["type"]]


def is_marked(field: Schema, entered: Any) -> bool:
    """Whether the form marks what a person has entered as wrong."""
    kind, value = field["type"], _cast(field, entered)
    if kind == "array":
        return any(is_marked(field["items"], item) for item in value)
    if kind == "integer":
        return value is not None and not field["minimum"] <= value <= field["maximum"]
    return not re.search(field.get("pattern", ""), value) or value not in field.get("enum", [value])


def sent(specification: Schema, entered: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration that the form sends once it has been filled in."""
    fields = specification["properties"]
    values = {name: _cast(fields[name], value) for name, value in entered.items() if value not in ("", None)}
    defaults = {name: field["default"] for name, field in fields.items() if "default" in field}
    return defaults | {name: value for name, value in values.items() if value is not None}


def platform_accepts(specification: Schema, config: Mapping[str, Any]) -> bool:
    """Whether the platform passes the configuration on to the connector. Its validator checks formats too."""
    return Draft7Validator(specification, format_checker=FormatChecker()).is_valid(config)


def _cast(field: Schema, entered: Any) -> Any:
    kind = field["type"]
    if kind == "array":
        return [_cast(field["items"], item) for item in entered]
    if kind == "integer":
        number = float(entered) if entered else None
        return int(number) if number is not None and number.is_integer() else number
    assert kind == "string"
    return str(entered).strip()
