"""Files of a command that cannot be read are refused with their name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from source_consolidated_stats import SourceConsolidatedStats
from source_consolidated_stats.errors import ConfigError


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (SourceConsolidatedStats.read_config, "{not json"),
        (SourceConsolidatedStats.read_config, "[1, 2]"),
        (SourceConsolidatedStats.read_catalog, "{"),
        (SourceConsolidatedStats.read_catalog, '{"streams": "none"}'),
        (SourceConsolidatedStats.read_state, "nowhere"),
        (SourceConsolidatedStats.read_state, '{"consolidated_stats": {}}'),
        (SourceConsolidatedStats.read_state, '[{"type": "STREAM"}]'),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_name(
    tmp_path: Path, read: Callable[[str], object], content: str
) -> None:
    file = tmp_path / "input.json"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"input\.json cannot be read"):
        read(str(file))


@pytest.mark.parametrize(
    "read",
    [
        SourceConsolidatedStats.read_config,
        SourceConsolidatedStats.read_catalog,
        SourceConsolidatedStats.read_state,
    ],
)
def test_a_file_that_is_missing_is_refused_with_its_name(tmp_path: Path, read: Callable[[str], object]) -> None:
    with pytest.raises(ConfigError, match=r"missing\.json cannot be read"):
        read(str(tmp_path / "missing.json"))
