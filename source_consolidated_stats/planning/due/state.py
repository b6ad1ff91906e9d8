"""The stream's state, as it is written to and read from a STATE message.

{"version": 1,
 "Email Sent At": "2026-11-23T08:15:00Z",     the newest cursor value, never later than now; null before the first
 "rows_per_sequence_day": 0.37,                what the last sync found, to size the next one's windows; or null
 "coverage": [{"sequences": ["2dP27N0gZ4"],    sequences that have been read equally far
               "covered": [["2024-11-24", "2026-11-21"]],
               "stale": []}],                  covered days that a lookback still owes
 "refused": ["8Jwomvq5aO"],                    sequences whose statistics the API refuses; left out if there are none
 "given_up": [{"days": ["2026-03-01",          days that could not be read, asked for after all others and longest ago
                        "2026-03-04"],         first: of these sequences, or of all that are not covered if none is
               "sequences": ["2dP27N0gZ4"]}],  named; left out if there are none
 "lookback_owed_on": "2026-11-23",             the day (UTC) of the sync whose lookback `stale` is; left out at its end
 "refreshes": [["2026-10-24",                  from this day on, all was read again in the sync that began at this
                "2026-11-23T08:00:00Z",        moment, up to this day (that of the moment, where none is given); only
                "2026-11-21"]]}                for a refresh by age

The platform may turn numbers into floats or texts, days into moments, and null into an empty text: all are read as
meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ...columns import CURSOR_FIELD
from ...timestamps import format_utc, to_utc
from .coverage import Coverage, Progress, by_progress
from .days import Days, DaySet, stretches, union
from .given_up import GivenUp
from .lookback import Refresh, with_refresh

VERSION = 1


class UnreadableStateError(ValueError):
    """The state is not one of this connector's, or a later version wrote it."""


@dataclass(frozen=True)
class State:
    coverage: Coverage = field(default_factory=dict)
    newest: str | None = None
    """RFC 3339 in UTC."""
    rows_per_sequence_day: float | None = None
    refused: tuple[str, ...] = ()
    """Sequences whose statistics the API refuses; the one that was asked for last comes last."""
    given_up: tuple[GivenUp, ...] = ()
    """What could not be read; what was asked for last comes last."""
    lookback_owed_on: date | None = None
    """The day (UTC) of the sync that made the lookback due, until it ends: an attempt that follows a crash owes it no
    second time."""

    refreshes: tuple[Refresh, ...] = ()
    """What syncs that refresh by age have read again, oldest first."""

    def to_json(self) -> dict[str, Any]:
        state: dict[str, Any] = {
            "version": VERSION,
            CURSOR_FIELD: self.newest,
            "rows_per_sequence_day": self.rows_per_sequence_day,
            "coverage": [
                {"sequences": group, "covered": _write_days(progress.covered), "stale": _write_days(progress.stale)}
                for progress, group in by_progress(self.coverage, self.coverage).items()
            ],
        }
        if self.refused:
            state["refused"] = list(self.refused)
        if self.given_up:
            state["given_up"] = [
                {"days": _write_pair(each.days)} | ({"sequences": list(each.sequence_ids)} if each.sequence_ids else {})
                for each in self.given_up
            ]
        if self.lookback_owed_on:
            state["lookback_owed_on"] = self.lookback_owed_on.isoformat()
        if self.refreshes:
            state["refreshes"] = [
                [refresh.first.isoformat(), format_utc(refresh.at), refresh.last.isoformat()]
                for refresh in self.refreshes
            ]
        return state


def read_state(blob: Mapping[str, Any]) -> State:
    """The state in `blob`; an empty one if the stream was never read.

    Raises UnreadableStateError, which names what cannot be read.
    """
    if not blob:
        return State()
    version = _number(blob.get("version"))
    if version is None or version < 1 or not version.is_integer():
        raise UnreadableStateError(f"it has no known version (found {blob.get('version')!r}, expected {VERSION})")
    if version > VERSION:
        raise UnreadableStateError(
            f"a later version of the connector wrote it ({version:.0f}; this one reads {VERSION})"
        )
    coverage: dict[str, Progress] = {}
    for group in _list(blob, "coverage"):
        if not isinstance(group, Mapping):
            raise UnreadableStateError(f"coverage has {group!r} where an object belongs")
        progress = Progress(_read_days(group, "covered"), _read_days(group, "stale"))
        for sequence_id in _list(group, "sequences"):
            if not isinstance(sequence_id, str) or sequence_id in coverage:
                raise UnreadableStateError(f"coverage names the sequence {sequence_id!r} twice, or it is not a text")
            coverage[sequence_id] = progress
    return State(
        coverage,
        _read_newest(blob),
        _read_density(blob),
        _read_refused(blob),
        _read_given_up(blob),
        _read_day(blob, "lookback_owed_on"),
        _read_refreshes(blob),
    )


def _read_newest(blob: Mapping[str, Any]) -> str | None:
    newest = blob.get(CURSOR_FIELD)
    if newest in (None, ""):
        return None
    if not isinstance(newest, str) or to_utc(newest) is None:
        raise UnreadableStateError(f"{CURSOR_FIELD} is {newest!r}, not a moment such as 2026-11-23T08:15:00Z")
    return to_utc(newest)


def _read_density(blob: Mapping[str, Any]) -> float | None:
    given = blob.get("rows_per_sequence_day")
    density = _number(given)
    if given in (None, ""):
        return None
    if density is None or not 0 <= density < float("inf"):
        raise UnreadableStateError(f"rows_per_sequence_day is {given!r}, not a number from 0")
    return density


def _number(value: Any) -> float | None:
    """The number that was written: on its way through the platform it may become a float or a text."""
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _read_refused(blob: Mapping[str, Any]) -> tuple[str, ...]:
    refused = _list(blob, "refused") if blob.get("refused") is not None else []
    if not all(isinstance(sequence_id, str) for sequence_id in refused):
        raise UnreadableStateError(f"refused is {refused!r}, not a list of sequence ids")
    return tuple(dict.fromkeys(refused))


def _read_given_up(blob: Mapping[str, Any]) -> tuple[GivenUp, ...]:
    entries = _list(blob, "given_up") if blob.get("given_up") is not None else []
    given_up: list[GivenUp] = []
    for entry in entries:
        ids = entry.get("sequences") or [] if isinstance(entry, Mapping) else None
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise UnreadableStateError(f"given_up has {entry!r} where days and sequence ids belong")
        given_up += [GivenUp(days, tuple(ids)) for days in stretches(_read_days({"days": [entry.get("days")]}, "days"))]
    return tuple(given_up)


def _read_day(blob: Mapping[str, Any], name: str) -> date | None:
    day = blob.get(name)
    try:
        return None if day in (None, "") else _to_date(day)
    except (AttributeError, TypeError, ValueError):
        raise UnreadableStateError(f"{name} is {day!r}, not a day such as 2026-11-23") from None


def _read_refreshes(blob: Mapping[str, Any]) -> tuple[Refresh, ...]:
    refreshes: tuple[Refresh, ...] = ()
    for entry in _list(blob, "refreshes") if blob.get("refreshes") is not None else []:
        try:
            first, moment = _to_date(entry[0]), to_utc(entry[1])
            at = datetime.fromisoformat((moment or "").replace("Z", "+00:00"))
            last = _to_date(entry[2]) if len(entry) > 2 else at.date()
        except (TypeError, ValueError, LookupError, AttributeError):
            raise UnreadableStateError(f"refreshes has {entry!r}, not a day and a moment") from None
        refreshes = with_refresh(refreshes, Refresh(first, last, at))
    return refreshes


def _to_date(text: str) -> date:
    """The day in `text`, which may have become the moment when it begins. Raises TypeError and ValueError."""
    day, _, time = text.partition("T")
    if time.strip("0:.Z+"):
        raise ValueError
    return date.fromisoformat(day)


def _write_days(days: DaySet) -> list[list[str]]:
    return [_write_pair(piece) for piece in stretches(days)]


def _write_pair(days: Days) -> list[str]:
    return [days.first.isoformat(), days.last.isoformat()]


def _read_days(group: Mapping[str, Any], name: str) -> DaySet:
    pieces: list[Days] = []
    for piece in _list(group, name):
        try:
            first, last = (_to_date(day) for day in piece)
        except (AttributeError, TypeError, ValueError):
            raise UnreadableStateError(f"{name} has {piece!r} where a first and a last day belong") from None
        if last < first:
            raise UnreadableStateError(f"{name} has {piece!r}, which ends before it begins")
        pieces.append(Days(first, last))
    return union(pieces)


def _list(blob: Mapping[str, Any], name: str) -> list[Any]:
    value = blob.get(name)
    if not isinstance(value, list):
        raise UnreadableStateError(f"{name} is {value!r}, not a list")
    return value
