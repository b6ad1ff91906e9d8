"""What the models make of rows that a sandbox does not have."""

import json

import pytest

from integration_tests.warehouses.expected_models import CLIENT
from integration_tests.warehouses.hand_made import EMAIL, YES_OR_NO, fill, rows
from integration_tests.warehouses.warehouse import Warehouse


@pytest.mark.parametrize(
    ("text", "means"),
    [("Yes", True), ("yes", True), ("No", False), ("NO", False), ("", None), ("maybe", None), (None, None)],
)
def test_yes_and_no_become_booleans_and_any_other_text_null(
    warehouse: Warehouse, text: str | None, means: bool | None
) -> None:
    with warehouse.connection() as connection:
        fill(connection, warehouse, [{**EMAIL, **dict.fromkeys(YES_OR_NO, text)}])

    assert warehouse.query(f"SELECT {', '.join(YES_OR_NO)} FROM emails") == [dict.fromkeys(YES_OR_NO, means)]


def test_columns_of_the_client_are_texts_without_quotes(warehouse: Warehouse) -> None:
    """As JSON they would have quotes, which the driver takes off unless they are cast."""
    members = dict.fromkeys(CLIENT.values(), "some text")

    with warehouse.connection() as connection:
        fill(connection, warehouse, [{**EMAIL, "client": json.dumps(members)}])
        (client,) = rows(connection, f"SELECT {', '.join(f'CAST({name} AS VARCHAR)' for name in CLIENT)} FROM emails")

    assert client == tuple(members.values())


def test_weeks_are_those_of_utc_even_if_dates_have_a_time_zone_and_the_session_another(warehouse: Warehouse) -> None:
    """The email goes out on a Monday, when it is still Sunday in New York; the reply comes after clocks went back."""
    email = {**EMAIL, "email_sent_at": "2026-10-26 03:00:00Z", "replied": "Yes", "replied_at": "2026-11-02 03:00:00Z"}

    with warehouse.connection() as connection:
        fill(connection, warehouse, [email], kinds={"TIMESTAMP": "TIMESTAMPTZ"})
        connection.exec_driver_sql("SET TimeZone = 'America/New_York'")
        (week,) = rows(connection, "SELECT CAST(sent_week AS VARCHAR), hours_to_reply FROM emails")
        (cohort,) = rows(connection, "SELECT CAST(first_week AS VARCHAR), reply_rate_7_days FROM weekly_cohorts")

    assert week == ("2026-10-26", 168)
    assert cohort == ("2026-10-26", 1)


@pytest.mark.parametrize("warehouse", ["postgres"], indirect=True)
def test_objects_and_lists_may_be_binary_json(warehouse: Warehouse) -> None:
    email = {**EMAIL, "client": '{"companyName": "Demo"}'}
    sequence = {"id": "s1", "title": "Title", "steps": '[{"name": "Hello"}]'}

    with warehouse.connection() as connection:
        fill(connection, warehouse, [email], [sequence], kinds={"JSON": "JSONB"})

    assert [row["client_company_name"] for row in warehouse.query("SELECT * FROM emails")] == ["Demo"]
    assert [row["step_name"] for row in warehouse.query("SELECT * FROM rates_by_step")] == ["Hello"]


@pytest.mark.parametrize("steps", ["null", "{}", '"text"', "[]", None])
def test_steps_that_are_no_list_are_no_steps(warehouse: Warehouse, steps: str | None) -> None:
    with warehouse.connection() as connection:
        fill(connection, warehouse, [EMAIL], [{"id": "s1", "title": "Title", "steps": steps}])

    assert [
        (row["step_number"], row["step_name"], row["sent"]) for row in warehouse.query("SELECT * FROM rates_by_step")
    ] == [(1, None, 1)]


def test_what_the_account_no_longer_lists_keeps_its_emails_under_the_title_that_is_known(warehouse: Warehouse) -> None:
    emails = [EMAIL, {**EMAIL, "step_number": 3}, {**EMAIL, "sequence_id": "s2"}]
    sequence = {"id": "s1", "title": "Title of the list", "active": True, "steps": '[{"name": "Hello"}, {}]'}

    with warehouse.connection() as connection:
        fill(connection, warehouse, emails, [sequence])
        by_step = rows(
            connection, "SELECT sequence_id, sequence_title, step_number, step_name, sent FROM rates_by_step"
        )
        by_sequence = rows(connection, "SELECT sequence_id, sequence_title, active, prospects FROM rates_by_sequence")

    assert sorted(by_step) == [
        ("s1", "Title of the list", 1, "Hello", 1),
        ("s1", "Title of the list", 2, None, 0),
        ("s1", "Title of the list", 3, None, 1),
        ("s2", "Title of the email", 1, None, 1),
    ]
    assert sorted(by_sequence) == [("s1", "Title of the list", True, 1), ("s2", "Title of the email", None, 1)]


def test_a_listing_that_is_appended_to_multiplies_nothing(warehouse: Warehouse) -> None:
    sequence = {"id": "s1", "title": "Title", "active": True, "steps": '[{"name": "Hello"}]'}

    with warehouse.connection() as connection:
        fill(connection, warehouse, [EMAIL], [sequence, {**sequence, "title": "New title", "active": False}])

    assert [row["sent"] for row in warehouse.query("SELECT * FROM rates_by_step")] == [1]
    assert [row["emails_sent"] for row in warehouse.query("SELECT * FROM rates_by_sequence")] == [1]


def test_sequences_without_steps_or_emails_are_listed_without_rates(warehouse: Warehouse) -> None:
    sequences = [{"id": "s1", "title": "No list"}, {"id": "s2", "title": "Empty list", "steps": "[]"}]

    with warehouse.connection() as connection:
        fill(connection, warehouse, [], sequences)
        by_sequence = rows(connection, "SELECT sequence_id, prospects, replied, reply_rate FROM rates_by_sequence")

    assert sorted(by_sequence) == [("s1", 0, 0, None), ("s2", 0, 0, None)]
    assert warehouse.query("SELECT * FROM rates_by_step") == []
    assert warehouse.query("SELECT * FROM weekly_cohorts") == []


def test_a_prospect_counts_once_in_a_sequence_and_once_in_each(warehouse: Warehouse) -> None:
    emails = [
        EMAIL,
        {**EMAIL, "step_number": 2, "recipient_email": "Jane@Example.org", "replied": "Yes"},
        {**EMAIL, "sequence_id": "s2"},
        {**EMAIL, "recipient_email": "ann@example.org"},
    ]

    with warehouse.connection() as connection:
        fill(connection, warehouse, emails)
        rates = rows(connection, "SELECT sequence_id, emails_sent, prospects, reply_rate FROM rates_by_sequence")

    assert sorted(rates) == [("s1", 3, 2, 0.5), ("s2", 1, 1, 0)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2024-12-25 08:59:59", (4, 0.25, None, None, None)),
        ("2024-12-25 09:00:00", (4, 0.5, 0.25, None, None)),
        ("2025-01-01 08:59:59", (4, 0.75, 0.25, None, None)),
        ("2025-01-01 09:00:00", (4, 0.75, 0.25, 0.5, None)),
        ("2025-01-17 08:59:59", (4, 0.75, 0.25, 0.5, None)),
        ("2025-01-17 09:00:00", (4, 0.75, 0.25, 0.5, 0.5)),
    ],
)
def test_a_rate_of_a_week_is_null_until_the_week_is_old_enough(
    warehouse: Warehouse, now: str, expected: tuple[float | None, ...]
) -> None:
    """One reply comes after seven days to the second, one a second later, and one has no date."""
    replies = [
        {**EMAIL, "recipient_email": f"{replied_at}@example.org", "replied": "Yes", "replied_at": replied_at}
        if replied_at <= now
        else {**EMAIL, "recipient_email": f"{replied_at}@example.org"}
        for replied_at in ("2024-12-25 09:00:00", "2024-12-25 09:00:01")
    ]
    undated = {**EMAIL, "recipient_email": "undated@example.org", "replied": "Yes"}
    opened_now = {**EMAIL, "recipient_email": "opened@example.org", "last_opened_at": now}

    with warehouse.connection() as connection:
        fill(connection, warehouse, [*replies, undated, opened_now])
        (cohort,) = rows(
            connection,
            "SELECT prospects, reply_rate, reply_rate_7_days, reply_rate_14_days, reply_rate_30_days "
            "FROM weekly_cohorts",
        )

    assert cohort == expected
