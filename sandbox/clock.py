"""The sandbox's own time: it stands still until it is moved."""

from datetime import datetime, timedelta, timezone
from threading import Lock


class Clock:
    def __init__(self, now: datetime | None = None) -> None:
        self._lock = Lock()
        self._now = _utc(now or datetime.now(timezone.utc).replace(microsecond=0))

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = _utc(moment)

    def advance(self, by: timedelta) -> None:
        with self._lock:
            self._now += by


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the clock needs a moment with a time zone, not {moment.isoformat()}")
    return moment.astimezone(timezone.utc)
