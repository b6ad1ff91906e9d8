"""Rows as a destination would hold them, to compare with the sandbox's truth."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from integration_tests.sync.messages import Row
from sandbox import Sandbox

PRIMARY_KEY = ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At")
Key = tuple[object, ...]


def table(rows: Iterable[Row]) -> Counter[str]:
    """Rows as a multiset. The CDK leaves null fields out of what it prints, so they are left out here too."""
    return Counter(
        json.dumps({name: value for name, value in row.items() if value is not None}, sort_keys=True) for row in rows
    )


def upserted(*reads: Iterable[Row]) -> Counter[str]:
    """The table of a destination that merged rows by their primary key, one read after another."""
    return table({_key(row): row for rows in reads for row in rows}.values())


def listed_sequences(sandbox: Sandbox) -> list[Row]:
    """The rows of the listing, with `active` as a boolean."""
    rows = [sequence.listed() for sequence in sandbox.account.sequences]
    assert {type(row["active"]) for row in rows} == {bool, int}
    return [{**row, "active": bool(row["active"])} for row in rows]


def keys(rows: Iterable[Row]) -> set[Key]:
    return {_key(row) for row in rows}


def _key(row: Row) -> Key:
    return tuple(row.get(column) for column in PRIMARY_KEY)
