"""What a person wants to know of the two syncs, asked of the warehouse by SQL: of the models, if there is one."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

SEQUENCES_SHOWN = 10
BAR_WIDTH = 30

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
        count(*) FILTER (WHERE opened) / count(*) AS opened,
        count(*) FILTER (WHERE clicked) / count(*) AS clicked,
        count(*) FILTER (WHERE replied) / count(*) AS replied,
        count(*) FILTER (WHERE bounced) / count(*) AS bounced
    FROM emails
    GROUP BY GROUPING SETS ((sequence_id), ())
    ORDER BY grouping(sequence_id), sent DESC, name
"""
STEPS = """
    SELECT
        coalesce(sequence_title, '(no title)') || coalesce(', step ' || step_number, '')
            || coalesce(': ' || step_name, '') AS name,
        sent, open_rate, click_rate, reply_rate, bounce_rate
    FROM rates_by_step
    WHERE sent > 0
    ORDER BY sum(sent) OVER (PARTITION BY sequence_id) DESC, sequence_id, step_number
    LIMIT 10
"""
WEEKS = """
    SELECT first_week, prospects, reply_rate_7_days, reply_rate_14_days, reply_rate_30_days
    FROM weekly_cohorts
    ORDER BY first_week DESC
    LIMIT 12
"""
MOST_REPLIES = "SELECT sequence_title, prospects, reply_rate FROM rates_by_sequence ORDER BY reply_rate DESC LIMIT 5"

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
    return _rates_table(heading, [*shown, total])


def steps(connection: Connection) -> str:
    """A table of the steps of the sequences that sent the most."""
    return _rates_table("Step", connection.exec_driver_sql(STEPS).all())


def weeks(connection: Connection) -> str:
    """A table of the newest weeks, with a bar for the replies within 14 days: the longest takes up all the room."""
    found = connection.exec_driver_sql(WEEKS).all()[::-1]
    most = max((row.reply_rate_14_days or 0 for row in found), default=0)
    body = (
        [week, prospects, _percent(in_7), _percent(in_14), _percent(in_30), _bar(in_14, most)]
        for week, prospects, in_7, in_14, in_30 in found
    )
    return table(("Week", "Prospects", "7 days", "14 days", "30 days", "Within 14 days".ljust(BAR_WIDTH)), body)


def _rates_table(heading: str, rows: Iterable[Cells]) -> str:
    """The rows have a name, the number of emails sent, and four shares of it."""
    body = ([name, sent, *map(_percent, shares)] for name, sent, *shares in rows)
    return table((heading, "Sent", "Opened", "Clicked", "Replied", "Bounced"), body)


def table(heading: Cells, body: Iterable[Cells]) -> str:
    """Columns in line: the first to the left, the others to the right; the heading underlined."""
    rows = [[_text(cell) for cell in cells] for cells in (heading, *body)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]) for cells in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _bar(share: float | None, most: float) -> str:
    length = round(BAR_WIDTH * share / most) if share else 0
    return ("█" * length).ljust(BAR_WIDTH)


def _text(cell: object) -> str:
    if cell is None:
        return "(no title)"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)
