"""Finds the JSON schemas, which live at the top level of the repository."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema of the stream `name`: inside of the package once it is installed, beside it in a checkout."""
    for folder in (_PACKAGE / "schemas", _PACKAGE.parent / "schemas"):
        file = folder / f"{name}.json"
        if file.is_file():
            schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return schema
    raise FileNotFoundError(f"schemas/{name}.json is missing from the installation")
