from __future__ import annotations

import pytest

from source_consolidated_stats.reading.report import log_refused
from source_consolidated_stats.reading.window_log import MAX_LINES


def test_sequences_that_are_refused_for_the_first_time_have_a_line_each_while_they_are_few(
    caplog: pytest.LogCaptureFixture,
) -> None:
    new, known = [f"new{number}" for number in range(25)], {f"known{number}" for number in range(2_000)}

    log_refused(dict.fromkeys([*new, *sorted(known)], "Sequence is not found"), known)

    assert [record.message for record in caplog.records] == [
        *(
            f"The API refuses the statistics of sequence {sequence_id}, so it was left out: Sequence is not found."
            for sequence_id in new[:MAX_LINES]
        ),
        "The API also refuses 20 other sequences, left out: " + ", ".join(new[MAX_LINES:]) + ".",
        "The API still refuses 2,000 sequences that it refused before, left out again: "
        f"{', '.join(sorted(known)[:20])} and 1,980 more.",
    ]
