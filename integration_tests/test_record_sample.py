"""The tool that records what the API answers writes no data of the account."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration_tests.clock import NOW, environment_at
from sandbox import AccountSettings, RateLimit, Sandbox

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tools" / "record_sample.py"
COLUMNS = set(json.loads((ROOT / "schemas" / "consolidated_stats.json").read_text(encoding="utf-8"))["properties"])
WORDS_THAT_STAY = {"", "Yes", "No", "Positive", "Neutral", "Negative", "active"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    account = AccountSettings(emails=3_000, time_zone="America/New_York", dirty=True)
    with Sandbox(account, now=NOW, limit=RateLimit(100, 60, "headers")) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def printed(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> str:
    config = tmp_path_factory.mktemp("secrets") / "config.json"
    config.write_text(json.dumps({"api_key": sandbox.api_key, "api_url": sandbox.url}), encoding="utf-8")
    command = [sys.executable, str(TOOL), str(config)]
    return subprocess.run(command, env=environment_at(NOW), capture_output=True, text=True, check=True).stdout


def test_no_value_of_the_account_is_printed(sandbox: Sandbox, printed: str) -> None:
    listed = [sequence.listed() for sequence in sandbox.account.sequences]
    texts = {text for row in [*sandbox.truth(), *listed] for text in _texts(row)} - WORDS_THAT_STAY
    # A flaw's count as text looks like any other number, and the letter of a variant is in many a word.
    values = {text for text in texts if not text.isdecimal() and len(text) > 1}

    assert len(values) > 1_000
    assert {text for text in values if text in printed} == set()
    assert sandbox.api_key not in printed
    assert "example.com" not in printed


def test_forms_of_answers_and_limits_are_printed(printed: str) -> None:
    sample: dict[str, Any] = json.loads(printed)
    rows = sample["statistics"]["body"]["payload"]["data"]
    sent = rows["forms"]["Email Sent At"]

    assert rows["items"] == 10
    assert set(rows["forms"]) >= COLUMNS
    assert sent["Www Mmm 99 9999 99:99:99 GMT-9 (America/New_York)"] >= 1
    assert sample["statistics"]["rate limit"]["x-ratelimit-limit"] == "100"
    assert sample["sequences"]["body"]["payload"]["forms"]["active"] == {"bool": 5, "int": 5}


def test_refusals_keep_the_words_of_the_api(printed: str) -> None:
    sample: dict[str, Any] = json.loads(printed)
    wrong_key, refusal = sample["wrong key"], sample["page limit too small"]

    assert wrong_key["status"] == 401
    assert wrong_key["body"]["message"] == "Invalid API key"
    assert refusal["status"] == 400
    assert refusal["body"]["message"]["forms"] == {"pageLimit must be an integer between (...) and (...)": 1}


def test_few_calls_are_made(sandbox: Sandbox, printed: str) -> None:
    assert printed
    assert len(sandbox.calls) == 4


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
