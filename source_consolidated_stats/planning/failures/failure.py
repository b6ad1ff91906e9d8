"""Why a window was not read, as far as it matters for what is read next."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class FailureKind(Enum):
    TOO_HEAVY = "it failed for good: a smaller window may go through"
    REFUSED = "the API refuses these sequences or these days"
    UNKNOWN_SEQUENCE = "the API says that it does not know one of the sequences"
    CIRCUIT_OPEN = "it failed while others failed too, and was not tried again"
    UNREADABLE = "its rows mean nothing, nor would those of a smaller window"
    HOPELESS = "every other call would meet the same"


class Failure(NamedTuple):
    """`api_message` is what the API said, and `calls` is how many of them the failure took."""

    kind: FailureKind
    api_message: str = ""
    calls: int = 1


class Verdict(Enum):
    """What becomes of a window that failed, or whose rows moved while it was read."""

    NARROWED = "read again in parts"
    DEFERRED = "read again in parts, after all others"
    READ_AGAIN = "read again"
    SEQUENCE_REFUSED = "one sequence, left out from now on"
    STAYS_DUE = "due again in the next sync"
    COVERED = "covered, because the data holds the same keys twice"
    GIVEN_UP = "not read"
