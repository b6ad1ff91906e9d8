"""What a sales team wants to know of the two syncs, asked of the warehouse by SQL: of the models, if there is one."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

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
SEQUENCES = """
    SELECT
        coalesce(sequence_title, '(no title)') AS name, prospects, replied_positively,
        positive_reply_rate, reply_rate, open_rate, bounce_rate
    FROM rates_by_sequence
    WHERE prospects > 0
    ORDER BY replied_positively DESC, prospects, sequence_id
    LIMIT 10
"""
STEPS = """
    SELECT
        coalesce(sequence_title, '(no title)') || coalesce(', step ' || step_number, '')
            || coalesce(': ' || step_name, '') AS name,
        sent, replied_positively, positive_reply_rate, reply_rate, open_rate, bounce_rate
    FROM rates_by_step
    WHERE sent > 0
    ORDER BY replied_positively DESC, sent, step_key
    LIMIT 10
"""
SENDERS = """
    SELECT sender_email, sent_30_days, bounce_rate_30_days, unsubscribe_rate_30_days, positive_reply_rate_30_days
    FROM sender_health
    WHERE sent_30_days > 0
    ORDER BY bounce_rate_30_days DESC, unsubscribe_rate_30_days DESC, sender_email
    LIMIT 10
"""
WEEKS = """
    SELECT first_week, prospects, reply_rate_7_days, reply_rate_14_days, reply_rate_30_days
    FROM weekly_cohorts
    ORDER BY first_week DESC
    LIMIT 12
"""
BEST_VARIANTS = (
    "SELECT sequence_title, step_number, variant, sent, positive_reply_rate FROM rates_by_variant "
    "ORDER BY replied_positively DESC LIMIT 5"
)

MANY_BOUNCES, MANY_UNSUBSCRIBES = 0.05, 0.02
"""Shares of the emails sent above which mailbox providers begin to distrust a sender, by a common rule of thumb."""

Cells = Sequence[Any]


def keep_rows(connection: Connection) -> None:
    """Remembers the rows of now, for `count_changes`."""
    connection.exec_driver_sql(KEEP_ROWS)


def count_changes(connection: Connection) -> tuple[int, int]:
    """Rows added and rows brought up to date since `keep_rows`; what it remembered is forgotten."""
    added, changed = connection.exec_driver_sql(COUNT_CHANGES).one()
    connection.exec_driver_sql("DROP TABLE earlier")
    return added, changed


def answers(connection: Connection) -> Iterator[str]:
    """Questions, each with the table that answers it."""
    yield "Do replies get more or fewer? weekly_cohorts: the share of prospects that replied within 7, 14 and 30 days,"
    yield "by the week of their first email; '-' if some of them have not had that many days yet.\n"
    yield weeks(connection)
    yield "\nWhich sequences earn positive replies? rates_by_sequence, as shares of the prospects:\n"
    yield sequences(connection)
    yield "\nWhich steps do? rates_by_step, as shares of the emails sent:\n"
    yield steps(connection)
    yield "\nWhich senders are in trouble? sender_health, as shares of the emails of the last 30 days: where more than"
    yield f"{MANY_BOUNCES:.0%} bounced, or more than {MANY_UNSUBSCRIBES:.0%} were used to unsubscribe.\n"
    yield senders(connection)


def sequences(connection: Connection) -> str:
    """A table of the sequences that earned the most positive replies."""
    return _rates_table("Sequence", "Prospects", connection.exec_driver_sql(SEQUENCES).all())


def steps(connection: Connection) -> str:
    """A table of the steps that earned the most positive replies."""
    return _rates_table("Step", "Sent", connection.exec_driver_sql(STEPS).all())


def senders(connection: Connection) -> str:
    """A table of the senders that have the most bounces, with what is wrong with them."""
    body = (
        [sender, sent, *map(_percent, (bounced, unsubscribed, positive)), _trouble(bounced, unsubscribed)]
        for sender, sent, bounced, unsubscribed, positive in connection.exec_driver_sql(SENDERS)
    )
    return table(("Sender", "Sent", "Bounced", "Unsubscribed", "Positive", "In trouble"), body)


def weeks(connection: Connection) -> str:
    """A table of the newest weeks, with a bar for the replies within 14 days: the longest takes up all the room."""
    found = connection.exec_driver_sql(WEEKS).all()[::-1]
    most = max((row.reply_rate_14_days or 0 for row in found), default=0)
    body = (
        [week, prospects, _percent(in_7), _percent(in_14), _percent(in_30), _bar(in_14, most)]
        for week, prospects, in_7, in_14, in_30 in found
    )
    return table(("Week", "Prospects", "7 days", "14 days", "30 days", "Within 14 days".ljust(BAR_WIDTH)), body)


def _rates_table(heading: str, of: str, rows: Iterable[Cells]) -> str:
    """The rows have a name, a number, the positive replies among it, and four shares of it."""
    body = ([name, number, positive, *map(_percent, shares)] for name, number, positive, *shares in rows)
    return table((heading, of, "Positive replies", "Positive", "Replied", "Opened", "Bounced"), body)


def _trouble(bounced: float, unsubscribed: float) -> str:
    found = (("bounces", bounced > MANY_BOUNCES), ("unsubscribes", unsubscribed > MANY_UNSUBSCRIBES))
    return ", ".join(name for name, is_high in found if is_high) or "no"


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
