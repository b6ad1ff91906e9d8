"""Two runs of `make sync` at once, or one that fails, take no file from one another."""

from pathlib import Path

import pytest

from demo import accounts
from demo.accounts import open_account
from demo.errors import DemoError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(accounts, "SYNC_FOLDER", tmp_path)
    monkeypatch.setattr(accounts, "CONFIG_FILE", tmp_path / "nowhere.json")
    return tmp_path


def test_each_of_two_syncs_writes_to_a_file_of_its_own_and_the_last_to_end_is_kept(folder: Path) -> None:
    with open_account() as first:
        first.working_file.write_text("rows of the first")
        with open_account() as second:
            second.working_file.write_text("rows of the second")
        assert first.working_file.read_text() == "rows of the first"
        assert second.file.read_text() == "rows of the second"

    assert [file.name for file in folder.iterdir()] == ["sandbox.duckdb"]
    assert first.file.read_text() == "rows of the first"


def test_a_sync_that_fails_keeps_the_file_of_the_one_before(folder: Path) -> None:
    with open_account() as account:
        account.working_file.write_text("rows")

    with pytest.raises(DemoError):
        _fail_half_way()

    assert [file.read_text() for file in folder.iterdir()] == ["rows"]


def _fail_half_way() -> None:
    with open_account() as account:
        account.working_file.write_text("half of the rows")
        raise DemoError("the API is down")
