"""The connector's image, as Docker builds and runs it."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from integration_tests.sync.messages import Output

ROOT = Path(__file__).parents[2]
TAG = "airbyte/source-consolidated-stats:dev"
HARDENED = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
"""As a careful platform runs it: no folder that can be written to, and no privileges."""
ANY_USER = ("--read-only", "--user", "12345:12345")
RUN_TIMEOUT_S = 180


@dataclass(frozen=True)
class Image:
    id: str

    def run(
        self,
        *arguments: str,
        files: Mapping[str, object] | None = None,
        options: Sequence[str] = HARDENED,
        network: str = "host",
    ) -> Output:
        """One command of the connector, with `files` under /secrets: texts as they are, anything else as JSON."""
        with _mounted(files or {}) as mount:
            done = docker("run", "--rm", *options, "--network", network, *mount, self.id, *arguments)
        return _output(done.returncode, done)

    @contextmanager
    def start(self, *arguments: str, files: Mapping[str, object]) -> Iterator[Container]:
        """One command of the connector, in the background, as process 1 of its container; removed at the end."""
        with _mounted(files) as mount:
            done = docker("run", "--detach", *HARDENED, "--network", "host", *mount, self.id, *arguments)
            done.check_returncode()
            container = Container(done.stdout.strip())
            try:
                yield container
            finally:
                docker("rm", "--force", container.id)

    def run_program(self, program: str, *arguments: str) -> str:
        """What another program of the image prints, without line ends around it."""
        done = docker("run", "--rm", "--entrypoint", program, self.id, *arguments)
        done.check_returncode()
        return done.stdout.strip()

    def config(self) -> dict[str, Any]:
        """User, entry point, environment and so on, as `docker image inspect` shows them."""
        (image,) = json.loads(docker("image", "inspect", self.id).stdout)
        config: dict[str, Any] = image["Config"]
        return config

    @cached_property
    def files(self) -> set[str]:
        """The paths of the files in all layers, without a leading slash: also of those that a later layer removed."""
        with tempfile.NamedTemporaryFile(suffix=".tar") as saved:
            docker("save", "--output", saved.name, self.id).check_returncode()
            with tarfile.open(saved.name) as archive:
                (manifest,) = json.load(_member(archive, "manifest.json"))
                return {file for name in manifest["Layers"] for file in _files_of_layer(_member(archive, name))}


@dataclass(frozen=True)
class Container:
    id: str

    def send_signal(self, name: str) -> None:
        docker("kill", "--signal", name, self.id).check_returncode()

    def wait(self) -> Output:
        """What it printed, once it has ended. Raises `subprocess.TimeoutExpired` if it goes on for minutes."""
        exit_code = int(docker("wait", self.id).stdout)
        return _output(exit_code, docker("logs", self.id))


def build_image() -> Image:
    """Builds the image, on the base image that the environment's BASE_IMAGE names, if it does.

    Raises `subprocess.CalledProcessError`, whose `stderr` has the output of the build.
    """
    base = os.environ.get("BASE_IMAGE")
    arguments = ("--build-arg", f"BASE_IMAGE={base}") if base else ()
    # The host's network, as for `run`: an engine that was started for the tests has no other.
    done = docker("build", "--quiet", "--network", "host", *arguments, "--tag", TAG, str(ROOT), timeout_s=1200)
    done.check_returncode()
    return Image(done.stdout.strip())


def engine_problem() -> str | None:
    """Why no engine can be used; None if one answers."""
    try:
        done = docker("version")
    except FileNotFoundError:
        return "the command docker is not installed"
    return done.stderr.strip() or "Docker does not answer" if done.returncode else None


def docker(*arguments: str, timeout_s: float = RUN_TIMEOUT_S) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=timeout_s, check=False)


def _output(exit_code: int, printed: subprocess.CompletedProcess[str]) -> Output:
    return Output(exit_code, printed.stdout, printed.stderr)


@contextmanager
def _mounted(files: Mapping[str, object]) -> Iterator[Sequence[str]]:
    """The options that put `files` under /secrets, where the user of the container may read them, whoever that is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for file, content in files.items():
            (folder / file).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
            (folder / file).chmod(0o644)
        yield "--volume", f"{folder}:/secrets:ro"


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    member = archive.extractfile(name)
    assert member
    return member


def _files_of_layer(layer: IO[bytes]) -> list[str]:
    with tarfile.open(fileobj=layer) as members:
        return [member.name.removeprefix("./") for member in members if member.isfile()]
