"""Makes a Python environment for the project, with the packages of some extras of setup.py, unless it is there already.

python tools/environment.py FOLDER EXTRA[,EXTRA ...]

An environment of another Python, or one whose folder was moved, is made anew: its scripts hold its old path.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDS_PYAIRBYTE = {"sync", "warehouses"}
OFFLINE = "connection broken by"
"""How pip says that it could not reach a package index."""


class SetupError(Exception):
    """Its message is all that the user has to know."""


def main(folder: str, extras: str) -> int:
    try:
        with _one_at_a_time():
            prepare(ROOT / folder, extras)
    except SetupError as error:
        print(f"Failed: {error}", file=sys.stderr)
        return 1
    return 0


def prepare(environment: Path, extras: str) -> None:
    """Leaves alone what is as it should be. Raises SetupError with one line that says what is wrong."""
    if not os.access(ROOT, os.W_OK):
        raise SetupError(f"{ROOT} is read-only, and the environment belongs there. Use a clone of your own.")
    python = environment / "bin" / "python"
    made_for = environment / "made-for", f"Python {sys.version_info[0]}.{sys.version_info[1]} in {environment}"
    if not python.exists() or not _says(*made_for):
        print(f"Setting up {environment.name}; this takes a minute or two the first time.", flush=True)
        _create(environment)
        _say(*made_for)
    installed = environment / extras, hashlib.sha256((ROOT / "setup.py").read_bytes()).hexdigest()
    if not _says(*installed):
        _install(python, extras, environment / "pip.log")
        _say(*installed)


def _says(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


def _say(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _create(environment: Path) -> None:
    done = _run(sys.executable, "-m", "venv", "--clear", str(environment))
    if done.returncode:
        raise SetupError(f"no environment can be made with {sys.executable}: {' '.join(done.stdout.split())}")


def _install(python: Path, extras: str, log: Path) -> None:
    # PyAirbyte declares Python below 3.13, and works on 3.13.
    ignoring = NEEDS_PYAIRBYTE & set(extras.split(",")) and sys.version_info >= (3, 13)
    options = ["--quiet", "--disable-pip-version-check", *(["--ignore-requires-python"] if ignoring else [])]
    log.unlink(missing_ok=True)  # pip would add to it
    done = _run(str(python), "-m", "pip", "install", *options, "--log", str(log), "--editable", f"{ROOT}[{extras}]")
    if done.returncode == 0:
        return
    if OFFLINE in log.read_text(encoding="utf-8"):
        raise SetupError(f"no package index can be reached. Is this machine online? {log} has the details.")
    errors = [line for line in done.stdout.splitlines() if line.startswith("ERROR")]
    raise SetupError(f"the packages cannot be installed: {(errors or ['pip failed'])[-1]} ({log} has the details)")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Waits for whoever else is setting up an environment of this project."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting: another command is setting up an environment.", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
