"""What windows that went through and windows that did not say of others."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from source_consolidated_stats.planning.windows.capacity import Capacity, Size

sizes = st.builds(Size, st.integers(1, 400), st.integers(1, 400), st.integers(0, 100_000))


def learned(*, passed: list[Size], failed: Size) -> Capacity:
    capacity = Capacity()
    capacity.failed(failed)
    for size in passed:
        capacity.passed(size)
    return capacity


def test_nothing_is_limited_at_first() -> None:
    assert Capacity().fit(365, 10_000, 5.0) == (365, 10_000)


@pytest.mark.parametrize(
    ("passed", "failed", "fit"),
    [
        # Days are all that was more than what went through, then sequences, then rows.
        (Size(14, 100, 7_000), Size(28, 100, 7_000), (14, 100)),
        (Size(20, 100, 7_000), Size(28, 100, 7_000), (20, 100)),
        (Size(60, 25, 9_000), Size(60, 50, 9_000), (100, 25)),
        (Size(100, 100, 6_000), Size(100, 100, 12_000), (50, 100)),
        # Days or rows: as many days as come within one of the limits.
        (Size(14, 100, 600), Size(28, 100, 12_000), (50, 100)),
    ],
)
def test_later_windows_keep_to_what_went_through(passed: Size, failed: Size, fit: tuple[int, int]) -> None:
    """Of 100 days and 100 sequences, with 1.2 rows each."""
    assert learned(passed=[passed], failed=failed).fit(100, 100, 1.2) == fit


def test_no_size_between_what_went_through_and_what_failed_is_tried_where_only_days_can_be_too_many() -> None:
    capacity = learned(passed=[Size(14, 100, 700)], failed=Size(28, 100, 700))

    assert capacity.fit(24, 100, 0.1) == (14, 100)


def test_what_went_through_elsewhere_was_not_too_much() -> None:
    capacity = learned(passed=[Size(14, 100, 700), Size(30, 100, 1_500)], failed=Size(28, 100, 1_400))

    assert capacity.fit(60, 100, 0.5) == (60, 100)


@example([(Size(16, 37, 6), True), (Size(3, 5, 0), False)], Size(13, 5, 0), 0.048)
@given(st.lists(st.tuples(sizes, st.booleans()), max_size=20), sizes, st.floats(0, 1_000))
def test_a_limit_leaves_something_to_ask_for_that_fits(
    history: list[tuple[Size, bool]], asked: Size, density: float
) -> None:
    """And what is asked for then is small enough: else it would be cut again and again."""
    capacity = Capacity()
    for size, went_through in history:
        if went_through:
            capacity.passed(size)
        else:
            capacity.failed(size)

    days, sequences = capacity.fit(asked.days, asked.sequences, density)

    assert 1 <= days <= asked.days
    assert 1 <= sequences <= asked.sequences
    assert capacity.fit(days, sequences, density) == (days, sequences)
