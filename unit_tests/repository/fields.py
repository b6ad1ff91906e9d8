"""How pages describe the fields of the spec and the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from unit_tests.repository.markdown import ROOT

Field = Mapping[str, Any]

SPEC = yaml.safe_load((ROOT / "source_consolidated_stats" / "spec.yaml").read_text(encoding="utf-8"))
SCHEMAS = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "schemas").glob("*.json")}
SCHEMA = SCHEMAS["consolidated_stats"]
FIELDS: dict[str, Field] = SPEC["connectionSpecification"]["properties"]
REQUIRED: list[str] = SPEC["connectionSpecification"]["required"]


def spec_type(field: Field) -> str:
    kind = str(field["type"])
    if kind == "array":
        return f"list of {field['items']['type']}s"
    if "enum" in field:
        return " or ".join(field["enum"])
    if kind == "integer":
        return f"integer, {field['minimum']} to {field['maximum']}"
    return "secret" if field.get("airbyte_secret") else str(field.get("format", kind))


def default(name: str) -> str:
    if name in REQUIRED:
        return "required"
    value = FIELDS[name].get("default")
    return f"`{value}`" if value not in (None, []) else "none"


def columns(schema: Field = SCHEMA, prefix: str = "") -> Iterator[tuple[str, Field]]:
    """The fields of a record, those of `Client` as `Client.id`, and those of each of the `steps` as `steps[].id`."""
    for name, field in schema["properties"].items():
        yield prefix + name, field
        if "properties" in field:
            yield from columns(field, f"{prefix}{name}.")
        if "items" in field:
            yield from columns(field["items"], f"{prefix}{name}[].")


def schema_type(field: Field) -> str:
    (kind,) = (kind for kind in field["type"] if kind != "null")
    return "timestamp with time zone" if field.get("airbyte_type") else str(kind)
