"""What the models make of single rows, in every warehouse."""

from dataclasses import replace

import pytest

from integration_tests.models.comparison import in_order
from integration_tests.models.destinations import CLICKHOUSE, OBJECT
from integration_tests.models.expected import CLIENT
from integration_tests.models.records import EMAIL, SEQUENCE
from integration_tests.models.warehouse import Warehouse, open_warehouse


def test_yes_and_no_become_booleans_and_any_other_text_null(warehouse: Warehouse) -> None:
    means = {"Yes": 1, " yes ": 1, "TRUE": 1, "1": 1, "No": 0, "false": 0, "0": 0, "": None, "maybe": None, None: None}
    fields = ("Replied", "Bounced", "Unsubscribed", "Deleted")
    texts = enumerate(means, 1)

    warehouse.fill([{**EMAIL, "Step Number": number, **dict.fromkeys(fields, text)} for number, text in texts])

    rows = in_order(warehouse.rows("emails", "step_number, replied, bounced, unsubscribed, deleted"))
    found = {row.pop("step_number"): set(row.values()) for row in rows}
    assert found == {number: {meaning} for number, meaning in enumerate(means.values(), 1)}


def test_columns_of_the_client_are_texts_without_quotes(warehouse: Warehouse) -> None:
    warehouse.fill([{**EMAIL, "Client": dict.fromkeys(CLIENT.values(), "some text")}])

    assert warehouse.rows("emails", ", ".join(CLIENT)) == [dict.fromkeys(CLIENT, "some text")]


def test_the_client_may_be_of_clickhouses_type_json() -> None:
    """The destination has an option for it."""
    json_client = replace(CLICKHOUSE, kinds={**CLICKHOUSE.kinds, OBJECT: "JSON"})
    with open_warehouse(json_client, "", "json_client") as warehouse:
        warehouse.fill([{**EMAIL, "Client": {"companyName": "Demo"}}, {**EMAIL, "Step Number": 2, "Client": None}])

        companies = [row["client_company_name"] for row in in_order(warehouse.rows("emails", "client_company_name"))]

    assert companies == ["Demo", None]


def test_days_and_weeks_are_those_of_utc_and_hours_do_not_know_summer_time(warehouse: Warehouse) -> None:
    """The email goes out on a Monday, when it is still Sunday in New York; the reply comes after clocks went back."""
    sent_at, replied_at = "2026-10-26T03:00:00Z", "2026-11-02T03:00:00Z"

    warehouse.fill([{**EMAIL, "Email Sent At": sent_at, "Replied": "Yes", "Replied At": replied_at}])

    (email,) = in_order(warehouse.rows("emails"))
    assert (str(email["sent_date"]), str(email["sent_week"])) == ("2026-10-26", "2026-10-26")
    assert email["hours_to_reply"] == 168
    assert [row["reply_rate_7_days"] for row in in_order(warehouse.rows("weekly_cohorts"))] == [1]


def test_blanks_and_capitals_make_no_second_prospect_and_no_second_sender(warehouse: Warehouse) -> None:
    addresses = ("jane@example.org", " jane@example.org", "Jane@Example.org ", "jane@example.org\t")

    warehouse.fill(
        [
            {**EMAIL, "Step Number": number, "Recipient Email": address, "Sender Email": address}
            for number, address in enumerate(addresses, 1)
        ]
    )

    assert warehouse.rows("prospects", "recipient_email, emails_sent") == [
        {"recipient_email": "jane@example.org", "emails_sent": 4}
    ]
    assert warehouse.rows("sender_health", "sender_email, sent") == [{"sender_email": "jane@example.org", "sent": 4}]


def test_emails_without_a_recipient_count_the_same_in_all_rates(warehouse: Warehouse) -> None:
    nobody = {**EMAIL, "Recipient Email": None, "Replied": "Yes", "Current Sentiment": "Positive"}

    warehouse.fill([EMAIL, nobody, {**nobody, "Email Sent At": "2024-12-19T09:00:00Z"}])

    found = {
        model: in_order(warehouse.rows(model, f"{sent} AS sent, replied, positive_reply_rate"))
        for model, sent in (
            ("rates_by_sequence", "emails_sent"),
            ("rates_by_step", "sent"),
            ("rates_by_variant", "sent"),
            ("sender_health", "sent"),
        )
    }
    assert list(found.values()) == [[{"positive_reply_rate": 0.666667, "replied": 2, "sent": 3}]] * 4


def test_a_reply_before_its_email_is_a_reply_of_no_known_delay(warehouse: Warehouse) -> None:
    early = {**EMAIL, "Replied": "Yes", "Replied At": "2024-12-17T09:00:00Z"}
    second = {**EMAIL, "Step Number": 2, "Email Sent At": "2024-12-20T09:00:00Z", "Replied": "Yes"}
    other = {**early, "Recipient Email": "ann@example.org"}

    warehouse.fill([early, {**second, "Replied At": "2024-12-20T19:00:00Z"}, other])

    emails = in_order(warehouse.rows("emails", "step_number, hours_to_reply"))
    assert emails == [{"hours_to_reply": hours, "step_number": step} for hours, step in ((10, 2), (None, 1), (None, 1))]
    prospects = in_order(warehouse.rows("prospects", "recipient_email, replied, hours_to_reply"))
    assert prospects == [
        {"hours_to_reply": 58, "recipient_email": "jane@example.org", "replied": 1},
        {"hours_to_reply": None, "recipient_email": "ann@example.org", "replied": 1},
    ]


def test_an_email_to_a_prospect_that_was_deleted_since_counts(warehouse: Warehouse) -> None:
    warehouse.fill([{**EMAIL, "Deleted": "Yes"}])

    assert warehouse.rows("rates_by_step", "sent") == [{"sent": 1}]
    assert in_order(warehouse.rows("prospects", "deleted")) == [{"deleted": 1}]


def test_a_reply_is_positive_by_its_sentiment_and_a_sentiment_alone_is_no_reply(warehouse: Warehouse) -> None:
    emails = [
        {**EMAIL, "Replied": "Yes", "Current Sentiment": "Positive"},
        {**EMAIL, "Step Number": 2, "Replied": "Yes", "Current Sentiment": "Neutral"},
        {**EMAIL, "Step Number": 3, "Current Sentiment": "Positive"},
    ]

    warehouse.fill(emails)

    steps = in_order(warehouse.rows("rates_by_step", "step_number, reply_rate, positive_reply_rate"))
    assert [tuple(step.values()) for step in steps] == [(0, 0, 3), (0, 1, 2), (1, 1, 1)]


def test_a_step_has_the_name_of_its_id_else_that_of_its_place(warehouse: Warehouse) -> None:
    """The second email step has number 3, because the step between them is a call."""
    emails = [EMAIL, {**EMAIL, "Step Number": 3, "Step Id": "st2"}, {**EMAIL, "Step Number": 4}]
    steps = [{"id": "st1", "name": "First"}, {"id": "st2", "name": "Second"}, {"id": "st3", "name": "Third"}]

    warehouse.fill(emails, [{**SEQUENCE, "steps": steps}])

    found = in_order(warehouse.rows("rates_by_step", "step_number, sent, step_name"))
    assert [tuple(step.values()) for step in found] == [(1, "First", 1), (1, "Second", 3), (1, None, 4)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2024-12-25T08:59:59Z", (0.25, None, None, None)),
        ("2024-12-25T09:00:00Z", (0.5, 0.25, None, None)),
        ("2025-01-01T08:59:59Z", (0.75, 0.25, None, None)),
        ("2025-01-01T09:00:00Z", (0.75, 0.25, 0.5, None)),
        ("2025-01-17T08:59:59Z", (0.75, 0.25, 0.5, None)),
        ("2025-01-17T09:00:00Z", (0.75, 0.25, 0.5, 0.5)),
    ],
)
def test_a_rate_of_a_week_is_null_until_the_week_is_old_enough(
    warehouse: Warehouse, now: str, expected: tuple[float | None, ...]
) -> None:
    """One reply comes after seven days to the second, one a second later, and one has no date."""
    replies = [
        {**EMAIL, "Recipient Email": f"{replied_at}@example.org"}
        | ({"Replied": "Yes", "Replied At": replied_at} if replied_at <= now else {})
        for replied_at in ("2024-12-25T09:00:00Z", "2024-12-25T09:00:01Z")
    ]
    undated = {**EMAIL, "Recipient Email": "undated@example.org", "Replied": "Yes"}
    opened_now = {**EMAIL, "Recipient Email": "opened@example.org", "Last Opened At": now}

    warehouse.fill([*replies, undated, opened_now])

    rates = ("reply_rate", "reply_rate_7_days", "reply_rate_14_days", "reply_rate_30_days")
    (cohort,) = in_order(warehouse.rows("weekly_cohorts"))
    assert tuple(cohort[rate] for rate in rates) == expected
