"""`python -m integration_tests.image [CHECK_SCRIPT]`: proves the image against the sandbox.

CHECK_SCRIPT (or the environment's CONTAINER_CHECK, relative to the top level of the repository) builds the image and
runs `spec`, `check`, `discover` and `read` in it. Every row has to arrive; then each bad input has to get a clear line.
Without a script or an engine nothing is proved: that is said, and is no failure.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from integration_tests.image.bad_inputs import WRONG_KEY, BadInput, bad_inputs, problems, told
from integration_tests.image.image import NO_ENGINE, CheckedImage, write_for_container
from integration_tests.sync.messages import configured_catalog, parse
from integration_tests.sync.rows import table
from sandbox import AccountSettings, Clock, Sandbox

PROJECT = Path(__file__).parents[2]
DEFAULT_CACHE = "/var/cache/container-check"
"""That of the check script, whose daemon runs the image with bad inputs too."""
HISTORY = timedelta(days=500)
"""Longer than one window of the API may be."""
AT_ONCE = 4


def main(arguments: Sequence[str] | None = None) -> int:
    script = _script(arguments)
    if script is None:
        return _not_proved("no check script was named (argument or CONTAINER_CHECK)")
    if not script.is_file():
        return _not_proved(f"there is no check script at {script}")
    image = CheckedImage(script, PROJECT, Path(os.environ.get("CONTAINER_CACHE", DEFAULT_CACHE)))
    account = AccountSettings(
        emails=5_000, sequences=20, first_day=Clock().now().date() - HISTORY, time_zone="America/New_York", dirty=True
    )
    try:
        with tempfile.TemporaryDirectory() as folder, Sandbox(account) as sandbox:
            return _prove(image, sandbox, Path(folder))
    finally:
        image.stop()


def _prove(image: CheckedImage, sandbox: Sandbox, folder: Path) -> int:
    folder.chmod(0o755)  # the user of the container has to get through
    config = {"api_key": sandbox.api_key, "api_url": sandbox.url}
    secrets = write_for_container(folder / "good", {"config.json": config, "catalog.json": configured_catalog()})
    exit_code = image.check(secrets, folder / "logs")
    if exit_code == NO_ENGINE:
        return _not_proved("no container engine could be had")
    if exit_code:
        print(f"FAILED image: the check script exited with {exit_code}", file=sys.stderr)
        return 1
    results = [_every_row_arrived(sandbox, folder / "logs" / "read.jsonl")]

    def try_out(numbered: tuple[int, BadInput]) -> bool:
        number, case = numbered
        output = image.run(case.arguments, write_for_container(folder / str(number), case.files), case.network)
        found = problems(case, output, (WRONG_KEY, sandbox.api_key))
        return _tell(f"{case.command}, {case.name}", f"exit {output.exit_code}, {told(output)!r}", found)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        results += pool.map(try_out, enumerate(bad_inputs(sandbox)))
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _every_row_arrived(sandbox: Sandbox, printed: Path) -> bool:
    messages = parse(printed.read_text(encoding="utf-8").splitlines())
    read = table(message["record"]["data"] for message in messages if message["type"] == "RECORD")
    truth = table(sandbox.truth())
    missing, surplus = (truth - read).total(), (read - truth).total()
    found = [f"{missing} rows are missing, {surplus} are wrong or too many"] if missing or surplus else []
    return _tell("read, every row", f"{read.total():,} rows in {len(sandbox.statistics_calls)} calls", found)


def _tell(name: str, seen: str, found: list[str]) -> bool:
    print(f"{'FAILED' if found else 'ok'} {name}: {'; '.join([*found, seen])}")
    return not found


def _script(arguments: Sequence[str] | None) -> Path | None:
    parser = argparse.ArgumentParser(prog="python -m integration_tests.image")
    parser.add_argument("script", nargs="?", default=os.environ.get("CONTAINER_CHECK"))
    script: str | None = parser.parse_args(arguments).script
    return (PROJECT / script).resolve() if script else None


def _not_proved(why: str) -> int:
    print(f"{'!' * 80}\nTHE IMAGE WAS NOT PROVED: {why}.\n{'!' * 80}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
