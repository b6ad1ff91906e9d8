"""What `check` asks the API: at most three calls, and none of them large."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from .deadline import run_with_deadline
from .errors import ApiError, ConfigError, ConnectorError, RefusedError
from .planning.due.days import Calendar, Days
from .planning.due.window import Window
from .streams import ConsolidatedStats, Sequences, ids_of
from .wording import counted

MAX_CALLS = 3
CHECK_TIMEOUT_S = 45.0
"""The platform waits for a minute, the start of the process included."""
LIMIT_PATIENCE_S = 30.0
"""How long the calls may wait for the rate limit. It is up before the check is, so the message names the limit."""
_NAMING_TIMEOUT_S = 15.0
"""How long the listing may take if it only serves to name an unknown sequence in the message."""


def check_access(
    sequence_ids: Sequence[str], sequences: Sequences, stats: ConsolidatedStats, calendar: Calendar
) -> str:
    """A line that says what the key may read.

    Raises ConnectorError, with what to do, if the key may not read it, or if the API takes too long.
    """
    return run_with_deadline(
        CHECK_TIMEOUT_S,
        lambda: _check_access(sequence_ids, sequences, stats, calendar),
        f"The API did not answer within {CHECK_TIMEOUT_S:.0f} s. Check api_url, and try again later.",
    )


def _check_access(
    sequence_ids: Sequence[str], sequences: Sequences, stats: ConsolidatedStats, calendar: Calendar
) -> str:
    wanted, is_all = list(sequence_ids), True
    if not wanted:
        page = next(sequences.read_pages())
        wanted, is_all = ids_of(page.rows), not page.has_more
    if not wanted:
        return "The API key works; the account has no sequences yet."
    window = Window(tuple(wanted), Days(calendar.last_begun, calendar.last_begun), closed=False)
    try:
        _read_first_page(stats, window)
    except (RefusedError, ApiError) as failure:
        return _judge_as_a_sync(failure, window, stats, sequences, named=bool(sequence_ids))
    count = counted(len(wanted), "sequence")
    return f"The API key works, and may read the statistics of {count if is_all else f'at least {count}'}."


def _read_first_page(stats: ConsolidatedStats, window: Window) -> None:
    stats.fetch(1, stats.page_size, {"window": window})  # without asking again, whatever it holds


def _judge_as_a_sync(
    failure: RefusedError | ApiError, window: Window, stats: ConsolidatedStats, sequences: Sequences, *, named: bool
) -> str:
    """A line for a failure that a sync copes with: it reads in parts what fails as a whole, and leaves out sequences
    that are listed and refused, unless the user `named` them.

    Raises ConnectorError for anything else.
    """
    refused = isinstance(failure, RefusedError)
    is_unknown = isinstance(failure, RefusedError) and failure.unknown_sequence
    copes = not named if is_unknown else _is_part_answered(stats, window, again=not refused)
    if named and refused and (unknown := _unknown(window.sequence_ids, sequences)):
        raise ConfigError(
            f"sequence_ids: the account has no sequence {', '.join(unknown)}. Correct or remove it. {failure.text}"
        )
    if copes:
        return (
            "The API key works. A sync reads in parts what is too much for one call, and leaves out sequences that the "
            f"API lists and refuses: {failure.text}"
        )
    if named and refused:
        raise ConfigError(f"sequence_ids: the API refuses one of them or more. Correct or remove it. {failure.text}")
    raise failure


def _is_part_answered(stats: ConsolidatedStats, window: Window, *, again: bool) -> bool:
    """Whether the last sequence goes through by itself. If it is the only one, that is tried only if `again`."""
    with suppress(RefusedError, ApiError):
        if again or len(window.sequence_ids) > 1:
            _read_first_page(stats, window._replace(sequence_ids=window.sequence_ids[-1:]))
            return True
    return False


def _unknown(sequence_ids: Sequence[str], sequences: Sequences) -> list[str]:
    """The ids that the listing does not have; none if it is too long for the calls that are left, or fails."""
    with suppress(ConnectorError):
        known = set(run_with_deadline(_NAMING_TIMEOUT_S, sequences.list_ids, ""))
        return [sequence_id for sequence_id in sequence_ids if sequence_id not in known]
    return []
