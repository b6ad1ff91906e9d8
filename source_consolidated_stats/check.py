"""What `check` asks the API: at most three calls, and none of them large."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from .deadline import run_with_deadline
from .errors import ApiError, ConfigError, ConnectorError, RefusedError
from .planning.due.days import Calendar, Days
from .planning.due.window import Window
from .streams import ConsolidatedStats, Sequences, ids_of

MAX_CALLS, MAX_LISTING_CALLS = 3, 2
CHECK_TIMEOUT_S = 45.0
"""The platform waits for a minute, the start of the process included."""
LIMIT_PATIENCE_S = 30.0
"""How long the calls may wait for the rate limit, so that a longer one is named."""
_NAMING_TIMEOUT_S = 15.0
"""How long the listing may take that only makes a failure clearer."""


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
    wanted = list(sequence_ids) or ids_of(next(sequences.read_pages()).rows)
    if not wanted:
        return "The API key works; the account has no sequences yet."
    today = calendar.last_begun
    window = Window(tuple(wanted), Days(today, today), closed=False)
    try:
        _read_first_page(stats, window)
    except RefusedError as refusal:
        if sequence_ids:
            raise _naming_unknown(refusal, sequence_ids, sequences) from None
        return _check_one(stats, window, refusal)
    return f"The API key works, and may read the statistics of {len(wanted):,} sequences."


def _read_first_page(stats: ConsolidatedStats, window: Window) -> None:
    stats.fetch(1, stats.page_size, {"window": window})  # without asking again, whatever it holds


def _check_one(stats: ConsolidatedStats, window: Window, refusal: RefusedError) -> str:
    """The listing may name deleted sequences, one of which refuses a whole call; a sync leaves them out."""
    if not refusal.unknown_sequence:
        try:
            _read_first_page(stats, window._replace(sequence_ids=window.sequence_ids[-1:]))
        except ApiError:
            raise refusal from None
    return f"The API key works. A sync will leave out sequences that the API lists and refuses: {refusal.api_message}"


def _naming_unknown(refusal: RefusedError, sequence_ids: Sequence[str], sequences: Sequences) -> ConnectorError:
    try:
        unknown = run_with_deadline(_NAMING_TIMEOUT_S, lambda: _unknown(sequence_ids, sequences), "")
    except ConnectorError:
        return refusal
    if not unknown:
        return refusal
    return ConfigError(
        f"sequence_ids: the account has no sequence {', '.join(unknown)}. Correct or remove it. {refusal.text}"
    )


def _unknown(sequence_ids: Sequence[str], sequences: Sequences) -> list[str]:
    """The ids that the listing does not have; none if it is too long for the calls that are left."""
    known: set[str] = set()
    for page in islice(sequences.read_pages(), MAX_LISTING_CALLS):
        known.update(ids_of(page.rows))
        if not page.has_more:
            return [sequence_id for sequence_id in sequence_ids if sequence_id not in known]
    return []
