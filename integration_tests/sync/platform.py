"""The platform between source and destination: it forwards messages, keeps the states that come back, and kills."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Literal, NamedTuple

from integration_tests.sync.connection import TIMEOUT_S, Connection
from integration_tests.sync.destination import load_file, stored
from integration_tests.sync.forked import Forked
from integration_tests.sync.messages import SEQUENCES, STREAM, Message, Row, catalog_of, parse

Process = Literal["source", "destination"]


class Kill(NamedTuple):
    """A SIGKILL once the source has printed, or the destination has taken in, that number of `records`."""

    victim: Process
    records: int


class Platform:
    """Syncs both streams of `connection` into the tables of a destination; its files are in `folder`."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self._connection = connection
        self._database = folder / "destination.sqlite"
        self._echo_file = folder / "echoes.jsonl"
        self._stderr = folder / "destination-stderr"
        self._state_file = folder / "states.json"
        self._states: dict[str, Message] = {}
        self._ids = count(1)

    def rows(self, stream: str) -> list[Row]:
        """What the destination's table of the stream holds."""
        return stored(self._database, stream)

    def sync(self, kill: Kill | None = None) -> bool:
        """One attempt, from the last states that came back; False if the kill came before its end.

        The process that is left notices that its pipe is closed, and ends by itself.
        """
        with self._start_source() as source, self._start_destination(kill) as destination:
            patience = threading.Timer(TIMEOUT_S, source.kill)
            patience.start()
            try:
                traces = self._forward(source, destination, kill)
                source.wait()
            finally:
                patience.cancel()
        self._keep_states()
        exit_codes = {"source": source.returncode, "destination": destination.returncode}
        killed = [process for process, exit_code in exit_codes.items() if exit_code == -signal.SIGKILL]
        assert killed in ([], [kill and kill.victim]), exit_codes
        assert killed or set(exit_codes.values()) == {0}, (exit_codes, traces)
        return not killed

    def _start_source(self) -> Forked:
        """It gets the states that were kept; their whole numbers have become floats on the way."""
        command = self._connection.sync_command(catalog_of(SEQUENCES, STREAM))
        if not self._states:
            return self._connection.start_forked(*command)
        states = json.dumps(list(self._states.values()))
        self._state_file.write_text(json.dumps(json.loads(states, parse_int=float)), encoding="utf-8")
        return self._connection.start_forked(*command, "--state", str(self._state_file))

    def _start_destination(self, kill: Kill | None) -> Forked:
        kill_after = kill.records if kill and kill.victim == "destination" else None
        return Forked(load_file, (self._database, self._echo_file, kill_after), self._stderr)

    def _forward(self, source: Forked, destination: Forked, kill: Kill | None) -> list[Message]:
        """Forwards what the source prints as long as the destination takes it; returns its TRACE messages."""
        kill_after = kill.records if kill and kill.victim == "source" else None
        traces: list[Message] = []
        with source.stdout, suppress(BrokenPipeError), destination.stdin:
            for message in _printed(source, kill_after):
                if message["type"] == "STATE":
                    message["state"]["id"] = next(self._ids)
                elif message["type"] == "TRACE":
                    traces.append(message)
                destination.stdin.write(f"{json.dumps(message)}\n")
        return traces

    def _keep_states(self) -> None:
        """Keeps the last state of each stream that came back. The platform adds the namespace, which is null here."""
        for message in parse(self._echo_file.read_text(encoding="utf-8").splitlines()):
            descriptor = message["state"]["stream"]["stream_descriptor"]
            self._states[descriptor["name"]] = message["state"]
            descriptor.setdefault("namespace", None)


def _printed(source: Forked, kill_after: int | None) -> Iterator[Message]:
    """The messages of the source. What is in its pipe when it is killed still comes, except for a line cut short."""
    records = 0
    for line in source.stdout:
        for message in parse([line]):
            yield message
            records += message["type"] == "RECORD"
            if records == kill_after:
                source.kill()
