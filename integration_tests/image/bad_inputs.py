"""What a new user gets wrong, and what the connector has to answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integration_tests.sync.messages import Output, configured_catalog, state_message
from sandbox import Sandbox

WRONG_KEY = "wrong-key-0987654321"
UNREACHABLE = "https://open-api.saleshandy.com"
ARGUMENTS = {
    "check": ["check", "--config", "/secrets/config.json"],
    "discover": ["discover", "--config", "/secrets/config.json"],
    "read": ["read", "--config", "/secrets/config.json", "--catalog", "/secrets/catalog.json"],
}


@dataclass(frozen=True)
class BadInput:
    """A command with files that are wrong somewhere; `words` have to appear in what the user is told."""

    name: str
    command: str
    words: tuple[str, ...]
    files: Mapping[str, Any]
    network: str = "host"
    flags: tuple[str, ...] = field(default=())

    @property
    def arguments(self) -> list[str]:
        return [*ARGUMENTS[self.command], *self.flags]


def bad_inputs(sandbox: Sandbox) -> list[BadInput]:
    url = sandbox.url
    good = {"config.json": {"api_key": sandbox.api_key, "api_url": url}, "catalog.json": configured_catalog()}
    configs: list[tuple[str, tuple[str, ...], Any, str]] = [
        ("no key", ("api_key", "missing"), {"api_url": url}, "host"),
        ("wrong key", ("does not accept the API key",), {"api_key": WRONG_KEY, "api_url": url}, "host"),
        ("no network", ("could not be reached",), {"api_key": WRONG_KEY, "api_url": UNREACHABLE}, "none"),
        ("config not JSON", ("configuration file", "cannot be read"), "api_key: wrong-key-0987654321", "host"),
    ]
    cases = [
        BadInput(name, command, words, {**good, "config.json": config}, network)
        for name, words, config, network in configs
        for command in ("check", "read")
    ]
    stranger = {**good, "catalog.json": configured_catalog(name="contacts")}
    foreign = {**good, "state.json": [state_message({"updated_at": "2026-01-01T00:00:00Z"})]}
    no_state = {**good, "state.json": "nowhere"}
    with_state = ("--state", "/secrets/state.json")
    return [
        *cases,
        BadInput("no key", "discover", ("api_key", "missing"), {**good, "config.json": {}}),
        BadInput("unknown stream in the catalog", "read", ("contacts", "does not offer"), stranger),
        BadInput("catalog not JSON", "read", ("catalog file", "cannot be read"), {**good, "catalog.json": "{"}),
        BadInput("state of another connector", "read", ("state", "Reset the stream"), foreign, flags=with_state),
        BadInput("state not JSON", "read", ("state file", "cannot be read"), no_state, flags=with_state),
    ]


def told(output: Output) -> str:
    """The line that the user reads: the status of a check, or the error of anything else."""
    return " ".join(str(one.get("message")) for one in [*_statuses(output), *output.errors])


def problems(case: BadInput, output: Output, secrets: tuple[str, ...]) -> list[str]:
    """What is wrong with the answer; nothing where it is as it should be."""
    line, everything = told(output), output.stdout + output.stderr
    found = [f"the line does not say {word!r}" for word in case.words if word.lower() not in line.lower()]
    if case.command == "check":
        statuses = [status["status"] for status in _statuses(output)]
        found += [] if statuses == ["FAILED"] else [f"statuses {statuses} instead of one that is FAILED"]
        found += [] if output.exit_code == 0 else [f"exit code {output.exit_code} for a check that could be made"]
    elif output.exit_code == 0:
        found.append("exit code 0")
    if "Traceback" in everything:
        found.append("a traceback")
    if any(secret in everything for secret in secrets):
        found.append("the API key is shown")
    return found


def _statuses(output: Output) -> list[dict[str, Any]]:
    return [message["connectionStatus"] for message in output.messages if message["type"] == "CONNECTION_STATUS"]
