"""Whether this machine's clock can be believed: the API's responses say what time it is there."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

MAX_SKEW = timedelta(hours=1)
"""How far the clocks may be apart before the log says so."""

logger = logging.getLogger("airbyte")


class ApiClock:
    """This machine's time, and the API's by the `Date` of its last response. Safe for threads."""

    def __init__(self) -> None:
        self._seen: datetime | None = None
        """The last `Date`."""
        self._has_warned = False

    @property
    def api_now(self) -> datetime:
        """The API's time; this machine's if no response named one. Aware, in UTC."""
        return self._seen or _machine_now()

    @property
    def earlier_now(self) -> datetime:
        """The earlier of both clocks: by it, no day is over that may still get rows. Aware, in UTC."""
        return min(self.api_now, _machine_now())

    def observe(self, headers: Mapping[str, str]) -> None:
        """Reads the headers of a response. The first that is far from this machine's clock is warned of."""
        try:
            date = parsedate_to_datetime(headers.get("Date") or "")
        except (TypeError, ValueError):
            return
        date = date.replace(tzinfo=timezone.utc)  # the only zone of an HTTP date
        self._seen = date
        machine = _machine_now()
        if abs(date - machine) > MAX_SKEW and not self._has_warned:
            self._has_warned = True
            logger.warning(
                f"This machine's clock says {machine:%Y-%m-%d %H:%M} UTC, the API's {date:%Y-%m-%d %H:%M} UTC. A day "
                "counts as over once it is by both. Set the clock of this machine."
            )


def _machine_now() -> datetime:
    return datetime.now(timezone.utc)
