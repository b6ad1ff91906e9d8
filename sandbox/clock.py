"""The sandbox's own time. The account's emails follow `now`, which stands still until it is moved; what the server
says of the time (`Date`, the end of a rate limit) follows `wall`, on which real seconds pass."""

import time
from datetime import datetime, timedelta, timezone
from threading import Lock


class Clock:
    def __init__(self, now: datetime | None = None) -> None:
        """Starts at `now` (default: the machine's time), which has to have a time zone."""
        self._lock = Lock()
        self.set(now or datetime.now(timezone.utc))

    def now(self) -> datetime:
        """The present moment, aware, in UTC, to the second."""
        return self._moment.replace(microsecond=0)

    def wall(self) -> datetime:
        """The present moment and the real seconds since the clock was set."""
        return self._moment + timedelta(seconds=time.monotonic() - self._set_at)

    def set(self, moment: datetime) -> None:
        with self._lock:
            self._moment = _utc(moment)
            self._set_at = time.monotonic()

    def advance(self, by: timedelta) -> None:
        with self._lock:
            self._moment += by


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the clock needs a moment with a time zone, not {moment.isoformat()}")
    return moment.astimezone(timezone.utc)
