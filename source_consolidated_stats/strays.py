"""Rows that were not asked for: of another sequence, or of a day more than one away from those asked for."""

from __future__ import annotations

from operator import itemgetter

from .columns import CURSOR_FIELD, PRIMARY_KEY
from .keys import PLACEHOLDERS
from .planning.due.days import ONE_DAY, Days
from .records import Record, moment_of

_SEQUENCE_ID = PRIMARY_KEY[0]
_id_of = itemgetter(_SEQUENCE_ID)


def strays_in(records: list[Record], sequence_ids: frozenset[str], days: Days) -> list[Record]:
    """Those of `records` that a call for these sequences and days did not ask for.

    One day away is right: the days are the account's, and moments are in UTC. A record with a placeholder for its
    sequence or its moment, or whose sequence is no text, is not taken for another's.
    """
    first, end = (days.first - ONE_DAY).isoformat(), (days.last + 2 * ONE_DAY).isoformat()
    moments = list(map(moment_of, records))
    if not moments or (
        first <= min(moments) and max(moments) < end and set(map(_id_of, records)).issubset(sequence_ids)
    ):
        return []

    known_ids = {*sequence_ids, PLACEHOLDERS[_SEQUENCE_ID]}

    def is_stray(record: Record) -> bool:
        sequence_id, moment = _id_of(record), moment_of(record)
        if isinstance(sequence_id, str) and sequence_id not in known_ids:
            return True
        return moment != PLACEHOLDERS[CURSOR_FIELD] and not first <= moment < end

    return [record for record in records if is_stray(record)]
