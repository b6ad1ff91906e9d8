"""The control endpoints, and the sandbox as a program."""

import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
import requests

from integration_tests.sandbox.api_calls import NOW, ask, list_sequences
from sandbox import Sandbox

PROJECT = Path(__file__).parents[2]


def control(sandbox: Sandbox, method: str, name: str, body: object = None) -> requests.Response:
    return requests.request(method, f"{sandbox.url}/_sandbox/{name}", data=orjson.dumps(body), timeout=30)


def test_the_truth_is_served(small: Sandbox) -> None:
    assert control(small, "GET", "truth").json() == small.truth()


def test_the_clock_is_moved(small: Sandbox) -> None:
    assert control(small, "GET", "clock").json() == {"now": "2026-11-23T12:00:00+00:00"}
    assert control(small, "POST", "clock", {"advance_seconds": 90}).json() == {"now": "2026-11-23T12:01:30+00:00"}
    control(small, "POST", "clock", {"now": "2026-11-25T00:00:00Z"})
    assert small.clock.now().isoformat() == "2026-11-25T00:00:00+00:00"


def test_faults_are_planned_and_cleared_and_calls_counted(small: Sandbox) -> None:
    fault = {"kind": "503", "times": None, "window": ["2026-11-01", "2026-11-30"]}
    assert control(small, "POST", "faults", fault).status_code == 200
    ask(small)
    control(small, "DELETE", "faults")
    ask(small)
    list_sequences(small)
    assert control(small, "GET", "calls").json() == {"statistics": {"503": 1, "good": 1}, "listing": {"good": 1}}


def test_one_fault_is_planned_and_removed_by_its_description(small: Sandbox) -> None:
    heavy = {"kind": "504", "times": None, "over": {"days": 20}, "headers": {"Retry-After": "45"}}
    ghost = {"kind": "404-not-found", "times": None, "sequence_ids": small.account.sequence_ids[:1]}
    for fault in (heavy, ghost):
        assert control(small, "POST", "faults", fault).status_code == 200

    both = ask(small)
    control(small, "DELETE", "faults", heavy)
    only_ghost = ask(small)
    again = control(small, "DELETE", "faults", heavy)

    assert (both.status_code, both.headers["Retry-After"]) == (504, "45")
    assert only_ghost.status_code == 404
    assert (again.status_code, again.json()["message"].startswith("no such fault")) == (400, True)


@pytest.mark.parametrize(
    ("method", "name", "body", "status"),
    [
        ("POST", "faults", {"kind": "earthquake"}, 400),
        ("POST", "faults", {"colour": "red"}, 400),
        ("POST", "faults", {"kind": "500", "over": {"weight": 3}}, 400),
        ("POST", "faults", {"kind": "500", "window": ["2026-11-01"]}, 400),
        ("POST", "clock", {}, 400),
        ("POST", "clock", {"now": "2026-11-25T00:00:00"}, 400),
        ("GET", "faults", None, 404),
        ("GET", "nothing", None, 404),
    ],
)
def test_nonsense_is_refused(small: Sandbox, method: str, name: str, body: object, status: int) -> None:
    assert control(small, method, name, body).status_code == status


def test_the_program_starts_its_clock_at_the_moment_that_it_is_given() -> None:
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--emails", "50", "--now", "2024-02-29T23:30:00Z"]

    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        url = program.stdout.readline().split()[1]
        clock = requests.get(f"{url}/_sandbox/clock", timeout=30)
        program.terminate()

    assert clock.json() == {"now": "2024-02-29T23:30:00+00:00"}


def test_the_program_says_where_it_serves_and_stops_at_ctrl_c() -> None:
    command = [
        sys.executable,
        "-m",
        "sandbox",
        "--port",
        "0",
        "--emails",
        "50",
        "--limit",
        "1/60/bare",
    ]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        url = program.stdout.readline().split()[1]
        assert requests.get(f"{url}/_sandbox/truth", timeout=30).json()
        statuses = [requests.get(f"{url}/v1/sequences", timeout=30).status_code for _ in range(2)]
        program.send_signal(signal.SIGINT)
        assert '"api_key": "sandbox-key-1234567890"' in program.stdout.read()
    assert statuses == [401, 429]
    assert program.returncode == 0


def test_a_stopped_sandbox_serves_nobody_not_even_on_a_kept_connection(small: Sandbox) -> None:
    with requests.Session() as session, Sandbox(now=NOW) as sandbox:
        assert session.get(f"{sandbox.url}/_sandbox/clock", timeout=30).status_code == 200
        sandbox.__exit__(None, None, None)
        with pytest.raises(requests.ConnectionError):
            session.get(f"{sandbox.url}/_sandbox/clock", timeout=30)
