"""When emails go out: at any second of the account's days, and at the edges of those days more often than by chance."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

DAY_EDGES = (time(0, 0, 0), time(23, 59, 59))
EDGE_SHARE = 0.06
OFFSET_CHANGE_SHARE = 0.03
AROUND_A_CHANGE = [timedelta(seconds=seconds) for seconds in (-3600, -1800, -1, 0, 1, 1800, 3600)]


class SendingTimes:
    def __init__(self, zone: ZoneInfo, first: date, last: date) -> None:
        """`first` and `last` are days of the account's zone, both inclusive."""
        self._zone = zone
        self._days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        near = [change + shift for change in self._offset_changes() for shift in AROUND_A_CHANGE]
        self._near_changes = [moment for moment in near if first <= moment.astimezone(zone).date() <= last]

    def draw(self, random: Random) -> datetime:
        """A moment in UTC, to the second."""
        kind = random.random()
        if self._near_changes and kind < OFFSET_CHANGE_SHARE:
            return random.choice(self._near_changes)
        if kind > 1 - EDGE_SHARE:
            return self._utc(random.choice(self._days), random.choice(DAY_EDGES))
        second = random.randrange(24 * 3600)
        return self._utc(random.choice(self._days), time(second // 3600, second // 60 % 60, second % 60))

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self._zone).astimezone(timezone.utc)

    def _offset_changes(self) -> Sequence[datetime]:
        """The first moments, in UTC, of summer and winter time."""
        start = self._utc(self._days[0], time(0))
        half_hours = [start + timedelta(minutes=30 * number) for number in range(len(self._days) * 48)]
        offsets = [moment.astimezone(self._zone).utcoffset() for moment in half_hours]
        return [half_hours[number + 1] for number, (old, new) in enumerate(pairwise(offsets)) if old != new]
