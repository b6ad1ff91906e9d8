from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
import time_machine

from source_consolidated_stats.api.clock import ApiClock

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize("hours", [-72, 0, 72])
def test_days_are_over_by_the_earlier_of_both_clocks(hours: int) -> None:
    clock, api_now = ApiClock(), NOW + timedelta(hours=hours)

    with time_machine.travel(NOW, tick=False):
        clock.observe({"Date": format_datetime(api_now, usegmt=True)})

        assert clock.api_now == api_now
        assert clock.earlier_now == min(NOW, api_now)
