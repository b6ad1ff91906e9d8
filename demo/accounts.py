"""Whose emails are read: those of `secrets/config.json`, or without that file a made-up account's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from demo import CONFIG_FILE, SYNC_FOLDER
from demo.errors import DemoError
from sandbox import AccountSettings, Sandbox

MADE_UP = AccountSettings(emails=10_000, sequences=36)
DAYS_BETWEEN = 3
"""Days that pass in the sandbox between the two syncs."""


@dataclass(frozen=True)
class Account:
    """`file` is the database that this account's emails go to: two accounts never share one."""

    name: str
    config: dict[str, Any]
    file: Path
    sandbox: Sandbox | None = None

    def calls(self) -> int:
        """Calls of the API so far; the sandbox alone counts them."""
        return len(self.sandbox.calls) if self.sandbox else 0

    def pass_time(self) -> str:
        """Lets time pass before the second sync where it can; says what was done."""
        if self.sandbox is None:
            return "The second sync follows at once: only what happened meanwhile is new."
        self.sandbox.clock.advance(timedelta(days=DAYS_BETWEEN))
        return f"{DAYS_BETWEEN} days pass in the sandbox: emails go out, others are opened and answered."


@contextmanager
def open_account() -> Iterator[Account]:
    if CONFIG_FILE.exists():
        name = f"the account of {CONFIG_FILE.parent.name}/{CONFIG_FILE.name}"
        yield Account(name, _read_config(CONFIG_FILE), SYNC_FOLDER / "consolidated_stats.duckdb")
        return
    now = datetime.now(timezone.utc).replace(microsecond=0)
    file = SYNC_FOLDER / "sandbox.duckdb"
    for old in SYNC_FOLDER.glob(f"{file.name}*"):  # a sync that was killed leaves a log beside the database
        old.unlink()
    with Sandbox(MADE_UP, now=now - timedelta(days=DAYS_BETWEEN)) as sandbox:
        config = {"api_key": sandbox.api_key, "api_url": sandbox.url}
        yield Account(f"a made-up account in the sandbox at {sandbox.url}", config, file, sandbox)


def _read_config(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DemoError(f"{file} cannot be read: {error}") from None
    if not isinstance(config, dict):
        raise DemoError(f'{file} holds no JSON object. It needs at least {{"api_key": "..."}}.')
    return config
