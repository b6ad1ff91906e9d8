"""The world of a test: one moment in time, accounts behind sandboxes, and the connections that sync them."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path

from integration_tests.clock import NOW
from integration_tests.sync.connection import Connection
from sandbox import AccountSettings, Quirks, RateLimit, Sandbox

LAST_CLOSED_DAY = date(2026, 11, 22)
"""At NOW, it is over everywhere on Earth."""
LATEST_TODAY = date(2026, 11, 24)
"""At NOW, it has begun at UTC+14."""
DEFAULT_ACCOUNT = AccountSettings()
NO_QUIRKS = Quirks()


class World:
    """Its clock stands at `now` until it is moved; sandboxes and the connectors' processes are at the same moment.

    Sandboxes stop, and files go, when `resources` and `folder` do.
    """

    def __init__(self, folder: Path, resources: ExitStack) -> None:
        self.now = NOW
        self._folder = folder
        self._resources = resources
        self._sandboxes: list[Sandbox] = []

    def sandbox(
        self,
        account: AccountSettings = DEFAULT_ACCOUNT,
        *,
        limit: RateLimit | None = None,
        latency: float = 0.0,
        rows_per_call: timedelta = timedelta(0),
        quirks: Quirks = NO_QUIRKS,
    ) -> Sandbox:
        """A running sandbox; see `Sandbox` for the parameters."""
        sandbox = Sandbox(
            account, now=self.now, limit=limit, latency=latency, rows_per_call=rows_per_call, quirks=quirks
        )
        self._sandboxes.append(sandbox)
        return self._resources.enter_context(sandbox)

    def connection(self, sandbox: Sandbox, **config: object) -> Connection:
        """A connection to the account of `sandbox`, with the fields of the configuration that matter to the test."""
        return Connection(sandbox, config, self._folder, lambda: self.now)

    def pass_time(self, *, days: float = 0, hours: float = 0) -> None:
        self.travel_to(self.now + timedelta(days=days, hours=hours))

    def travel_to(self, moment: datetime) -> None:
        self.now = moment
        for sandbox in self._sandboxes:
            sandbox.clock.set(moment)
