"""Work gets a deadline; what it returns or raises in time is passed on."""

from __future__ import annotations

from threading import Event

import pytest

from source_consolidated_stats.deadline import run_with_deadline
from source_consolidated_stats.errors import ApiError, ConfigError


def test_work_that_is_done_in_time_gives_its_result() -> None:
    assert run_with_deadline(60, lambda: "done", "too late") == "done"


def test_work_that_fails_in_time_raises_its_own_error() -> None:
    def fail() -> None:
        raise ConfigError("its own words")

    with pytest.raises(ConfigError, match="its own words"):
        run_with_deadline(60, fail, "too late")


def test_work_that_never_ends_is_left_behind() -> None:
    never = Event()

    with pytest.raises(ApiError, match="too late"):
        run_with_deadline(0.01, never.wait, "too late")

    never.set()
