from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.timestamps import to_utc

local_times = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
weekdays = st.sampled_from(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
zones = st.sampled_from(
    ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"]
)


def api_text(local: datetime, offset: timedelta, weekday: str = "Thu", name: str = "Asia/Kolkata") -> str:
    """The API's own form: no leading zero, and no minutes where they are zero."""
    sign = "-" if offset < timedelta(0) else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    zone = "" if not offset else f"{sign}{hours}:{minutes:02}" if minutes else f"{sign}{hours}"
    return f"{weekday} {local:%b %d %Y %H:%M:%S} GMT{zone} ({name})"


def javascript_text(local: datetime, offset: timedelta) -> str:
    sign = "-" if offset < timedelta(0) else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{local:%a %b %d %Y %H:%M:%S} GMT{sign}{hours:02}{minutes:02} (India Standard Time)"


def in_utc(local: datetime, offset: timedelta) -> str:
    """The moment, computed without any text."""
    return f"{local - offset:%Y-%m-%dT%H:%M:%SZ}"


@given(local_times, offsets, weekdays)
def test_every_offset(local: datetime, offset: timedelta, weekday: str) -> None:
    expected = in_utc(local, offset)
    assert to_utc(api_text(local, offset, weekday)) == expected
    assert to_utc(javascript_text(local, offset)) == expected
    assert to_utc(local.replace(tzinfo=timezone(offset)).isoformat()) == expected


numbers = st.sampled_from(["{}", "{:02}"])


@given(
    local_times,
    offsets,
    st.tuples(numbers, numbers, numbers, numbers),
    st.sampled_from(["", ".0", ".123", ".999", ".123456"]),
    st.sampled_from(["Thu ", "Thu, ", "Thursday ", ""]),
    st.sampled_from([" ", "  "]),
)
def test_leading_zeros_fractions_and_weekdays_change_nothing(
    local: datetime, offset: timedelta, forms: tuple[str, ...], fraction: str, weekday: str, blank: str
) -> None:
    values = (local.day, local.hour, local.minute, local.second)
    day, hour, minute, second = (form.format(value) for form, value in zip(forms, values, strict=True))
    written = f"{weekday}{local:%b}{blank}{day} {local.year} {hour}:{minute}:{second}{fraction}"
    for usual in (api_text(local, offset), javascript_text(local, offset)):
        assert to_utc(written + usual[usual.index(" GMT") :]) == in_utc(local, offset)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), zones)
def test_daylight_saving(utc: datetime, zone: str) -> None:
    moment = utc.replace(microsecond=0, tzinfo=timezone.utc)
    local = moment.astimezone(ZoneInfo(zone))
    offset = local.utcoffset()
    assert offset is not None
    assert to_utc(api_text(local.replace(tzinfo=None), offset, name=zone)) == moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu Dec 18 2024 10:59:29 GMT+5:30 (Asia/Kolkata)", "2024-12-18T05:29:29Z"),
        ("Thu Oct 01 2026 00:39:56 GMT-4 (America/New_York)", "2026-10-01T04:39:56Z"),
        ("Thu Oct 01 2026 00:39:56 GMT", "2026-10-01T00:39:56Z"),
        ("Thu Oct 01 2026 00:39:56 GMT (Europe/London)", "2026-10-01T00:39:56Z"),
        ("Fri Jan 01 2027 00:10:00 GMT+13:45 (Pacific/Chatham)", "2026-12-31T10:25:00Z"),
        ("Thu Feb 29 2024 23:59:59 GMT-12", "2024-03-01T11:59:59Z"),
        ("Fri Jan 01 2027 00:10:00 GMT+14 (Pacific/Kiritimati)", "2026-12-31T10:10:00Z"),
        (" Thu Oct 01 2026 00:39:56 GMT\n", "2026-10-01T00:39:56Z"),
        ("Thu Nov 8 2024 8:29:58 GMT+5:30 (Asia/Kolkata)", "2024-11-08T02:59:58Z"),
        ("Thu Nov 08 2024 08:29:58.987 GMT+5:30 (Asia/Kolkata)", "2024-11-08T02:59:58Z"),
        ("Fri Nov 8 2024 8:29:58.987 GMT-0500 (Eastern Standard Time)", "2024-11-08T13:29:58Z"),
        ("Nov  8 2024 0:05:09 GMT", "2024-11-08T00:05:09Z"),
        ("2024-12-18T10:59:29+05:30", "2024-12-18T05:29:29Z"),
        ("2024-12-18T10:59:29.500+05:30", "2024-12-18T05:29:29Z"),
        ("2026-11-23T09:00:00.000Z", "2026-11-23T09:00:00Z"),
        (" 2026-11-23T09:00:00Z\n", "2026-11-23T09:00:00Z"),
    ],
)
def test_known_texts(text: str, expected: str) -> None:
    assert to_utc(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "not a date",
        "Invalid Date",
        "Thu Feb 31 2025 10:00:00 GMT+1 (Europe/Paris)",
        "Thu Feb 29 2025 10:00:00 GMT+1",
        "Thu Dec 18 2024 24:59:29 GMT+5:30",
        "Thu Dec 18 2024 10:60:29 GMT+5:30",
        "Thu Dec 18 2024 10:59:29",
        "Thu Dec 18 2024 10:59:29 GMT+15",
        "Thu Dec 18 2024 10:59:29 GMT+5:75",
        "Thu Dec 18 2024 10:59:29 EST",
        "Thu dec 18 2024 10:59:29 GMT",
        "Thu Dec 18 2024 10:59:29 PM GMT",
        "Thu Dec 18 24 10:59:29 GMT",
        "Thu 12 18 2024 10:59:29 GMT",
        "Thu Feb 30 2025 1:00:00 GMT",
        "Thu Dec 8 2024 24:00:00 GMT",
        "Thu Dec 8 2024 8:29:60 GMT",
        "Thu Dec 8 2024 8:29:58",
        "Thu Dec 8 2024 8:29:58.123",
        "Thu Dec 8 2024 8:29 GMT",
        "Thu Dec ٨ 2024 8:29:58 GMT",
        "Thu Dec 18 0000 10:59:29 GMT",
        "Fri Dec 31 9999 23:59:59 GMT-1",
        "2024-12-18T10:59:29",
        "9999-12-31T23:59:59-01:00",
        "2024-13-18T10:59:29Z",
        "",
        " ",
    ],
)
def test_texts_that_are_no_dates(text: str) -> None:
    assert to_utc(text) is None


@given(st.text() | local_times.flatmap(lambda t: st.text(max_size=3).map(lambda x: api_text(t, timedelta(0)) + x)))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    moment = to_utc(text)
    assert moment is None or datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ")
