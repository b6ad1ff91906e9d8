"""What a person wants to know of the two syncs, asked of the warehouse by SQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

SEQUENCES_SHOWN = 10

# PyAirbyte's own columns, whose names begin with `_airbyte`, change at each sync.
KEEP_ROWS = """
    CREATE OR REPLACE TABLE earlier AS
    SELECT * EXCLUDE (_airbyte_raw_id, _airbyte_extracted_at, _airbyte_meta) FROM consolidated_stats
"""
COUNT_CHANGES = """
    SELECT
        (SELECT count(*) FROM consolidated_stats) - (SELECT count(*) FROM earlier),
        count(*)
    FROM (
        SELECT * FROM earlier
        EXCEPT ALL
        SELECT * EXCLUDE (_airbyte_raw_id, _airbyte_extracted_at, _airbyte_meta) FROM consolidated_stats
    )
"""
RATES = """
    SELECT
        CASE WHEN grouping(sequence_id) = 0 THEN any_value(sequence_title)
             ELSE 'All ' || count(DISTINCT sequence_id) || ' sequences' END AS name,
        count(*) AS sent,
        count(*) FILTER (WHERE open_count > 0) / count(*) AS opened,
        count(*) FILTER (WHERE click_count > 0) / count(*) AS clicked,
        count(*) FILTER (WHERE replied = 'Yes') / count(*) AS replied,
        count(*) FILTER (WHERE bounced = 'Yes') / count(*) AS bounced
    FROM consolidated_stats
    GROUP BY GROUPING SETS ((sequence_id), ())
    ORDER BY grouping(sequence_id), sent DESC, name
"""
LAST_TO_REPLY = (
    "SELECT recipient_email, replied_at FROM consolidated_stats "
    "WHERE replied_at IS NOT NULL ORDER BY replied_at DESC LIMIT 5"
)

Cells = Sequence[Any]


def keep_rows(connection: Connection) -> None:
    """Remembers the rows of now, for `count_changes`."""
    connection.exec_driver_sql(KEEP_ROWS)


def count_changes(connection: Connection) -> tuple[int, int]:
    """Rows added and rows brought up to date since `keep_rows`; what it remembered is forgotten."""
    added, changed = connection.exec_driver_sql(COUNT_CHANGES).one()
    connection.exec_driver_sql("DROP TABLE earlier")
    return added, changed


def rates(connection: Connection) -> str:
    """A table of the sequences that sent the most, and of all together."""
    *sequences, total = connection.exec_driver_sql(RATES).all()
    if not sequences:
        return "No email was sent."
    shown = sequences[:SEQUENCES_SHOWN]
    heading = "Sequence" if len(shown) == len(sequences) else f"Sequence (the {len(shown)} that sent the most)"
    body = [[name, sent, *(f"{share:.1%}" for share in shares)] for name, sent, *shares in [*shown, total]]
    return table((heading, "Sent", "Opened", "Clicked", "Replied", "Bounced"), body)


def table(heading: Cells, body: Iterable[Cells]) -> str:
    """Columns in line: the first to the left, the others to the right; the heading underlined."""
    rows = [[_text(cell) for cell in cells] for cells in (heading, *body)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]) for cells in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _text(cell: object) -> str:
    if cell is None:
        return "(no title)"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)
