"""Keys that come again."""

from __future__ import annotations

from source_consolidated_stats.api.seen_keys import SeenKeys


def seen(*pages: list[int]) -> SeenKeys:
    keys = SeenKeys()
    for page in pages:
        keys.add(page)
    return keys


def test_keys_that_come_once_repeat_nothing() -> None:
    assert seen([1, 2], [3], []).repeats == {}


def test_keys_that_come_again_are_counted_in_a_page_and_across_pages() -> None:
    assert seen([1, 2, 2], [2, 3], [1, 4]).repeats == {2: 2, 1: 1}


def test_two_readings_of_the_same_rows_have_the_same_fingerprint_whatever_the_order() -> None:
    assert seen([1, 1], [2, 3]).fingerprint == seen([3, 1], [1, 2]).fingerprint
    assert seen([1, 1], [2]).fingerprint != seen([1, 2], [2]).fingerprint
    assert seen([1, 1], [2]).fingerprint != seen([1, 1], [3]).fingerprint


def test_ambiguous_keys_say_nothing_when_they_come_again() -> None:
    keys = seen([1])
    keys.add([1, 1], ambiguous=frozenset([1]))

    assert keys.repeats == {}


def test_a_page_of_known_keys_brings_nothing_new() -> None:
    keys = seen([1, 2], [3])

    assert keys.has_all([3, 1])
    assert not keys.has_all([3, 4])
