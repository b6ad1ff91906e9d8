"""What `check` asks the API: at most three calls, and none of them large."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .errors import AccessError, ConfigError
from .planning.days import Days, newest_day
from .planning.plan import Task
from .streams import ConsolidatedStats, Sequences, slice_of


def check_access(sequence_ids: Sequence[str], sequences: Sequences, stats: ConsolidatedStats, now: datetime) -> str:
    """A line that says what the key may read.

    Raises ConnectorError, with what to do, where it may not read it.
    """
    wanted = list(sequence_ids) or next(sequences.read_pages(), [])
    if not wanted:
        return "The API key works; the account has no sequences yet."
    today = newest_day(now)
    try:
        next(stats.read_pages(slice_of(Task(tuple(wanted), Days(today, today), finished=False))))
    except AccessError:
        raise
    except ConfigError as refusal:
        unknown = _unknown(sequence_ids, sequences)
        if not unknown:
            raise
        raise ConfigError(
            f"sequence_ids: the account has no sequence {', '.join(unknown)}. Correct or remove it. {refusal}"
        ) from None
    return f"The API key works, and may read the statistics of {len(wanted):,} sequences."


def _unknown(sequence_ids: Sequence[str], sequences: Sequences) -> list[str]:
    """The ids that a listing does not have; none where it is too long for two calls to tell."""
    if not sequence_ids:
        return []
    known: set[str] = set()
    for calls, page in enumerate(sequences.read_pages(), start=1):
        known.update(page)
        if len(page) < sequences.page_size:
            return [sequence_id for sequence_id in sequence_ids if sequence_id not in known]
        if calls == 2:
            break
    return []
