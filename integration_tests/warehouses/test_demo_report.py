"""The tables at the end of `make sync`, which come from the models."""

import pytest

from demo.report import BAR_WIDTH, steps, weeks
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


def test_steps_are_those_of_the_sequences_that_sent_the_most(warehouse: Warehouse) -> None:
    busy = {**EMAIL, "sequence_id": "s2", "sequence_title": "Busy"}
    replied = {**busy, "recipient_email": "ann@example.org", "replied": "Yes"}
    listed = {"id": "s2", "title": "Busy", "steps": '[{"name": "Hello"}, {"name": "Unsent"}]'}

    with warehouse.connection() as connection:
        fill(connection, warehouse, [EMAIL, busy, replied], [listed])
        first, second = steps(connection).splitlines()[2:]

    assert first.split() == ["Busy,", "step", "1:", "Hello", "2", "0.0%", "0.0%", "50.0%", "0.0%"]
    assert second.startswith("Title of the email, step 1 ")


def test_an_account_without_emails_has_no_steps_and_no_weeks(warehouse: Warehouse) -> None:
    with warehouse.connection() as connection:
        fill(connection, warehouse, [])

        assert [len(table(connection).splitlines()) for table in (steps, weeks)] == [2, 2]


def cohort(sent_on: str, replied_on: str, prospects: int) -> list[Row]:
    """Emails to so many prospects, of whom one replies."""
    emails = [
        {**EMAIL, "email_sent_at": f"{sent_on} 09:00:00", "recipient_email": f"{number}@{sent_on}.example.org"}
        for number in range(prospects)
    ]
    return [{**emails[0], "replied": "Yes", "replied_at": f"{replied_on} 09:00:00"}, *emails[1:]]
