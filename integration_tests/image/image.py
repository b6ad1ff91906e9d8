"""The image: built and checked by a script with an engine of its own, then run as a user would run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from integration_tests.sync.messages import Output

IMAGE = "airbyte/source-consolidated-stats:dev"
NO_ENGINE = 3
"""The exit status of the script where no engine could be had."""
HARDENED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
RUN_TIMEOUT = 180


class CheckedImage:
    """`script` builds `project` with a private Docker daemon that it keeps under `cache`."""

    def __init__(self, script: Path, project: Path, cache: Path) -> None:
        self._script = script
        self._project = project
        self._cache = cache
        self._environment = {**os.environ, "CONTAINER_CACHE": str(cache), "KEEP_DAEMON": "1"}
        self._docker_environment = {**os.environ, "DOCKER_HOST": f"unix://{cache / 'docker.sock'}"}
        self._daemon_is_ours = not self._daemon_answers()

    def check(self, secrets: Path, logs: Path) -> int:
        """The exit status of the script, which builds the image and runs spec, check, discover and read in it."""
        command = [str(self._script), str(self._project), "--image", IMAGE, "--secrets", str(secrets)]
        environment = {**self._environment, "CONTAINER_OUT": str(logs)}
        return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode

    def run(self, arguments: Sequence[str], files: Path, network: str) -> Output:
        """One command of the connector, with `files` under /secrets, on a read-only root without capabilities."""
        command = ["docker", "run", "--rm", *HARDENED, "--network", network, "-v", f"{files}:/secrets:ro", IMAGE]
        done = subprocess.run(
            [*command, *arguments],
            env=self._docker_environment,
            capture_output=True,
            text=True,
            timeout=RUN_TIMEOUT,
            check=False,
        )
        return Output(done.returncode, done.stdout, done.stderr)

    def stop(self) -> None:
        """Ends the daemon, where it was started for this run."""
        file = self._cache / "dockerd.pid"
        if not self._daemon_is_ours or not file.exists():
            return
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text(encoding="ascii")), signal.SIGTERM)
        for _ in range(100):
            if not file.exists():
                return
            time.sleep(0.1)

    def _daemon_answers(self) -> bool:
        try:
            command = ["docker", "version"]
            done = subprocess.run(command, env=self._docker_environment, capture_output=True, check=False)
        except FileNotFoundError:
            return False
        return done.returncode == 0


def write_for_container(folder: Path, files: Mapping[str, Any]) -> Path:
    """Writes `files` (a text as it is, anything else as JSON) where the user of the container may read them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = folder / name
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        file.chmod(0o644)
    folder.chmod(0o755)
    return folder
