"""A fault that a test plans: what happens, and to which calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sandbox.endpoints.api import Api
from sandbox.endpoints.statistics_query import StatisticsQuery
from sandbox.faults.asked import page_number, statistics_query
from sandbox.faults.kinds import KINDS, Hit
from sandbox.messages import Request, Response


@dataclass(frozen=True)
class Size:
    """What a call for statistics may ask for at most; None: as much as it likes. A page exceeds `rows` if that many
    rows of its window come before it."""

    days: int | None = None
    sequences: int | None = None
    rows: int | None = None

    def exceeded_by(self, query: StatisticsQuery) -> bool:
        asked = (
            ((query.last - query.first).days + 1, self.days),
            (len(query.sequence_ids), self.sequences),
            ((query.page - 1) * query.limit + 1, self.rows),
        )
        return any(most is not None and size > most for size, most in asked)


@dataclass(frozen=True)
class Fault:
    """Hits `times` calls (None: all) after sparing the first `skip` that match. A call matches if its path contains
    `path`, if it asks for this `page`, and, as a call for statistics, for any day of the `window` (both ends
    inclusive), for any of the `sequence_ids`, and for more than `over` in any respect.

    `headers` are added to the response; one that is empty is taken away. `seconds` is the time between the bytes of a
    "drip", and from the "early-hints" to the response."""

    kind: str
    times: int | None = 1
    path: str | None = None
    skip: int = 0
    window: tuple[date, date] | None = None
    sequence_ids: Sequence[str] = ()
    page: int | None = None
    over: Size | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {self.kind!r}; known are {', '.join(sorted(KINDS))}")

    def matches(self, request: Request) -> bool:
        if self.path is not None and self.path not in request.path:
            return False
        if self.page is not None and self.page != page_number(request):
            return False
        if self.window is None and not self.sequence_ids and self.over is None:
            return True
        query = statistics_query(request)
        return query is not None and self._concerns(query)

    def respond(self, request: Request, api: Api, decoy_url: str, now: datetime) -> Response:
        """What a call that is hit gets; `now` is the moment from which a rate limit's reset is counted."""
        response = KINDS[self.kind](Hit(request, api, decoy_url, now, self.seconds))
        return replace(response, refusal=self.kind, headers={**response.headers, **self.headers})

    def _concerns(self, query: StatisticsQuery) -> bool:
        if self.window is not None and (query.last < self.window[0] or self.window[1] < query.first):
            return False
        if self.sequence_ids and not set(self.sequence_ids).intersection(query.sequence_ids):
            return False
        return self.over is None or self.over.exceeded_by(query)
