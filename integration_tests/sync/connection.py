"""A connection: the connector as the platform runs it, a process for each command, with the state of its last sync."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from integration_tests.clock import environment_at
from integration_tests.sync.forked import Forked, run_forked, start_forked
from integration_tests.sync.messages import Message, Output, SyncMode, configured_catalog
from sandbox import Sandbox

TIMEOUT_S = 240
"""A run that takes longer hangs, and is killed."""


class Connection:
    """Syncs the account of `sandbox`, from one state to the next.

    `config` and `state` are what the next command gets. Each process starts at the moment that `now` gives, and its
    files are in `folder`. `read_timeout_s` takes the place of the connector's own patience with a silent API, and
    `heartbeat_s` of the interval between its heartbeats. `memory` is a folder with the figures of a container's memory.
    The machine's clock is `clock_error` ahead.
    """

    def __init__(
        self, sandbox: Sandbox, config: Mapping[str, object], folder: Path, now: Callable[[], datetime]
    ) -> None:
        self.config = {"api_key": sandbox.api_key, "api_url": sandbox.url, **config}
        self.state: Message | None = None
        self.read_timeout_s: float | None = None
        self.heartbeat_s: float | None = None
        self.memory: Path | None = None
        self.clock_error = timedelta(0)
        self._sandbox = sandbox
        self._folder = folder
        self._now = now

    def check(self, *flags: str) -> Output:
        return self.run("check", "--config", self._write("config.json", self.config), *flags)

    def discover(self) -> Output:
        return self.run("discover", "--config", self._write("config.json", self.config))

    def sync(self, *flags: str, mode: SyncMode = "incremental") -> Output:
        """One sync, from the state of the last one."""
        return self._keep_state(self.run(*self.sync_command(configured_catalog(mode)), *flags))

    def sync_until_killed(self, lines: int) -> Output:
        """A sync that is killed after it has printed some lines; what it had printed by then is in the pipe."""
        calls_before = len(self._sandbox.calls)
        with self.start_forked(*self.sync_command()) as process:
            printed = list(islice(process.stdout, lines))
            process.kill()
            printed += process.stdout.readlines()
        assert process.returncode is not None
        stderr = self._stderr.read_text("utf-8")
        return self._keep_state(self._output(process.returncode, "".join(printed), stderr, calls_before))

    def sync_command(self, catalog: Message | None = None) -> Sequence[str]:
        """The arguments of a sync, after its files were written."""
        command = ["read", "--config", self._write("config.json", self.config)]
        command += ["--catalog", self._write("catalog.json", catalog or configured_catalog())]
        if self.state is not None:
            command += ["--state", self._write("state.json", [self.state])]
        return command

    def run(self, *arguments: str) -> Output:
        """The whole output of a process that is forked, which is fast."""
        calls_before = len(self._sandbox.calls)
        stdout = self._folder / "stdout"
        exit_code = run_forked(
            self._launcher_arguments(arguments), self._now() + self.clock_error, stdout, self._stderr, TIMEOUT_S
        )
        return self._output(exit_code, stdout.read_text("utf-8"), self._stderr.read_text("utf-8"), calls_before)

    def start_forked(self, *arguments: str) -> Forked:
        """A process that is forked, printing to a pipe."""
        return start_forked(self._launcher_arguments(arguments), self._now() + self.clock_error, self._stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A process of its own, printing to pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "integration_tests.sync.launcher", *self._launcher_arguments(arguments)],
            env=environment_at(self._now() + self.clock_error),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def _stderr(self) -> Path:
        return self._folder / "stderr"

    def _launcher_arguments(self, command: Sequence[str]) -> list[str]:
        given = {"--read-timeout": self.read_timeout_s, "--heartbeat": self.heartbeat_s, "--memory": self.memory}
        options = [text for name, value in given.items() if value for text in (name, str(value))]
        return [*options, "--", *command]

    def _output(self, exit_code: int, stdout: str, stderr: str, calls_before: int) -> Output:
        assert self._sandbox.api_key not in stdout + stderr  # whatever the test is about
        return Output(exit_code, stdout, stderr, tuple(self._sandbox.calls[calls_before:]))

    def _keep_state(self, output: Output) -> Output:
        if output.states:
            self.state = output.states[-1]
        return output

    def _write(self, name: str, content: object) -> str:
        file = self._folder / name
        file.write_text(json.dumps(content), encoding="utf-8")
        return str(file)
