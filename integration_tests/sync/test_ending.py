"""However it is ended, the process ends soon, says why in one line, and leaves whole lines behind it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from integration_tests.clock import environment_at
from integration_tests.sync.connection import Connection
from integration_tests.sync.messages import Output
from integration_tests.sync.rows import table, upserted
from integration_tests.sync.world import World
from sandbox import AccountSettings, Fault

SCRIPT = str(Path(__file__).parents[2] / "main.py")
STATISTICS = "consolidated-stats"
HANGS_AFTER_S = 60
"""Longer than any ending takes on a busy machine, and shorter than any wait that it has to interrupt."""
PROCESS_1 = ("unshare", "--fork", "--pid", "--mount-proc", "--kill-child")
CAN_BE_PROCESS_1 = sys.platform == "linux" and subprocess.run([*PROCESS_1, "true"], check=False).returncode == 0

WAITS = {
    "a rate limit": (Fault("429", times=None, path=STATISTICS, headers={"Retry-After": "3000"}), "every worker waits"),
    "a retry": (Fault("503", times=None, path=STATISTICS, headers={"Retry-After": "55"}), "Retrying in"),
    "a silent connection": (Fault("silent", times=None, path=STATISTICS), "Syncing stream"),
    "the listing's rate limit": (Fault("429", times=None, headers={"Retry-After": "3000"}), "every worker waits"),
}
"""What the connector waits for, and the words in its log once it does."""


@contextmanager
def running(
    world: World,
    connection: Connection,
    *,
    stdout: int | IO[bytes] = subprocess.PIPE,
    wrapper: Sequence[str] = (),
    environment: Mapping[str, str] = {},
) -> Iterator[subprocess.Popen[bytes]]:
    """A sync in a process of its own, which is killed if it hangs. `wrapper` is a command that starts it."""
    process = subprocess.Popen(
        [*wrapper, sys.executable, SCRIPT, *connection.sync_command()],
        env={**environment_at(world.now), **environment},
        stdout=stdout,
        stderr=subprocess.PIPE,
    )
    guard = threading.Timer(HANGS_AFTER_S, process.kill)
    guard.start()
    try:
        with process:
            yield process
    finally:
        guard.cancel()


def read_until(process: subprocess.Popen[bytes], words: str) -> bytes:
    """What the process prints up to a line with these words."""
    assert process.stdout
    printed = b""
    for line in process.stdout:
        printed += line
        if words.encode() in line:
            return printed
    raise AssertionError(f"{words!r} is not in {printed!r}")


def finish(process: subprocess.Popen[bytes], printed: bytes = b"") -> Output:
    """`communicate` would leave out what `read_until` has buffered."""
    assert process.stderr
    if process.stdout and not process.stdout.closed:
        printed += process.stdout.read()
    stderr = process.stderr.read()
    return Output(process.wait(), printed.decode(errors="replace"), stderr.decode())


def connector_of(process: subprocess.Popen[bytes]) -> int:
    """The connector's process id, of one that was started by a wrapper."""
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])


def assert_ended(output: Output, exit_code: int, reason: str) -> None:
    assert output.stderr == f"source-consolidated-stats ended: {reason}.\n"
    assert output.exit_code == exit_code
    assert output.stdout == "" or output.stdout.endswith("\n")
    assert len(output.messages) == len(output.stdout.splitlines())


@pytest.mark.parametrize(
    ("wait", "number"), [*((wait, signal.SIGTERM) for wait in WAITS), ("a rate limit", signal.SIGINT)]
)
def test_a_signal_ends_any_wait(world: World, number: signal.Signals, wait: str) -> None:
    fault, words = WAITS[wait]
    sandbox = world.sandbox(AccountSettings(emails=300))
    sandbox.faults.add(fault)

    with running(world, world.connection(sandbox)) as process:
        printed = read_until(process, words)
        process.send_signal(number)
        output = finish(process, printed)

    assert_ended(output, 128 + number, f"{number.name} received")


@pytest.mark.skipif(not CAN_BE_PROCESS_1, reason="needs root on Linux; the tests of the image prove it too")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_process_1_too(world: World, number: signal.Signals) -> None:
    fault, words = WAITS["a rate limit"]
    sandbox = world.sandbox(AccountSettings(emails=300))
    sandbox.faults.add(fault)

    with running(world, world.connection(sandbox), wrapper=PROCESS_1) as process:
        printed = read_until(process, words)
        os.kill(connector_of(process), number)
        output = finish(process, printed)

    assert_ended(output, 128 + number, f"{number.name} received")


def test_what_was_printed_before_a_signal_counts(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=2_000, sequences=10), latency=0.02)
    connection = world.connection(sandbox, page_size=50, num_workers=6)

    with running(world, connection) as process:
        printed = read_until(process, '"type":"STATE"')
        process.send_signal(signal.SIGTERM)
        ended = finish(process, printed)
    connection.state = ended.states[-1]
    resumed = connection.sync()

    assert_ended(ended, 128 + signal.SIGTERM, "SIGTERM received")
    assert upserted(ended.records, resumed.records) == table(sandbox.truth())


def test_a_signal_ends_a_process_whose_output_nobody_takes(world: World) -> None:
    """The pipe is full, so that the process waits in the middle of a line."""
    sandbox = world.sandbox(AccountSettings(emails=3_000))

    with running(world, world.connection(sandbox)) as process:
        read_until(process, '"type":"RECORD"')
        process.send_signal(signal.SIGTERM)
        process.wait()
        output = finish(process)

    assert output.exit_code == 128 + signal.SIGTERM
    assert output.stderr == "source-consolidated-stats ended: SIGTERM received.\n"


@pytest.mark.parametrize("wait", ["a rate limit", "a silent connection"])
def test_a_pipe_without_a_reader_ends_any_wait(world: World, wait: str) -> None:
    fault, words = WAITS[wait]
    sandbox = world.sandbox(AccountSettings(emails=300))
    sandbox.faults.add(fault)

    with running(world, world.connection(sandbox)) as process:
        read_until(process, words)
        assert process.stdout
        process.stdout.close()
        output = finish(process)

    assert_ended(output, 1, "standard output is closed: nobody reads it any more")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_key_is_in_no_file_however_the_process_ends(world: World, tmp_path: Path, number: signal.Signals) -> None:
    fault, words = WAITS["a rate limit"]
    sandbox = world.sandbox(AccountSettings(emails=300))
    sandbox.faults.add(fault)
    folder = tmp_path / "temporary"
    folder.mkdir()

    with running(world, world.connection(sandbox), environment={"TMPDIR": str(folder)}) as process:
        read_until(process, words)
        assert list(folder.rglob("*")) == []
        process.send_signal(number)
        process.wait()

    assert list(folder.rglob("*")) == []


@contextmanager
def output_that_does_not_block() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Both ends of a pipe, the one to read first."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "wb") as writer:
        yield reader, writer


def wait_until_full(pipe: IO[bytes], process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None and select.select([], [pipe], [], 0)[1]:
        time.sleep(0.05)


def test_an_output_that_does_not_block_is_waited_for(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=3_000))

    with (
        output_that_does_not_block() as (reader, writer),
        running(world, world.connection(sandbox), stdout=writer) as process,
    ):
        wait_until_full(writer, process)
        writer.close()
        output = finish(process, reader.read())

    assert (output.exit_code, output.stderr) == (0, "")
    assert table(output.records) == table(sandbox.truth())


def test_a_signal_ends_the_wait_for_an_output_that_does_not_block(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=3_000))

    with (
        output_that_does_not_block() as (_, writer),
        running(world, world.connection(sandbox), stdout=writer) as process,
    ):
        wait_until_full(writer, process)
        process.send_signal(signal.SIGTERM)
        process.wait()
        output = finish(process)

    assert output.exit_code == 128 + signal.SIGTERM
    assert output.stderr == "source-consolidated-stats ended: SIGTERM received.\n"


def test_a_reader_that_leaves_ends_the_wait_for_an_output_that_does_not_block(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=3_000))

    with (
        output_that_does_not_block() as (reader, writer),
        running(world, world.connection(sandbox), stdout=writer) as process,
    ):
        wait_until_full(writer, process)
        reader.close()
        output = finish(process)

    assert_ended(output, 1, "standard output is closed: nobody reads it any more")


def test_a_pipe_without_a_reader_ends_a_sync_that_prints(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=5_000))

    with running(world, world.connection(sandbox)) as process:
        read_until(process, '"type":"RECORD"')
        assert process.stdout
        process.stdout.close()
        output = finish(process)

    assert_ended(output, 1, "standard output is closed: nobody reads it any more")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_ends_the_process(world: World) -> None:
    sandbox = world.sandbox(AccountSettings(emails=5_000))
    sandbox.faults.add(WAITS["a rate limit"][0])

    with open("/dev/full", "wb") as full, running(world, world.connection(sandbox), stdout=full) as process:
        output = finish(process)

    assert_ended(output, 1, "standard output cannot be written to: No space left on device")


def test_a_limit_of_the_size_of_files_ends_the_process(world: World, tmp_path: Path) -> None:
    sandbox = world.sandbox(AccountSettings(emails=5_000))
    limited = ("sh", "-c", 'ulimit -f 100; exec "$@"', "sh")

    with (
        (tmp_path / "messages").open("wb") as file,
        running(world, world.connection(sandbox), stdout=file, wrapper=limited) as process,
    ):
        output = finish(process)

    assert_ended(output, 1, "standard output cannot be written to: File too large")
    assert (tmp_path / "messages").stat().st_size == 100 * 512


def test_a_closed_standard_output_ends_the_process(world: World) -> None:
    connection = world.connection(world.sandbox())

    with running(world, connection, wrapper=("sh", "-c", 'exec "$@" >&-', "sh")) as process:
        output = finish(process)

    assert_ended(output, 1, "standard output is closed")


def test_a_broken_standard_error_holds_nothing_up(world: World) -> None:
    connection = world.connection(world.sandbox(AccountSettings(emails=300)))

    with running(world, connection, wrapper=("sh", "-c", 'exec "$@" 2>&- >/dev/full', "sh")) as process:
        output = finish(process)

    assert (output.exit_code, output.stderr) == (1, "")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["cp1252", "C"],
)
def test_output_is_utf_8_whatever_the_locale(world: World, environment: Mapping[str, str]) -> None:
    sandbox = world.sandbox(AccountSettings(emails=200, dirty=True))
    truth = sandbox.truth()

    with running(world, world.connection(sandbox), environment=environment) as process:
        output = finish(process)

    assert output.exit_code == 0
    assert table(output.records) == table(truth)
    assert not json.dumps(truth, ensure_ascii=False).isascii()
    assert not output.stdout.isascii()
