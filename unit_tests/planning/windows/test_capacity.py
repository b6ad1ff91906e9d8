"""What a success and a failure of one size say of the others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from source_consolidated_stats.planning.windows.capacity import Capacity, Size

sizes = st.builds(Size, st.integers(1, 40), st.integers(1, 40))


def learned(*, went: list[Size], failed: list[Size]) -> Capacity:
    capacity = Capacity()
    for size in failed:
        capacity.failed(size)
    for size in went:
        capacity.succeeded(size)
    return capacity


def test_nothing_is_limited_at_first() -> None:
    capacity = Capacity()

    assert (capacity.max_days(100), capacity.max_sequences(), capacity.any_limit) == (None, None, False)


def test_later_windows_keep_to_what_went_through() -> None:
    capacity = learned(went=[Size(14, 100)], failed=[Size(28, 100)])

    assert capacity.max_days(100) == 14
    assert capacity.max_days(50) is None
    assert capacity.is_too_heavy(Size(30, 120))
    assert not capacity.is_too_heavy(Size(27, 100))


def test_half_is_tried_while_nothing_is_known_to_go_through() -> None:
    assert learned(went=[], failed=[Size(28, 100)]).max_days(100) == 14


def test_a_day_that_is_too_much_limits_the_sequences() -> None:
    capacity = learned(went=[Size(1, 25)], failed=[Size(1, 50)])

    assert capacity.max_sequences() == 25
    assert capacity.max_days(25) is None


def test_a_failure_of_a_size_that_went_through_casts_doubt_on_larger_ones() -> None:
    capacity = learned(went=[Size(14, 100)], failed=[Size(28, 100)])

    capacity.failed(Size(7, 100))

    assert not capacity.any_limit


@given(st.lists(st.tuples(sizes, st.booleans()), max_size=20), sizes)
def test_a_limit_leaves_something_to_ask_for(history: list[tuple[Size, bool]], asked: Size) -> None:
    capacity = Capacity()
    for size, went in history:
        (capacity.succeeded if went else capacity.failed)(size)

    days, sequences = capacity.max_days(asked.sequences), capacity.max_sequences()
    assert days is None or days >= 1
    assert sequences is None or sequences >= 1
    if days is not None and days > 1:
        assert not capacity.is_too_heavy(Size(days, asked.sequences))
