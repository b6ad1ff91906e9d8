"""What columns mean to a sync, and the JSON schemas, which live at the top level."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

CURSOR_FIELD = "Email Sent At"
PRIMARY_KEY = ["Sequence Id", "Step Number", "Recipient Email", CURSOR_FIELD]
SEQUENCES_KEY = "id"
"""The primary key of `sequences`; the columns above are those of `consolidated_stats`."""

_PACKAGE = Path(__file__).parent


@cache
def date_columns(name: str) -> tuple[str, ...]:
    """The columns of the stream `name` that hold moments."""
    columns = load_schema(name)["properties"].items()
    return tuple(column for column, field in columns if field.get("format") == "date-time")


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema of the stream `name`: inside the package once it is installed, beside it in a checkout.

    Raises FileNotFoundError if the installation misses it.
    """
    for folder in (_PACKAGE / "schemas", _PACKAGE.parent / "schemas"):
        file = folder / f"{name}.json"
        if file.is_file():
            schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return schema
    raise FileNotFoundError(f"schemas/{name}.json is missing from the installation")
