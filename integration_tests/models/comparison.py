"""What of a row is compared, whatever the engine's types are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

Row = dict[str, Any]


def in_order(rows: Iterable[Row]) -> list[Row]:
    """In an order of columns and rows, without `steps`, which each destination keeps in a type of its own."""
    plain = [{name: _plain(row[name]) for name in sorted(row) if name != "steps"} for row in rows]
    return sorted(plain, key=repr)


def _plain(value: Any) -> Any:
    """Numbers with six digits, yes and no as numbers, moments in UTC."""
    if isinstance(value, bool | int | float | Decimal):
        return round(float(value), 6)
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(timezone.utc).replace(tzinfo=None)
    return value
