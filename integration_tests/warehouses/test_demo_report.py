"""The tables at the end of `make sync`, which come from the models."""

import pytest

from demo.report import BAR_WIDTH, answers, senders, sequences, steps, weeks
from integration_tests.warehouses.hand_made import EMAIL, fill
from integration_tests.warehouses.warehouse import Row, Warehouse

pytestmark = pytest.mark.parametrize("warehouse", ["duckdb"], indirect=True)


def test_a_week_has_a_bar_as_long_as_its_share_of_the_best_and_none_while_it_is_too_young(
    warehouse: Warehouse,
) -> None:
    emails = [
        *cohort("2024-12-02", "2024-12-03", prospects=2),
        *cohort("2024-12-09", "2024-12-10", prospects=4),
        *cohort("2024-12-23", "2024-12-30", prospects=4),
    ]

    with warehouse.connection() as connection:
        fill(connection, warehouse, emails)
        lines = weeks(connection).splitlines()[2:]

    assert [line.split() for line in lines] == [
        ["2024-12-02", "2", "50.0%", "50.0%", "-", "█" * BAR_WIDTH],
        ["2024-12-09", "4", "25.0%", "25.0%", "-", "█" * (BAR_WIDTH // 2)],
        ["2024-12-23", "4", "25.0%", "-", "-"],
    ]


def test_sequences_and_steps_are_those_with_the_most_positive_replies(warehouse: Warehouse) -> None:
    liked = {**EMAIL, "sequence_id": "s2", "sequence_title": "Liked", "replied": "Yes", "current_sentiment": "Positive"}
    ignored = {**EMAIL, "sequence_id": "s2", "recipient_email": "ann@example.org"}
    listed = {"id": "s2", "title": "Liked", "steps": '[{"name": "Hello"}, {"name": "Unsent"}]'}

    with warehouse.connection() as connection:
        fill(connection, warehouse, [EMAIL, liked, ignored], [listed])
        tables = [table(connection).splitlines()[2:] for table in (sequences, steps)]

    rates = ["2", "1", "50.0%", "50.0%", "0.0%", "0.0%"]
    assert [best.split() for best, _ in tables] == [["Liked", *rates], ["Liked,", "step", "1:", "Hello", *rates]]
    assert [other.split("  ")[0] for _, other in tables] == ["Title of the email", "Title of the email, step 1"]


def test_senders_in_trouble_are_named_with_their_trouble_first(warehouse: Warehouse) -> None:
    emails = [
        {**EMAIL, "sender_email": "good@example.com"},
        {**EMAIL, "sender_email": "bad@example.com", "bounced": "Yes", "unsubscribed": "Yes", "step_number": 2},
        {**EMAIL, "sender_email": "old@example.com", "email_sent_at": "2024-11-17 09:00:00", "bounced": "Yes"},
    ]

    with warehouse.connection() as connection:
        fill(connection, warehouse, emails)
        lines = senders(connection).splitlines()[2:]

    assert [line.split() for line in lines] == [
        ["bad@example.com", "1", "100.0%", "100.0%", "0.0%", "bounces,", "unsubscribes"],
        ["good@example.com", "1", "0.0%", "0.0%", "0.0%", "no"],
    ]


def test_an_account_without_emails_has_empty_tables(warehouse: Warehouse) -> None:
    with warehouse.connection() as connection:
        fill(connection, warehouse, [])

        assert [len(answer.splitlines()) for answer in answers(connection) if "---" in answer] == [2, 2, 2, 2]


def cohort(sent_on: str, replied_on: str, prospects: int) -> list[Row]:
    """Emails to `prospects` in number, of whom one replies."""
    emails = [
        {**EMAIL, "email_sent_at": f"{sent_on} 09:00:00", "recipient_email": f"{number}@{sent_on}.example.org"}
        for number in range(prospects)
    ]
    return [{**emails[0], "replied": "Yes", "replied_at": f"{replied_on} 09:00:00"}, *emails[1:]]
