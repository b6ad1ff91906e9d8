from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from integration_tests.image.image import Image, build_image, engine_problem
from integration_tests.sync.messages import configured_catalog
from sandbox import AccountSettings, Sandbox

HISTORY = timedelta(days=500)
"""Longer than one call may ask for."""


@pytest.fixture(scope="session")
def image() -> Image:
    """The image of this checkout. Ends the whole run without an engine: a skipped test would look like a good one."""
    problem = engine_problem()
    if problem:
        pytest.exit(f"NOTHING WAS PROVED: the tests of the image need Docker ({problem})", returncode=1)
    try:
        return build_image()
    except subprocess.CalledProcessError as error:
        pytest.exit(f"NOTHING WAS PROVED: the image cannot be built.\n{error.stderr}", returncode=1)


@pytest.fixture(scope="session")
def now(image: Image) -> datetime:
    """The container's clock, which cannot be moved; so the sandbox's is set to it, and its days move along."""
    return datetime.fromisoformat(image.run_program("date", "--utc", "+%Y-%m-%dT%H:%M:%S+00:00"))


@pytest.fixture(scope="session")
def sandbox(now: datetime) -> Iterator[Sandbox]:
    account = AccountSettings(
        emails=5_000, sequences=20, first_day=now.date() - HISTORY, time_zone="America/New_York", dirty=True
    )
    with Sandbox(account, now=now) as sandbox:
        yield sandbox


@pytest.fixture
def files(sandbox: Sandbox) -> dict[str, object]:
    """What a user hands over, as it should be: the files under /secrets."""
    config = {"api_key": sandbox.api_key, "api_url": sandbox.url}
    return {"config.json": config, "catalog.json": configured_catalog()}
