"""The end of a sync: what was read, what was left out, and whether it failed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from airbyte_cdk.models import FailureType

from ..errors import ConfigError, ConnectorError, RefusedError
from ..planning.due.days import stretches, union
from ..planning.due.window import Window
from ..wording import counted
from .shared_sync import SharedSync
from .window_log import MAX_LINES

MAX_NAMES = 20
"""Ids and stretches of days that one line names."""

logger = logging.getLogger("airbyte")


def log_outcome(shared: SharedSync) -> None:
    """Logs what a sync read, and what it left out."""
    sync = shared.sync
    if shared.rows:
        logger.info(f"Read {counted(shared.rows, 'row')} of {counted(shared.sequences, 'sequence')}.")
    else:
        logger.info("No rows.")
    if sync.unstable:
        days = _name_days(sync.unstable)
        logger.warning(f"{days}: rows kept moving while they were read; the next sync reads these days again.")
    if lost := _enumerate([str(days) for days in stretches(shared.lost)]):
        logger.warning(f"{lost}: not read, because the API keeps two years and these days have become older.")
    for left_out in sync.left_out:
        logger.info(f"{left_out}: the API does not take this day yet; the next sync asks for it again.")
    if not shared.ids_from_user:
        log_refused(sync.refused, shared.refused_before)
    shared.log.log_counts()


def log_refused(refused: Mapping[str, str], before: AbstractSet[str]) -> None:
    """A line for each sequence that is refused for the first time, as long as they are few, and one for all others."""
    known = [sequence_id for sequence_id in refused if sequence_id in before]
    new = [sequence_id for sequence_id in refused if sequence_id not in before]
    for sequence_id in new[:MAX_LINES]:
        words = refused[sequence_id]
        logger.warning(f"The API refuses the statistics of sequence {sequence_id}, so it was left out: {words}.")
    if more := new[MAX_LINES:]:
        logger.warning(f"The API also refuses {counted(len(more), 'other sequence')}, left out: {_enumerate(more)}.")
    if known:
        logger.warning(
            f"The API still refuses {counted(len(known), 'sequence')} that it refused before, left out again: "
            f"{_enumerate(known)}."
        )


def failure_of(shared: SharedSync) -> ConnectorError | None:
    """The failure of a sync whose windows have all ended. It names the days that could not be read, or the sequences
    that the user named and the API refuses. None if the sync is complete."""
    sync, error = shared.sync, shared.error
    if error:
        missing = _name_days(sync.given_up) + _name_sequences(sync.given_up, shared.sequences)
        # Once other calls went through, an unfinished search for refused sequences is no fault of the configuration.
        is_left_over = isinstance(error, RefusedError) and sync.any_success
        return ConnectorError(
            f"The sync is incomplete: {missing} could not be read; the next sync tries again. The reason: {error.text}",
            FailureType.transient_error if is_left_over else error.failure_type or FailureType.system_error,
        )
    return _refused_by_name(sync.refused) if shared.ids_from_user and sync.refused else None


def _refused_by_name(refused: Mapping[str, str]) -> ConfigError:
    said = next((f" It said: {api_message}." for api_message in refused.values() if api_message), "")
    return ConfigError(
        f"sequence_ids: the API refuses {', '.join(refused)}. Correct or remove what it does not know; every other "
        f"sequence is delivered.{said}"
    )


def _name_days(windows: Sequence[Window]) -> str:
    return _enumerate([str(days) for days in stretches(union(window.days for window in windows))])


def _name_sequences(windows: Sequence[Window], sequences: int) -> str:
    """The sequences of the windows, unless they are all of the sync's, of which there are `sequences`."""
    concerned = sorted({sequence_id for window in windows for sequence_id in window.sequence_ids})
    return f" (of the sequences {_enumerate(concerned)})" if len(concerned) < sequences else ""


def _enumerate(names: Sequence[str]) -> str:
    more = len(names) - MAX_NAMES
    return ", ".join(names[:MAX_NAMES]) + (f" and {more:,} more" if more > 0 else "")
