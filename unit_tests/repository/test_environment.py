"""`make` on machines that are not ours: an old Python, a folder that was moved, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


def test_without_a_network_an_environment_is_made_once_and_anew_after_a_move(checkout: Path) -> None:
    first, second = _make_test(checkout), _make_test(checkout)
    moved = checkout.rename(checkout.with_name("moved"))
    third = _make_test(moved)

    assert ["Setting up .venv" in done.stdout for done in (first, second, third)] == [True, False, True]
    for done in (first, second, third):
        (line,) = _complaints(done)
        assert line.startswith("Failed: no package index can be reached. Is this machine online?")


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
