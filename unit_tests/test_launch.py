"""The key is in no output, in no form, whatever fails: each command in a process of its own."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest

from integration_tests.sync.forked import call_forked

KEY = "it's/50%&<k>+=~#"
FORMS = {
    "as it is": KEY,
    "as a path": "it%27s/50%25%26%3Ck%3E%2B%3D~%23",
    "as a parameter": "it%27s%2F50%25%26%3Ck%3E%2B%3D~%23",
    "in HTML": "it&#x27;s/50%&amp;&lt;k&gt;+=~#",
    "in JSON of some servers": r"it's\/50%&<k>+=~#",
}
FAILING = """
import logging, sys
from source_consolidated_stats import source
from source_consolidated_stats.errors import ConfigError
from source_consolidated_stats.run import run

kind, text, *arguments = sys.argv[1:]

def fail(*args, **kwargs):
    logger = logging.getLogger("airbyte")
    logger.debug("calling", extra={"headers": {"x-api-key": text}})
    logger.warning(text)
    logger.warning("this line cannot be written \\ud800 " + text)
    try:
        raise ValueError(f"Invalid header value {text.encode()!r}")
    except ValueError as error:
        raise {"unexpected": RuntimeError, "known": ConfigError}[kind](f"it was {text}") from error

source.check_access = source._list_ids = source.SourceConsolidatedStats.discover = fail
sys.argv[1:] = arguments
run()
"""
STREAM = {"name": "consolidated_stats", "json_schema": {}, "supported_sync_modes": ["full_refresh", "incremental"]}
CATALOG = {"streams": [{"stream": STREAM, "sync_mode": "incremental", "destination_sync_mode": "append"}]}


WITHOUT_A_FOLDER = """
import tempfile

def fail(*args, **kwargs):
    raise FileNotFoundError("no usable temporary directory")

tempfile.gettempdir = tempfile.mkdtemp = tempfile.mkstemp = fail
from source_consolidated_stats.run import run
run()
"""
BROKEN_HEADER = b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\nX-Cut\r\nX: y\r\n\r\n" + b'{"payload":[]}'


@pytest.fixture
def broken_url() -> Iterator[str]:
    """The address of a server with a header line that is cut in each response."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listening.accept()
                    with client:
                        client.recv(65536)
                        client.sendall(BROKEN_HEADER)

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return tmp_path / "config.json"


class Done(NamedTuple):
    stdout: str
    stderr: str
    returncode: int


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Done]:
    """Runs the text of a program in a process of its own."""
    stdout, stderr = tmp_path / "stdout", tmp_path / "stderr"

    def run_program(program: str, *arguments: str) -> Done:
        code = call_forked(execute, (program, arguments), stdout, stderr, timeout_s=60)
        return Done(stdout.read_text(encoding="utf-8"), stderr.read_text(encoding="utf-8"), code)

    return run_program


def execute(program: str, arguments: Sequence[str]) -> None:
    sys.argv = ["-c", *arguments]
    exec(program, {})


def write(file: Path, content: Any) -> str:
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("kind", ["unexpected", "known"])
@pytest.mark.parametrize("command", ["check", "discover", "read"])
def test_a_failure_shows_the_key_in_no_form(
    run: Callable[..., Done], config_file: Path, tmp_path: Path, command: str, kind: str
) -> None:
    arguments = [command, "--debug", "--config", write(config_file, {"api_key": KEY})]
    if command == "read":
        arguments += ["--catalog", write(tmp_path / "catalog.json", CATALOG)]

    done = run(FAILING, kind, " and ".join(FORMS.values()), *arguments)

    printed = done.stdout + done.stderr
    assert "it was **** and ****" in printed
    assert [name for name, form in FORMS.items() if form in printed or json.dumps(form)[1:-1] in printed] == []
    assert done.returncode == (0 if (command, kind) == ("check", "known") else 1)
    assert all(json.loads(line)["type"] for line in done.stdout.splitlines())
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [("api_url", KEY), ("sequence_ids", [f"{KEY} {KEY}"]), ("start_date", KEY), ("api_key", f'{KEY} ü"\\')],
)
def test_a_key_in_the_wrong_field_is_not_quoted(
    run: Callable[..., Done], config_file: Path, field: str, value: Any
) -> None:
    config = {"api_key": KEY, field: value}

    done = run(
        "from source_consolidated_stats.run import run; run()", "discover", "--config", write(config_file, config)
    )

    assert f"{field}: " in done.stdout
    assert [name for name, form in FORMS.items() if form in done.stdout + done.stderr] == []
    assert json.loads(done.stdout.splitlines()[-1])["type"] == "TRACE"


def test_what_libraries_warn_of_stays_out_of_the_log(
    run: Callable[..., Done], config_file: Path, broken_url: str
) -> None:
    config = write(config_file, {"api_key": KEY, "api_url": broken_url})

    done = run("from source_consolidated_stats.run import run; run()", "check", "--config", config)

    assert "Traceback" not in done.stdout + done.stderr
    assert "Failed to parse headers" not in done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["type"] == "CONNECTION_STATUS"


@pytest.mark.parametrize(
    ("command", "last"), [("spec", "SPEC"), ("check", "CONNECTION_STATUS"), ("discover", "CATALOG")]
)
def test_no_command_needs_a_folder_to_write_to(
    run: Callable[..., Done], config_file: Path, broken_url: str, command: str, last: str
) -> None:
    """How a `read` leaves none behind is in `integration_tests/sync/test_ending.py`."""
    arguments = ["--config", write(config_file, {"api_key": KEY, "api_url": broken_url})] if command != "spec" else []

    done = run(WITHOUT_A_FOLDER, command, *arguments)

    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[-1])["type"] == last
