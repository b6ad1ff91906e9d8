"""Rows that were not asked for: of another sequence, or of a day more than one away from those asked for."""

from __future__ import annotations

from operator import itemgetter

from .columns import CURSOR_FIELD, PRIMARY_KEY
from .keys import PLACEHOLDERS
from .planning.due.days import ONE_DAY, Days
from .records import Record, moment_of

_SEQUENCE_ID = PRIMARY_KEY[0]
_id_of = itemgetter(_SEQUENCE_ID)


def of_other_sequences(records: list[Record], sequence_ids: frozenset[str]) -> list[Record]:
    """Those of `records` whose sequence is none of these. A placeholder, or what is no text, is not another's."""
    others = set(map(_id_of, records)) - sequence_ids - {PLACEHOLDERS[_SEQUENCE_ID]}
    strays = {one for one in others if isinstance(one, str)}
    return [record for record in records if _id_of(record) in strays] if strays else []


def of_other_days(records: list[Record], days: Days) -> list[Record]:
    """Those of `records` that were sent more than one day away from these, which are the account's days: moments are in
    UTC. A placeholder is not another day's."""
    first, end = (days.first - ONE_DAY).isoformat(), (days.last + 2 * ONE_DAY).isoformat()
    moments = list(map(moment_of, records))
    if not moments or (first <= min(moments) and max(moments) < end):
        return []
    placeholder = PLACEHOLDERS[CURSOR_FIELD]
    return [
        record
        for record, moment in zip(records, moments, strict=True)
        if moment != placeholder and not first <= moment < end
    ]
