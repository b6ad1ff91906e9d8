"""Airbyte's quality checks look for addresses that are not https ones in a connector's files, but for its tests."""

from __future__ import annotations

import pytest

from unit_tests.repository.markdown import ROOT

FOLDERS = ("benchmark", "demo", "docs", "models", "sandbox", "schemas", "source_consolidated_stats", "tools")
ALLOWED = ("http://json-schema.org", "http://localhost")


@pytest.mark.parametrize("folder", [".", *FOLDERS])
def test_no_file_outside_of_the_tests_names_an_http_address(folder: str) -> None:
    found = (ROOT / folder).glob("*" if folder == "." else "**/*")
    files = [file for file in found if file.is_file() and file.suffix not in (".pyc", ".svg")]

    assert files
    assert [file.name for file in files if "http://" in _without_allowed(file.read_text("utf-8", "ignore"))] == []


def _without_allowed(text: str) -> str:
    for address in ALLOWED:
        text = text.replace(address, "")
    return text
