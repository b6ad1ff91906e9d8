"""`make` on machines that are not ours: an old Python, a folder that was moved, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
OLD_PYTHON = f"""#!/bin/sh
exec {sys.executable} -c 'import sys
sys.version_info, sys.version = (3, 9, 18), "3.9.18 (main)"
exec(sys.argv[2])' "$@"
"""
SETTINGS = ("PIP_", "MAKE", "MFLAGS", "PYTHON")
"""How the names of variables begin that would make this machine a different one."""
OFFLINE = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project with one package to install besides itself."""
    folder = tmp_path / "checkout"
    (folder / "tools").mkdir(parents=True)
    for name in ("Makefile", "tools/environment.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "setup.py").write_text('from setuptools import setup\nsetup(extras_require={"tests": ["pytest"]})\n')
    return folder


def test_an_old_python_is_refused_in_one_line_before_anything_is_made(checkout: Path, tmp_path: Path) -> None:
    python = tmp_path / "python3.9"
    python.write_text(OLD_PYTHON)
    python.chmod(0o755)

    done = _make_test(checkout, f"PYTHON={python}")

    (line,) = _complaints(done)
    assert line.startswith(f"Python 3.10 or newer is needed, and {python} is 3.9.18.")
    assert not (checkout / ".venv").exists()


def load_tool() -> Any:
    """The module `tools/environment.py`."""
    spec = spec_from_file_location("environment", ROOT / "tools" / "environment.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def environment(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    return Environment(checkout, monkeypatch)


class Environment:
    """`tools/environment.py` in a checkout, on a machine whose commands do as little as it takes."""

    def __init__(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._tool = load_tool()
        self._patch = monkeypatch
        self.is_online = True
        self.commands: list[str] = []
        monkeypatch.setattr(self._tool, "_run", self._run)
        self.is_in(checkout)

    def is_in(self, checkout: Path) -> None:
        self._root = checkout
        self._patch.setattr(self._tool, "ROOT", checkout)

    def make(self) -> list[str]:
        """What it takes to make the environment."""
        self.commands.clear()
        self._tool.prepare(self._root / ".venv", "tests")
        return self.commands

    def complaint_of_make(self) -> str:
        with pytest.raises(self._tool.SetupError) as failure:
            self.make()
        return str(failure.value)

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        self.commands.append(command[2])
        if command[2] == "venv":
            (Path(command[-1]) / "bin").mkdir(parents=True, exist_ok=True)
            (Path(command[-1]) / "bin" / "python").touch()
        elif not self.is_online:
            Path(command[command.index("--log") + 1]).write_text(f"... {self._tool.OFFLINE} ...", encoding="utf-8")
            return subprocess.CompletedProcess(command, 1, stdout="")
        return subprocess.CompletedProcess(command, 0, stdout="")


def test_an_environment_is_made_once_and_anew_after_a_move(environment: Environment, checkout: Path) -> None:
    first, second = list(environment.make()), list(environment.make())
    environment.is_in(checkout.rename(checkout.with_name("moved")))

    assert (first, second, environment.make()) == (["venv", "pip"], [], ["venv"])


def test_packages_are_installed_anew_when_setup_py_changes(environment: Environment, checkout: Path) -> None:
    environment.make()
    (checkout / "setup.py").write_text("# other packages", encoding="utf-8")

    assert environment.make() == ["pip"]


def test_without_a_network_the_packages_are_tried_again_each_time(environment: Environment) -> None:
    environment.is_online = False
    complaints = [environment.complaint_of_make() for _ in range(2)]
    environment.is_online = True

    for complaint in complaints:
        assert complaint.startswith("no package index can be reached. Is this machine online?")
    assert environment.make() == ["pip"]


def test_a_network_that_is_missing_is_known_by_the_words_of_pip(tmp_path: Path) -> None:
    log = tmp_path / "pip.log"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--log", str(log), "no-such-package"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}

    subprocess.run(command, env={**inherited, **OFFLINE}, capture_output=True, check=False)

    assert load_tool().OFFLINE in log.read_text(encoding="utf-8")


def _make_test(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make test`, which fails where there is no package index."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    command = ["make", "test", f"PYTHON={sys.executable}", *arguments]
    done = subprocess.run(
        command, cwd=checkout, env={**inherited, **OFFLINE}, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    return done


def _complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("make")]
