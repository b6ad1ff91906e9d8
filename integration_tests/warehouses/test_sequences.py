"""Both streams in one warehouse, and the query of the docs page that joins them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import pytest

from demo.models import create_views
from integration_tests.warehouses import THREE_DAYS_AGO
from integration_tests.warehouses.warehouse import STREAM, Row, Warehouse, in_order, listed, truth_of
from sandbox import AccountSettings, Sandbox
from unit_tests.repository.markdown import Page

RATES = Page("docs/consolidated-stats.md").code("### Rates by sequence, step and week", "sql")
BOTH = (STREAM, "sequences")


@pytest.fixture
def busy_sandbox() -> Iterator[Sandbox]:
    """Its sequences have sent several emails of a step in a week."""
    settings = AccountSettings(emails=400, sequences=20, first_day=THREE_DAYS_AGO.date() - timedelta(days=14))
    with Sandbox(settings, now=THREE_DAYS_AGO) as sandbox:
        yield sandbox


def test_both_tables_equal_the_truth_after_each_of_two_syncs(warehouse: Warehouse, sandbox: Sandbox) -> None:
    sequences = in_order(listed(sandbox))

    for _ in range(2):
        warehouse.sync(sandbox, streams=BOTH)

        assert warehouse.rows() == truth_of(sandbox.truth())
        assert in_order(warehouse.query("SELECT * FROM sequences")) == sequences
        sandbox.clock.advance(timedelta(days=3))


def test_rates_by_sequence_step_and_week_are_those_of_the_truth(warehouse: Warehouse, busy_sandbox: Sandbox) -> None:
    warehouse.sync(busy_sandbox, streams=BOTH)
    with warehouse.connection() as connection:
        create_views(connection)

    rates = warehouse.query(RATES)

    expected = expected_rates(busy_sandbox)
    assert max(row["sent"] for row in expected) > 1
    assert in_order(plain(rates)) == in_order(plain(expected))
    assert [row["sent_week"] for row in rates] == sorted((row["sent_week"] for row in rates), reverse=True)


def expected_rates(sandbox: Sandbox) -> list[Row]:
    sequences = {row["id"]: row for row in listed(sandbox)}
    groups: dict[tuple[str, int, date], list[Row]] = {}
    for record in sandbox.truth():
        day = datetime.fromisoformat(record["Email Sent At"].removesuffix("Z")).date()
        monday = day - timedelta(days=day.weekday())
        groups.setdefault((record["Sequence Id"], record["Step Number"], monday), []).append(record)
    return [
        {
            "sequence_title": sequences[sequence_id]["title"],
            "step_number": step,
            "step_name": sequences[sequence_id]["steps"][step - 1]["name"],
            "sent_week": week,
            "sent": len(emails),
            "open_rate": share(email["Open Count"] > 0 for email in emails),
            "click_rate": share(email["Click Count"] > 0 for email in emails),
            "reply_rate": share(email["Replied"] == "Yes" for email in emails),
            "positive_reply_rate": share(email["Current Sentiment"] == "Positive" for email in emails),
            "bounce_rate": share(email["Bounced"] == "Yes" for email in emails),
        }
        for (sequence_id, step, week), emails in groups.items()
    ]


def share(events: Iterable[bool]) -> float:
    happened = list(events)
    return sum(happened) / len(happened)


def plain(rows: Iterable[Row]) -> list[Row]:
    """Rates as floats of three digits: DuckDB has floats and PostgreSQL decimals."""
    return [
        {name: round(float(value), 3) if name.endswith("_rate") else value for name, value in row.items()}
        for row in rows
    ]
