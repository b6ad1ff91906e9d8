"""The faults that a test plans: which calls they hit, and how often."""

from dataclasses import dataclass
from datetime import date

from sandbox.endpoints.statistics import STATISTICS_PATH
from sandbox.endpoints.statistics_query import read_day
from sandbox.faults.responses import KINDS
from sandbox.messages import Request


@dataclass(frozen=True)
class Fault:
    """Hits `times` calls (None: all) after letting `skip` of those that match go by. A call matches when its path
    contains `path`, and, with a `window`, when it asks for statistics of any of those days (both inclusive)."""

    kind: str
    times: int | None = 1
    path: str | None = None
    skip: int = 0
    window: tuple[date, date] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {self.kind!r}; known are {', '.join(sorted(KINDS))}")

    def matches(self, request: Request) -> bool:
        if self.path is not None and self.path not in request.path:
            return False
        return self.window is None or _asks_for(request, *self.window)


class Faults:
    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, fault: Fault) -> None:
        self._planned.append(_Planned(fault))

    def clear(self) -> None:
        self._planned = []

    def hit(self, request: Request) -> str | None:
        """The kind of the fault that hits this call, if any: of several, the one that was added first."""
        matching = [planned for planned in self._planned if planned.fault.matches(request)]
        ready = [planned for planned in matching if not planned.lets_go_by()]
        for planned in ready:
            if planned.fault.times is None or planned.hits < planned.fault.times:
                planned.hits += 1
                return planned.fault.kind
        return None


@dataclass
class _Planned:
    fault: Fault
    gone_by: int = 0
    hits: int = 0

    def lets_go_by(self) -> bool:
        if self.gone_by == self.fault.skip:
            return False
        self.gone_by += 1
        return True


def _asks_for(request: Request, first: date, last: date) -> bool:
    if request.path != STATISTICS_PATH or request.body is None:
        return False
    asked_first, asked_last = read_day(request.body.get("startDate")), read_day(request.body.get("endDate"))
    return asked_first is not None and asked_last is not None and asked_first <= last and first <= asked_last
