"""What the connector is given besides its configuration, and what it prints: messages of the Airbyte protocol."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from sandbox import Call

STREAM = "consolidated_stats"
SEQUENCES = "sequences"
SyncMode = Literal["incremental", "full_refresh"]
Message = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class Output:
    """What a run printed, and the calls that the sandbox got from it. `exit_code` is negative for a signal."""

    exit_code: int
    stdout: str
    stderr: str
    calls: tuple[Call, ...] = ()

    @cached_property
    def messages(self) -> list[Message]:
        return parse(self.stdout.splitlines())

    def of_type(self, kind: str) -> list[Message]:
        return [message[kind.lower()] for message in self.messages if message["type"] == kind]

    @property
    def records(self) -> list[Row]:
        return [record["data"] for record in self.of_type("RECORD")]

    @property
    def states(self) -> list[Message]:
        return self.of_type("STATE")

    @property
    def last_state(self) -> Message:
        """The content of the last STATE message."""
        state: Message = self.states[-1]["stream"]["stream_state"]
        return state

    @property
    def errors(self) -> list[Message]:
        """`message`, `failure_type` and so on of each error."""
        return [trace["error"] for trace in self.of_type("TRACE") if trace["type"] == "ERROR"]

    def story(self, stream: str) -> list[str]:
        """The statuses, records and states of a stream in their order, each kind once for a stretch of it."""
        steps: list[str] = []
        for message in self.messages:
            kind, content = message["type"], message.get(message["type"].lower(), {})
            if kind == "RECORD" and content["stream"] == stream:
                step = "record"
            elif kind == "STATE" and content["stream"]["stream_descriptor"]["name"] == stream:
                step = "state"
            elif kind == "TRACE" and content.get("stream_status", {}).get("stream_descriptor") == {"name": stream}:
                step = content["stream_status"]["status"]
            else:
                continue
            if steps[-1:] != [step]:
                steps.append(step)
        return steps

    @property
    def log(self) -> str:
        return "\n".join(f"{line['level']} {line['message']}" for line in self.of_type("LOG"))

    @property
    def status(self) -> Message:
        """The CONNECTION_STATUS of a check."""
        (status,) = [message["connectionStatus"] for message in self.messages if message["type"] == "CONNECTION_STATUS"]
        return dict(status)

    @property
    def requested(self) -> set[tuple[str, date]]:
        """Each sequence and day that the run asked the API for."""
        return {
            (sequence_id, day)
            for call in self.calls
            if call.body
            for day in days(date.fromisoformat(call.body["startDate"]), date.fromisoformat(call.body["endDate"]))
            for sequence_id in call.body["sequenceIds"]
        }

    @property
    def requested_days(self) -> set[date]:
        return {day for _, day in self.requested}


def days(first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both inclusive."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def parse(lines: Iterable[str]) -> list[Message]:
    """The messages of an output, without a line that was cut off when its process ended."""
    messages = []
    for line in lines:
        try:
            messages.append(json.loads(line))
        except json.JSONDecodeError:  # noqa: PERF203
            continue
    return messages


def configured_catalog(sync_mode: SyncMode = "incremental", name: str = STREAM) -> Message:
    stream = {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]}
    return {"streams": [{"stream": stream, "sync_mode": sync_mode, "destination_sync_mode": "append"}]}


def catalog_of(*names: str) -> Message:
    """Of those streams, each as it is mostly synced: `sequences` full refresh, `consolidated_stats` incremental."""
    modes: dict[str, SyncMode] = {STREAM: "incremental", SEQUENCES: "full_refresh"}
    return {"streams": [stream for name in names for stream in configured_catalog(modes[name], name)["streams"]]}


def state_message(content: Mapping[str, Any]) -> Message:
    return {
        "type": "STREAM",
        "stream": {"stream_descriptor": {"name": STREAM}, "stream_state": dict(content)},
    }
