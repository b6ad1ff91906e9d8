from collections.abc import Iterator
from datetime import date

import pytest

from integration_tests.sandbox.api_calls import NOW
from sandbox import AccountSettings, Sandbox


@pytest.fixture
def small() -> Iterator[Sandbox]:
    """1,200 emails from February to November 2026, in three sequences."""
    settings = AccountSettings(emails=1_200, sequences=3, first_day=date(2026, 2, 1), last_day=date(2026, 11, 26))
    with Sandbox(settings, now=NOW) as sandbox:
        yield sandbox
