"""Primary keys without nulls.

Some destinations make the columns of a key NOT NULL, and one null stops their whole load; others keep copies of such a
row. So what a destination cannot keep in a key gets a placeholder, the same each time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from .columns import CURSOR_FIELD, PRIMARY_KEY, SEQUENCES_KEY

PLACEHOLDERS: Mapping[str, str | int] = {
    **dict.fromkeys((*PRIMARY_KEY, SEQUENCES_KEY), ""),
    "Step Number": 0,
    CURSOR_FIELD: "1970-01-01T00:00:00Z",
}
"""What stands in a column of a key where there is no value."""

_DIGITS = re.compile(r"[+-]?[0-9]{1,19}")
_BIGINT = range(-(2**63), 2**63)


def without_value(records: list[dict[str, Any]], column: str) -> Iterable[dict[str, Any]]:
    """Those of `records` whose `column`, a part of their key, is missing, null or not kept by destinations.

    A date has to be in UTC already.
    """
    kind = type(PLACEHOLDERS[column])
    try:
        values = list(map(itemgetter(column), records))
        if set(map(type, values)) <= {kind} and (kind is str or not values or _are_bigints(values)):
            return []
    except KeyError:
        pass
    is_kept = _is_whole_number if kind is int else _is_text
    return [record for record in records if not is_kept(record.get(column))]


def _are_bigints(values: list[int]) -> bool:
    return min(values) in _BIGINT and max(values) in _BIGINT


def _is_text(value: object) -> bool:
    """Destinations write a number or a boolean as a text too."""
    return isinstance(value, (str, int, float))


def _is_whole_number(value: object) -> bool:
    """As Airbyte's destinations read it for a BIGINT (`AirbyteValueCoercer`): a number or a text of digits, 64 bits."""
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return bool(_DIGITS.fullmatch(value)) and int(value) in _BIGINT
    if isinstance(value, float):
        return value.is_integer() and int(value) in _BIGINT
    return isinstance(value, int) and value in _BIGINT
