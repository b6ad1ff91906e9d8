"""The programs of docs/elsewhere.md, run as a reader would run them: with a connector that PyAirbyte installs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox import AccountSettings, Sandbox
from unit_tests.repository.markdown import ROOT, Page

PROGRAM = Page("docs/elsewhere.md").code("## PyAirbyte", "python")
FOLDER = 'pip_url="/home/you/source-consolidated-stats"'
KEY = 'config={"api_key": os.environ["SALESHANDY_API_KEY"]}'
OF_THE_TESTS = ("PYTHONPATH", "CLOCK_STARTS_AT", "AIRBYTE_CACHE_ROOT")
"""The clock of the tests cannot be set in an environment that PyAirbyte makes. The last is the demo's:
all programs would share one cache, with the rows and the state of earlier runs."""


@pytest.fixture
def account() -> Iterator[Sandbox]:
    """Nothing is sent in it while it is read."""
    with Sandbox() as usual:
        last_day = usual.account.first_day + timedelta(days=90)
    with Sandbox(AccountSettings(emails=300, sequences=3, last_day=last_day)) as sandbox:
        yield sandbox


@pytest.mark.parametrize("origin", [str(ROOT), f"git+{ROOT.as_uri()}"], ids=["folder", "git"])
def test_pyairbyte_reads_both_streams(account: Sandbox, tmp_path: Path, origin: str) -> None:
    """From the program's own environment, it reads in all other tests of this folder."""
    config = {"api_key": account.api_key, "api_url": account.url}
    program = PROGRAM.replace(FOLDER, f"pip_url={origin!r}").replace(KEY, f"config={config!r}")
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
    assert done.stdout.splitlines()[-1] == str({"consolidated_stats": len(account.truth()), "sequences": 3})
