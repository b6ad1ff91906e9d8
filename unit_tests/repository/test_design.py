"""The page for contributors names every module, and its example of a state is one."""

from __future__ import annotations

import json
import re

from source_consolidated_stats.planning.due.state import read_state
from unit_tests.repository.markdown import ROOT, Page

PAGE = Page("docs/design.md")


def test_rooms_name_every_module() -> None:
    modules = [file.name for file in (ROOT / "source_consolidated_stats").rglob("*.py") if file.name != "__init__.py"]
    rooms = PAGE.code("## Rooms")

    assert len(modules) > 20
    assert [name for name in modules if not re.search(rf"^ *{re.escape(name)}\b", rooms, flags=re.MULTILINE)] == []


def test_example_of_a_state_is_read_and_written_as_it_is() -> None:
    example = json.loads(PAGE.code("## Coverage, lookback and state", "json"))

    assert read_state(example).to_json() == example


def test_every_member_of_the_example_is_explained() -> None:
    example = json.loads(PAGE.code("## Coverage, lookback and state", "json"))
    explained = [member.strip("`") for member, _ in PAGE.table("## Coverage, lookback and state")]

    assert [member for member in example if member not in explained] == []
