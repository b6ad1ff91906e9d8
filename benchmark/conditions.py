"""When, on what and with which versions a benchmark ran."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIBRARIES = ("airbyte-cdk", "requests", "orjson")


def conditions() -> dict[str, str]:
    """What the figures of this run depend on, by name."""
    libraries = (f"{name} {version(name)}" for name in LIBRARIES)
    return {
        "Date": f"{datetime.now(timezone.utc):%Y-%m-%d}",
        "Commit": _commit(),
        "Machine": f"{_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB of memory, {platform.system()}",
        "Versions": ", ".join([f"Python {platform.python_version()}", *libraries]),
    }


def _commit() -> str:
    """The commit that was measured; `changed` if files differ from it."""
    commit = _git("rev-parse", "--short", "HEAD")
    return f"{commit}, changed" if _git("status", "--porcelain", "--untracked-files=no") else commit


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _processor() -> str:
    """The processor's name as Linux gives it, or its architecture elsewhere."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
