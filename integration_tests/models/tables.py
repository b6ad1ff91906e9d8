"""The tables of a destination, made and filled from the connector's records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from integration_tests.models.destinations import (
    BOOLEAN,
    EXTRACTED_AT,
    KEYS,
    LIST,
    MOMENT,
    NUMBER,
    OBJECT,
    TEXT,
    Destination,
)
from integration_tests.models.engines import Engine
from integration_tests.models.records import FIRST_READ, Record

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "models"
STAGING = ("emails", "listed_sequences", "listed_steps")
"""In the order in which they can be made."""
STREAMS = ("consolidated_stats", "sequences")
PLACEHOLDERS = {TEXT: "", NUMBER: 0, MOMENT: "1970-01-01T00:00:00Z"}
KIND_OF = {"string": TEXT, "integer": NUMBER, "boolean": BOOLEAN, "object": OBJECT, "array": LIST}


def model_files(destination: str) -> list[Path]:
    """The SQL for this destination: each file comes after those that it reads."""
    staging = [MODELS / "staging" / destination / f"{name}.sql" for name in STAGING]
    return [*staging, *sorted(MODELS.glob("*.sql"))]


def fields_of(stream: str) -> dict[str, str]:
    """The fields of a stream's schema with their kinds, and the column that destinations add and the models read."""
    schema = json.loads((ROOT / "schemas" / f"{stream}.json").read_text(encoding="utf-8"))
    kinds = {name: _kind(field) for name, field in schema["properties"].items()}
    return {**kinds, EXTRACTED_AT: MOMENT}


def make_tables(
    engine: Engine, destination: Destination, emails: Iterable[Record], sequences: Iterable[Record] = ()
) -> None:
    for stream, records in zip(STREAMS, (emails, sequences), strict=True):
        kinds = fields_of(stream)
        columns = ", ".join(destination.definition(stream, name, kind) for name, kind in kinds.items())
        engine.execute(f"CREATE TABLE {stream} ({columns}){destination.table_suffix(stream)}")
        rows = (
            ", ".join(engine.literal(record[name], kind) for name, kind in kinds.items())
            for record in delivered(stream, records)
        )
        if values := "), (".join(rows):
            engine.execute(f"INSERT INTO {stream} VALUES ({values})")


def make_models(engine: Engine, destination: Destination) -> None:
    """A view of each file, under its name."""
    for file in model_files(destination.name):
        engine.execute(f"CREATE VIEW {file.stem} AS\n{file.read_text(encoding='utf-8')}")


def delivered(stream: str, records: Iterable[Record]) -> Iterator[Record]:
    """Records as the connector prints them: without nulls in the key."""
    fields = fields_of(stream)
    for record in records:
        keys = {key: PLACEHOLDERS[fields[key]] for key in KEYS[stream] if record.get(key) is None}
        yield {**dict.fromkeys(fields), EXTRACTED_AT: FIRST_READ, **record, **keys}


def _kind(field: dict[str, Any]) -> str:
    (type_name,) = set(field["type"]) - {"null"}
    return MOMENT if field.get("format") == "date-time" else KIND_OF[type_name]
