"""The page for contributors draws every folder, and its example of a state is one."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timezone
from inspect import isfunction

from source_consolidated_stats.planning.due.days import Days
from source_consolidated_stats.planning.due.given_up import GivenUp
from source_consolidated_stats.planning.due.lookback import Refresh
from source_consolidated_stats.planning.due.state import State, read_state
from source_consolidated_stats.planning.sync import Sync
from unit_tests.repository.markdown import ROOT, Page

PAGE = Page("docs/design.md")


def test_rooms_are_the_folders_of_the_project() -> None:
    rooms = _drawn(PAGE.code("## Rooms"))
    tops = {folder.name for folder in ROOT.iterdir() if folder.is_dir() and not _is_made(folder.name)}
    packages = {str(file.parent.relative_to(ROOT)) for file in ROOT.glob("source_consolidated_stats/**/*.py")}

    assert [room for room in rooms if not (ROOT / room).is_dir()] == []
    assert tops - rooms == set()
    assert packages - rooms == set()


def _is_made(folder: str) -> bool:
    """Whether tools make a folder, and not people."""
    return folder.startswith((".", "__")) or folder.endswith(".egg-info") or folder in ("build", "dist", "secrets")


def _drawn(rooms: str) -> set[str]:
    """The paths of the folders that a tree names, each two blanks further in than the one it is in."""
    path: list[str] = []
    drawn = set()
    for line in rooms.splitlines():
        blanks, name = re.match(r"( *)(\S+)/ ", line).groups()  # type: ignore[union-attr]
        path = [*path[: len(blanks) // 2], name]
        drawn.add("/".join(path))
    return drawn


def test_every_call_of_a_sync_is_explained_and_no_other() -> None:
    calls = {name for name, member in vars(Sync).items() if isfunction(member) and not name.startswith("_")}
    explained = [call.strip("`").split("(") for call, _ in PAGE.table("## Data flow")]

    assert {name for name, *arguments in explained if arguments} == calls


def test_example_of_a_state_is_read_and_written_as_it_is() -> None:
    example = json.loads(PAGE.code("## Coverage, lookback and state", "json"))

    assert read_state(example).to_json() == example


def test_every_member_of_a_state_is_explained_and_no_other() -> None:
    day = date(2026, 11, 23)
    state = State(
        refused=("a",),
        given_up=(GivenUp(Days(day, day), ()),),
        lookback_owed_on=day,
        refreshes=(Refresh(day, day, datetime(2026, 11, 23, tzinfo=timezone.utc)),),
    )
    explained = [member.strip("`") for member, _ in PAGE.table("## Coverage, lookback and state")]

    assert sorted(explained) == sorted(state.to_json())
