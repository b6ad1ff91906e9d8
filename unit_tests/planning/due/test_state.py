from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.due.coverage import Progress
from source_consolidated_stats.planning.due.days import between
from source_consolidated_stats.planning.due.given_up import GivenUp
from source_consolidated_stats.planning.due.lookback import Refresh, with_refresh
from source_consolidated_stats.planning.due.state import State, UnreadableStateError, read_state

from ...strategies import IDS, ORIGIN, coverages, day_ranges, moments

newest = st.none() | st.just("2026-11-23T08:15:00Z")
refused = st.lists(st.sampled_from(IDS), unique=True).map(tuple)


def _kept(drawn: list[Refresh]) -> tuple[Refresh, ...]:
    kept: tuple[Refresh, ...] = ()
    for refresh in drawn:
        kept = with_refresh(kept, refresh)
    return kept


some_days = st.dates(date(2026, 1, 1), date(2027, 1, 1))
refreshes = st.lists(st.builds(Refresh, some_days, some_days, moments.map(lambda at: at.replace(microsecond=0)))).map(
    _kept
)
owed_on = st.none() | some_days
densities = st.none() | st.floats(0, 1e9)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


given_up = st.lists(st.builds(GivenUp, day_ranges, refused), max_size=4).map(tuple)


@given(st.builds(State, coverages, newest, densities, refused, given_up, owed_on, refreshes))
def test_a_state_survives_its_message(state: State) -> None:
    assert read_state(json.loads(json.dumps(state.to_json()))) == state


def test_no_state_is_an_empty_one() -> None:
    assert read_state({}) == State()


@given(st.dictionaries(st.sampled_from(["version", "coverage", "Email Sent At", "rows_per_sequence_day"]), json_values))
def test_any_other_content_is_read_or_refused_in_words(blob: dict[str, Any]) -> None:
    try:
        state = read_state(blob)
    except UnreadableStateError:
        return
    assert read_state(state.to_json()) == state


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "a later version"),
        ({"version": "2"}, "a later version of the connector wrote it (2; this one reads 1)"),
        ({"version": 2.0}, "a later version of the connector wrote it (2; this one reads 1)"),
        ({"version": "one"}, "no known version (found 'one'"),
        ({"version": "nan"}, "no known version"),
        ({"version": 10**400}, "no known version"),
        ({"version": None}, "no known version"),
        ({"version": True}, "no known version"),
        ({"coverage": {}}, "coverage is {}, not a list"),
        ({"coverage": ["a"]}, "coverage has 'a'"),
        ({"coverage": [{"sequences": [1], "covered": [], "stale": []}]}, "the sequence 1"),
        ({"coverage": [{"sequences": [], "covered": [["2026-02-30", "2026-03-01"]], "stale": []}]}, "2026-02-30"),
        ({"coverage": [{"sequences": [], "covered": [["2026-03-01"]], "stale": []}]}, "2026-03-01"),
        ({"coverage": [{"sequences": [], "covered": [[20260301, 20260302]], "stale": []}]}, "20260301"),
        ({"coverage": [{"sequences": [], "covered": [["2026-03-01T10:00:00Z"] * 2], "stale": []}]}, "2026-03-01T10"),
        ({"Email Sent At": "yesterday"}, "yesterday"),
        ({"refused": "a"}, "refused is 'a', not a list"),
        ({"refused": [1]}, "refused is [1]"),
        ({"refreshes": [["2026-11-23"]]}, "refreshes has ['2026-11-23']"),
        ({"refreshes": [["2026-11-23", "soon"]]}, "soon"),
        ({"lookback_owed_on": "today"}, "lookback_owed_on is 'today'"),
        ({"rows_per_sequence_day": -1}, "rows_per_sequence_day is -1"),
        ({"rows_per_sequence_day": float("inf")}, "rows_per_sequence_day is inf"),
        ({"rows_per_sequence_day": "nan"}, "rows_per_sequence_day is 'nan'"),
        ({"rows_per_sequence_day": True}, "rows_per_sequence_day is True"),
    ],
)
def test_what_cannot_be_read_is_named(change: dict[str, Any], words: str) -> None:
    blob = {"version": 1, "Email Sent At": None, "rows_per_sequence_day": None, "coverage": [], **change}
    with pytest.raises(UnreadableStateError, match=re.escape(words)):
        read_state(blob)


@pytest.mark.parametrize(
    ("turned", "meant"),
    [
        ({"version": "1"}, {}),
        ({"version": 1.0}, {}),
        ({"version": "1.0"}, {}),
        ({"rows_per_sequence_day": "0.5"}, {"rows_per_sequence_day": 0.5}),
        ({"rows_per_sequence_day": 1}, {"rows_per_sequence_day": 1.0}),
        ({"rows_per_sequence_day": ""}, {"rows_per_sequence_day": None}),
        ({"Email Sent At": ""}, {"Email Sent At": None}),
        ({"Email Sent At": "2026-11-23T08:15:00.000+00:00"}, {"Email Sent At": "2026-11-23T08:15:00Z"}),
        ({"lookback_owed_on": ""}, {}),
        ({"lookback_owed_on": "2026-11-23T00:00:00.000Z"}, {"lookback_owed_on": "2026-11-23"}),
        ({"refused": None}, {}),
        ({"added": {"by": "the platform"}}, {}),
        (
            {"coverage": [{"sequences": ["a"], "covered": [["2026-03-01T00:00:00Z"] * 2], "stale": [], "added": 1}]},
            {"coverage": [{"sequences": ["a"], "covered": [["2026-03-01"] * 2], "stale": []}]},
        ),
    ],
)
def test_what_the_platform_turns_into_another_form_is_read_as_meant(
    turned: dict[str, Any], meant: dict[str, Any]
) -> None:
    written: dict[str, Any] = {"version": 1, "Email Sent At": None, "rows_per_sequence_day": None, "coverage": []}

    assert read_state({**written, **turned}) == read_state({**written, **meant})


@pytest.mark.parametrize(
    "blob",
    [
        {"Email Sent At": "2026-11-01T00:00:00Z"},
        {"version": "1.5", "coverage": []},
        {"version": 1},
        {"version": 1, "coverage": [{"sequences": ["a"], "covered": [["2026-01-02", "2026-01-01"]], "stale": []}]},
        {"version": 1, "coverage": [{"sequences": ["a", "a"], "covered": [], "stale": []}]},
        {"version": 1, "coverage": [], "Email Sent At": 12},
        {"states": [{"partition": {}, "cursor": {"updated": "2030-01-01"}}]},
        {"__ab_full_refresh_sync_complete": True},
    ],
)
def test_what_no_version_has_written_is_refused(blob: dict[str, Any]) -> None:
    with pytest.raises(UnreadableStateError):
        read_state(blob)


def test_thousands_of_sequences_read_equally_far_stand_together() -> None:
    reading = Progress(between(ORIGIN, ORIGIN))
    blob = State({f"sequence{number}": reading for number in range(2_500)}).to_json()
    assert len(blob["coverage"]) == 1
    assert len(json.dumps(blob)) < 60_000


def test_days_at_the_ends_of_the_calendar_are_dropped() -> None:
    covered = [["0001-01-01", "0001-01-05"], ["2019-12-30", "2020-01-02"], ["9999-12-31", "9999-12-31"]]
    blob = {"version": 1, "coverage": [{"sequences": ["a"], "covered": covered, "stale": []}]}

    assert read_state(blob).coverage == {"a": Progress(between(date(2020, 1, 1), date(2020, 1, 2)))}
