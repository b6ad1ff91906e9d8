"""The programs of docs/elsewhere.md, run as a reader would run them: with a connector that PyAirbyte installs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import AccountSettings, Sandbox
from unit_tests.repository.markdown import ROOT, Page

PROGRAM = Page("docs/elsewhere.md").code("## PyAirbyte", "python")
FOLDER = 'pip_url="/home/you/source-consolidated-stats"'
KEY = 'config={"api_key": os.environ["SALESHANDY_API_KEY"]}'
OF_THE_TESTS = ("PYTHONPATH", "CLOCK_STARTS_AT")
"""The clock of the tests cannot be set in an environment that PyAirbyte makes."""


@pytest.fixture
def account() -> Iterator[Sandbox]:
    with Sandbox(AccountSettings(emails=300, sequences=3)) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    "origin",
    [f"pip_url={str(ROOT)!r}", f"pip_url='git+{ROOT.as_uri()}'", 'local_executable="source-consolidated-stats"'],
    ids=["folder", "git", "environment"],
)
def test_pyairbyte_reads_both_streams(account: Sandbox, tmp_path: Path, origin: str) -> None:
    config = {"api_key": account.api_key, "api_url": account.url}
    program = PROGRAM.replace(FOLDER, origin).replace(KEY, f"config={config!r}")
    environment = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    tools = str(Path(sys.executable).parent)  # where PyAirbyte finds uv

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**environment, "AIRBYTE_OFFLINE_MODE": "1", "PATH": f"{tools}{os.pathsep}{environment['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert FOLDER in PROGRAM
    assert KEY in PROGRAM
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str({"consolidated_stats": 300, "sequences": 3})
