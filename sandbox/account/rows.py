"""An email as the row that the API shows of it, and as the record that a perfect client makes of that row."""

from bisect import bisect_right
from datetime import datetime
from typing import Any

from sandbox.account.dates import DATE_COLUMNS, DateTexts, rfc3339
from sandbox.account.emails import Email

LINKS = ("https://example.com/offer", "https://example.com/product", "https://example.com/été?utm_source=mail&step=1")
ROWS_PER_WRONG_WEEKDAY = 9
LIVE_COLUMNS = ("Step Id", "Variant", "Variant Id")
"""Columns that the live API sends, and its page does not name."""
PLACEHOLDERS = {"Sequence Id": "", "Step Number": 0, "Recipient Email": "", "Email Sent At": "1970-01-01T00:00:00Z"}
"""What a perfect client delivers in the primary key where there is no value."""


def shown_row(email: Email, at: datetime, dates: DateTexts, *, live_columns: bool) -> dict[str, Any]:
    """The row that the API returns at the moment `at`."""
    row = _row(email, at, live_columns)
    # The vendor's own example has the weekday wrong.
    weekday_error = 1 if email.number % ROWS_PER_WRONG_WEEKDAY == 0 else 0
    for column in DATE_COLUMNS:
        if isinstance(row.get(column), datetime):
            row[column] = dates.text(row[column], weekday_error)
    return row


def true_row(email: Email, at: datetime, *, live_columns: bool) -> dict[str, Any]:
    """The record: the row with its dates in UTC, null for what is not a date, and a key without nulls."""
    row = _row(email, at, live_columns)
    for column in DATE_COLUMNS:
        if column in row:
            row[column] = rfc3339(row[column]) if isinstance(row[column], datetime) else None
    for column, placeholder in PLACEHOLDERS.items():
        if not _is_key(row.get(column), type(placeholder)):
            row[column] = placeholder
    return row


def _is_key(value: object, kind: type) -> bool:
    """Whether a destination keeps it in a column of this kind. A number may be a text."""
    return type(value) is kind or (isinstance(value, str) and value.isdecimal())


def _row(email: Email, at: datetime, live_columns: bool) -> dict[str, Any]:
    """The columns; one of a date holds a moment, an empty text before its event, or what a flaw put there."""
    opens, clicks = bisect_right(email.opens, at), bisect_right(email.clicks, at)
    replied, bounced, unsubscribed = (
        moment is not None and moment <= at for moment in (email.replied, email.bounced, email.unsubscribed)
    )
    variant = email.sequence.variant(email.step, email.number)
    row = {
        "Sequence Title": email.sequence.title,
        "Sequence Owner": email.sequence.owner.name,
        "Step Id": email.sequence.step_id(email.step),
        "Step Number": email.step,
        "Variant": variant,
        "Variant Id": email.sequence.variant_id(email.step, variant),
        "Sender Email": email.sender.email,
        "Recipient Email": email.recipient.email,
        "Recipient name": email.recipient.name,
        "Email Sent At": email.sent,
        "Open Count": opens,
        "Last Opened At": email.opens[opens - 1] if opens else "",
        "Replied": _yes_or_no(replied),
        "Replied At": email.replied if replied else "",
        "Conversation Id": email.conversation if replied else "",
        "Current Sentiment": email.sentiment if replied else "Neutral",
        "Click Count": clicks,
        "Last Clicked At": email.clicks[clicks - 1] if clicks else "",
        "Last Link Clicked": LINKS[(email.number + clicks) % len(LINKS)] if clicks else "",
        "Bounced": _yes_or_no(bounced),
        "Bounced At": email.bounced if bounced else "",
        "Unsubscribed": _yes_or_no(unsubscribed),
        "Deleted": _yes_or_no(email.deleted),
        "Sequence Id": email.sequence.id,
        "Client": email.sequence.client,
    }
    if not live_columns:
        for column in LIVE_COLUMNS:
            del row[column]
    if email.flaw:
        email.flaw(row)
    return row


def _yes_or_no(value: bool) -> str:
    return "Yes" if value else "No"
