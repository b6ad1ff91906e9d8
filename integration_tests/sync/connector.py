"""The connector as a user runs it: a process that prints messages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

STREAM = "consolidated_stats"
PRIMARY_KEY = ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At")
Message = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class Output:
    """What a run printed. `exit_code` is that of the process, negative for a signal."""

    exit_code: int
    stdout: str
    stderr: str
    messages: list[Message] = field(default_factory=list)

    def of_type(self, kind: str) -> list[Message]:
        return [message[kind.lower()] for message in self.messages if message["type"] == kind]

    @property
    def records(self) -> list[Row]:
        return [record["data"] for record in self.of_type("RECORD")]

    @property
    def states(self) -> list[dict[str, Any]]:
        return self.of_type("STATE")

    @property
    def last_state(self) -> dict[str, Any]:
        """The content of the last STATE message."""
        state: dict[str, Any] = self.states[-1]["stream"]["stream_state"]
        return state

    @property
    def errors(self) -> list[dict[str, Any]]:
        """`message`, `failure_type` and so on of each error that was told."""
        return [trace["error"] for trace in self.of_type("TRACE") if trace["type"] == "ERROR"]

    @property
    def log(self) -> str:
        return "\n".join(f"{line['level']} {line['message']}" for line in self.of_type("LOG"))

    @property
    def status(self) -> dict[str, Any]:
        """The CONNECTION_STATUS of a check."""
        (status,) = [message["connectionStatus"] for message in self.messages if message["type"] == "CONNECTION_STATUS"]
        return dict(status)


class Connector:
    """One configured connection. Its files live in `folder`."""

    def __init__(
        self, folder: Path, config: Mapping[str, Any], *, at: datetime | None = None, read_timeout: float | None = None
    ) -> None:
        self._folder = folder
        self.config = dict(config)
        self.at = at
        self._read_timeout = read_timeout

    def check(self, *flags: str) -> Output:
        return self._run(["check", "--config", self._write("config.json", self.config), *flags])

    def discover(self) -> Output:
        return self._run(["discover", "--config", self._write("config.json", self.config)])

    def read(
        self,
        state: Any = None,
        *flags: str,
        sync_mode: str = "incremental",
        catalog: Mapping[str, Any] | None = None,
        timeout: float = 240,
    ) -> Output:
        """`state` is a STATE message, or the content of one for the stream."""
        return self._run(self.read_command(state, *flags, sync_mode=sync_mode, catalog=catalog), timeout)

    def read_command(
        self, state: Any = None, *flags: str, sync_mode: str = "incremental", catalog: Mapping[str, Any] | None = None
    ) -> list[str]:
        command = ["read", "--config", self._write("config.json", self.config)]
        command += ["--catalog", self._write("catalog.json", catalog or configured_catalog(sync_mode))]
        if state is not None:
            message = state if "type" in state else state_message(state)
            command += ["--state", self._write("state.json", [message])]
        return [*command, *flags]

    def start(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        """The process of `arguments`, printing to pipes."""
        launcher = [sys.executable, "-m", "integration_tests.sync.launcher"]
        if self.at:
            launcher += ["--at", self.at.isoformat()]
        if self._read_timeout:
            launcher += ["--read-timeout", str(self._read_timeout)]
        return subprocess.Popen(
            [*launcher, "--", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def _run(self, arguments: Sequence[str], timeout: float = 240) -> Output:
        with self.start(arguments) as process:
            try:
                stdout, stderr = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                stdout, stderr = process.communicate()
        return Output(process.returncode, stdout, stderr, parse(stdout.splitlines()))

    def _write(self, name: str, content: Any) -> str:
        file = self._folder / name
        file.write_text(json.dumps(content), encoding="utf-8")
        return str(file)


def parse(lines: Iterable[str]) -> list[Message]:
    """The messages of an output; a line that was cut by the end of its process is none."""
    messages = []
    for line in lines:
        try:
            messages.append(json.loads(line))
        except json.JSONDecodeError:  # noqa: PERF203
            continue
    return messages


def configured_catalog(sync_mode: str = "incremental", name: str = STREAM) -> dict[str, Any]:
    stream = {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]}
    return {"streams": [{"stream": stream, "sync_mode": sync_mode, "destination_sync_mode": "append"}]}


def state_message(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "STREAM",
        "stream": {"stream_descriptor": {"name": STREAM}, "stream_state": dict(content)},
    }


def table(rows: Iterable[Row]) -> Counter[str]:
    """Rows as a multiset. The CDK leaves null fields out of what it prints, so they count for nothing."""
    return Counter(
        json.dumps({name: value for name, value in row.items() if value is not None}, sort_keys=True) for row in rows
    )


def keys(rows: Iterable[Row]) -> set[tuple[Any, ...]]:
    return {tuple(row.get(column) for column in PRIMARY_KEY) for row in rows}


def upserted(*reads: Iterable[Row]) -> Counter[str]:
    """The table of a destination that merged rows by their primary key, one read after another."""
    merged = {tuple(row.get(column) for column in PRIMARY_KEY): row for rows in reads for row in rows}
    return table(merged.values())
