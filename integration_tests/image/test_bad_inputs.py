"""A new user's mistakes get a line that says what to do, and neither a traceback nor the key."""

from __future__ import annotations

import pytest

from integration_tests.image.bad_inputs import BAD_INPUTS, WRONG_KEY, BadInput
from integration_tests.image.image import Image
from integration_tests.sync.messages import Output
from sandbox import Sandbox

pytestmark = pytest.mark.image_tests

EACH_COMMAND = [
    pytest.param(case, command, id=f"{command}, {case.name}") for case in BAD_INPUTS for command in case.commands
]


@pytest.mark.parametrize(("case", "command"), EACH_COMMAND)
def test_a_bad_input_is_named_without_a_traceback_or_the_key(
    image: Image, sandbox: Sandbox, files: dict[str, object], case: BadInput, command: str
) -> None:
    given = {**files, **case.files}
    if isinstance(given["config.json"], dict):
        given["config.json"] = {"api_url": sandbox.url, **given["config.json"]}

    output = image.run(command, *_flags(command, given), files=given, network=case.network)

    message = _check_failure(output) if command == "check" else _error(output)
    assert [word for word in case.words if word.lower() not in message.lower()] == []
    assert "Traceback" not in output.stdout + output.stderr
    assert not any(key in output.stdout + output.stderr for key in (WRONG_KEY, sandbox.api_key))


def _flags(command: str, files: dict[str, object]) -> list[str]:
    """`--config`, `--catalog` and `--state`, as far as the command takes them and the file is there."""
    names = ["config", "catalog", "state"] if command == "read" else ["config"]
    return [flag for name in names if f"{name}.json" in files for flag in (f"--{name}", f"/secrets/{name}.json")]


def _check_failure(output: Output) -> str:
    """What a failed check says. A check that could be made exits with 0, whatever it found."""
    assert output.exit_code == 0
    assert output.status["status"] == "FAILED"
    return str(output.status["message"])


def _error(output: Output) -> str:
    assert output.exit_code != 0
    return " ".join(error["message"] for error in output.errors)
