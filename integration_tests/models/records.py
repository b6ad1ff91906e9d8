"""Accounts whose records have what models stumble over."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from integration_tests.models.destinations import EXTRACTED_AT

Record = dict[str, Any]

FIRST_READ, SECOND_READ = "2025-03-01T00:00:00Z", "2025-03-02T00:00:00Z"
EMAIL: Record = {
    "Sequence Id": "s1",
    "Sequence Title": "Title of the email",
    "Step Number": 1,
    "Sender Email": "john@example.com",
    "Recipient Email": "jane@example.org",
    "Email Sent At": "2024-12-18T09:00:00Z",
    "Open Count": 0,
    "Click Count": 0,
    "Replied": "No",
    "Current Sentiment": "Neutral",
    "Bounced": "No",
    "Unsubscribed": "No",
    "Deleted": "No",
    "Client": {},
    EXTRACTED_AT: FIRST_READ,
}
SEQUENCE: Record = {
    "id": "s1",
    "title": "Title of the list",
    "active": True,
    "progress": 1,
    "steps": [{"id": "st1", "name": "Hello"}, {"id": "st2"}],
    EXTRACTED_AT: FIRST_READ,
}
CLIENT = {
    "id": "c1",
    "firstName": "Ann",
    "lastName": "O'Lee",
    "email": "ann@example.net",
    "status": "active",
    "companyName": "Demo",
}


def random_account(seed: int, emails: int) -> tuple[list[Record], list[Record]]:
    """Records of both streams. Few sequences, prospects and senders, so that rows meet; many values are missing.

    Some have the same key: the later ones are copies that were read later.
    """
    random = Random(seed)
    read_at = datetime(2025, 3, 1)
    return (
        [_random_email(random) | {EXTRACTED_AT: _text(read_at + timedelta(seconds=n))} for n in range(emails)],
        [_random_sequence(random, f"s{number}") for number in range(4, 9)],
    )


def _random_email(random: Random) -> Record:
    sent_at = datetime(2024, 11, 4) + timedelta(seconds=random.randrange(60 * 86_400))
    step = random.choice((1, 1, 2, 3, 5, None))
    replied = random.choice(("Yes", "No", "No", "yes", " Yes ", "true", "1", "0", "maybe", "", None))
    return {
        "Sequence Id": random.choice(("s1", "s2", "s3", "s4", "s5", " s5 ", None)),
        "Sequence Title": random.choice(("Title A", "Title B", "", None)),
        "Sequence Owner": random.choice(("John Doe", " ")),
        "Step Number": step,
        "Step Id": random.choice((None, f"st{step}")),
        "Variant": random.choice((None, "A", "B")),
        "Variant Id": random.choice((None, None, "v1", "v2")),
        "Sender Email": random.choice(("john@example.com", "John@example.com", "\tann@example.com ", "", None)),
        "Recipient Email": random.choice(
            (
                "jane@example.org",
                "Jane@Example.org",
                " jane@example.org",
                "bob@example.org\r\n",
                "eve@example.org",
                None,
            )
        ),
        "Recipient name": random.choice(("Jane", "Jane Smith", "", None)),
        "Email Sent At": random.choice((_text(sent_at), _text(sent_at), _text(sent_at), None)),
        "Open Count": random.choice((0, 0, 2, None)),
        "Last Opened At": random.choice((None, _later(random, sent_at))),
        "Replied": replied,
        "Replied At": random.choice(
            (None, _later(random, sent_at), _later(random, sent_at), _earlier(random, sent_at))
        ),
        "Conversation Id": random.choice(("", "conv1")),
        "Current Sentiment": random.choice(("Positive", "positive ", "Negative", "Neutral", "", None)),
        "Click Count": random.choice((0, 1, None)),
        "Last Clicked At": random.choice((None, _later(random, sent_at))),
        "Last Link Clicked": random.choice(("", "https://example.com/offer")),
        "Bounced": random.choice(("No", "Yes", None)),
        "Bounced At": random.choice((None, _later(random, sent_at))),
        "Unsubscribed": random.choice(("No", "YES", "")),
        "Deleted": random.choice(("No", "Yes")),
        "Client": random.choice((CLIENT, {}, None, {"id": "", "firstName": " Bo "})),
    }


def _random_sequence(random: Random, sequence_id: str) -> Record:
    numbers = random.sample(range(1, 7), random.randrange(5))
    return {
        "id": sequence_id,
        "title": random.choice(("Listed", "", None)),
        "active": random.choice((True, False, None)),
        "progress": random.choice((1, 2, 3, None)),
        "steps": random.choice(
            ([{"id": f"st{number}", "name": f"Step {number}"} for number in numbers], [], None, [{}, {"name": " "}])
        ),
        EXTRACTED_AT: FIRST_READ,
    }


def _later(random: Random, moment: datetime) -> str:
    return _text(moment + timedelta(seconds=random.randrange(20 * 86_400)))


def _earlier(random: Random, moment: datetime) -> str:
    return _text(moment - timedelta(seconds=random.randrange(1, 20 * 86_400)))


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
