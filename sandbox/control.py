"""Endpoints under /_sandbox/ for those who run the sandbox as a program: its truth, calls, clock and faults."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.endpoints.listing import SEQUENCES_PATH
from sandbox.endpoints.statistics import STATISTICS_PATH
from sandbox.faults.fault import Fault, Size
from sandbox.faults.faults import Faults
from sandbox.messages import Call, Request, Response, error, success

CONTROL_PATH = "/_sandbox/"
CALL_KINDS = {STATISTICS_PATH: "statistics", SEQUENCES_PATH: "listing"}


class Control:
    def __init__(
        self, clock: Clock, faults: Faults, calls: Sequence[Call], truth: Callable[[], list[dict[str, Any]]]
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._calls = calls
        self._truth = truth
        self._endpoints: dict[tuple[str, str], Callable[[dict[str, Any]], object]] = {
            ("GET", "truth"): lambda body: self._truth(),
            ("GET", "calls"): lambda body: self._count_calls(),
            ("GET", "clock"): lambda body: self._time(),
            ("POST", "clock"): self._move_clock,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._remove_faults,
        }

    def respond(self, request: Request) -> Response:
        endpoint = self._endpoints.get((request.method, request.path.removeprefix(CONTROL_PATH)))
        if endpoint is None:
            return error(404, f"Cannot {request.method} {request.path}")
        try:
            return success(endpoint(request.body or {}))
        except (KeyError, TypeError, ValueError) as problem:
            return error(400, str(problem))

    def _count_calls(self) -> dict[str, dict[str, int]]:
        """`{"statistics": {"good": 12, "rate limit": 3}, "listing": {"good": 1}}`"""
        counts: dict[str, Counter[str]] = {}
        for call in list(self._calls):
            counts.setdefault(CALL_KINDS.get(call.path, "other"), Counter())[call.refusal or "good"] += 1
        return {kind: dict(count) for kind, count in counts.items()}

    def _time(self) -> dict[str, str]:
        return {"now": self._clock.now().isoformat()}

    def _move_clock(self, body: dict[str, Any]) -> dict[str, str]:
        if "advance_seconds" in body:
            self._clock.advance(timedelta(seconds=body["advance_seconds"]))
        else:
            # Python 3.10 does not read a Z.
            self._clock.set(datetime.fromisoformat(body["now"].replace("Z", "+00:00")))
        return self._time()

    def _add_fault(self, body: dict[str, Any]) -> None:
        self._faults.add(_fault(body))

    def _remove_faults(self, body: dict[str, Any]) -> None:
        """The one that is described, or without a description all of them."""
        if body:
            self._faults.remove(_fault(body))
        else:
            self._faults.clear()


def _fault(body: dict[str, Any]) -> Fault:
    """Reads `{"kind": "504", "times": null, "window": ["2026-11-01", "2026-11-30"], "over": {"days": 20}}`."""
    fields = dict(body)
    if fields.get("window"):
        first, last = map(date.fromisoformat, fields["window"])
        fields["window"] = (first, last)
    if fields.get("over"):
        fields["over"] = Size(**fields["over"])
    return Fault(**fields)
