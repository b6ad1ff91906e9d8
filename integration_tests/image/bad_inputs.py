"""What a new user gets wrong, and what the line that they read has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from integration_tests.sync.messages import configured_catalog, state_message

WRONG_KEY = "wrong-key-0987654321"
FOREIGN_STATE = [state_message({"updated_at": "2026-01-01T00:00:00Z"})]


@dataclass(frozen=True)
class BadInput:
    """Files that take the place of good ones (a configuration without `api_url` gets the sandbox's)."""

    name: str
    commands: tuple[str, ...]
    words: tuple[str, ...]
    files: Mapping[str, object]
    network: str = "host"


BAD_INPUTS = [
    BadInput("no key", ("check", "discover", "read"), ("api_key", "missing"), {"config.json": {}}),
    BadInput(
        "wrong key", ("check", "read"), ("API key", "Settings, then API"), {"config.json": {"api_key": WRONG_KEY}}
    ),
    BadInput(
        "no network",
        ("check", "read"),
        ("open-api.saleshandy.com",),
        {"config.json": {"api_key": WRONG_KEY, "api_url": "https://open-api.saleshandy.com"}},
        network="none",
    ),
    BadInput(
        "configuration not JSON", ("check", "read"), ("configuration file",), {"config.json": f"api_key: {WRONG_KEY}"}
    ),
    BadInput("unknown stream", ("read",), ("contacts",), {"catalog.json": configured_catalog(name="contacts")}),
    BadInput("catalog not JSON", ("read",), ("catalog file",), {"catalog.json": "{"}),
    BadInput("state of another connector", ("read",), ("state", "reset the stream"), {"state.json": FOREIGN_STATE}),
    BadInput("state not JSON", ("read",), ("state file",), {"state.json": "nowhere"}),
]
