"""Whose emails are read: those of `secrets/config.json`, or without that file a made-up account's."""

import json
import tempfile
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
    """Its emails go to `working_file`, which is at `file` once both syncs are over: two accounts never share one."""

    name: str
    config: dict[str, Any]
    file: Path
    working_file: Path
    sandbox: Sandbox | None = None

    def calls(self) -> int:
        """Calls of the API so far; only the sandbox counts them."""
        return len(self.sandbox.calls) if self.sandbox else 0

    def pass_time(self) -> str:
        """Lets time pass before the second sync where it can; says what was done."""
        if self.sandbox is None:
            return "The second sync follows at once: only what happened in between is new."
        self.sandbox.clock.advance(timedelta(days=DAYS_BETWEEN))
        return f"{DAYS_BETWEEN} days pass in the sandbox: emails go out, others are opened and answered."


@contextmanager
def open_account() -> Iterator[Account]:
    """Raises DemoError if the configuration cannot be read, or `.sync` not be written to."""
    try:
        SYNC_FOLDER.mkdir(exist_ok=True)
    except OSError as error:
        raise DemoError(f"{SYNC_FOLDER} cannot be made: {error.strerror}") from None
    with _account_of(CONFIG_FILE) if CONFIG_FILE.exists() else _made_up_account() as account:
        yield account


@contextmanager
def _account_of(config_file: Path) -> Iterator[Account]:
    file = SYNC_FOLDER / "consolidated_stats.duckdb"
    name = f"the account of {config_file.parent.name}/{config_file.name}"
    yield Account(name, _read_config(config_file), file, file)


@contextmanager
def _made_up_account() -> Iterator[Account]:
    """Its emails are new each time, so they replace those of the last time; but only if both syncs succeed, and each
    of two that run at once writes to a file of its own."""
    file = SYNC_FOLDER / "sandbox.duckdb"
    now = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=DAYS_BETWEEN)
    with (
        tempfile.TemporaryDirectory(prefix="sandbox-", dir=SYNC_FOLDER) as folder,
        Sandbox(MADE_UP, now=now) as sandbox,
    ):
        config = {"api_key": sandbox.api_key, "api_url": sandbox.url}
        working_file = Path(folder) / file.name
        yield Account(f"a made-up account in the sandbox at {sandbox.url}", config, file, working_file, sandbox)
        file.with_name(f"{file.name}.wal").unlink(missing_ok=True)  # belongs to the file that goes
        working_file.replace(file)


def _read_config(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DemoError(f"{file} cannot be read: {error}") from None
    if not isinstance(config, dict):
        raise DemoError(f'{file} holds no JSON object. It needs at least {{"api_key": "..."}}.')
    return config
