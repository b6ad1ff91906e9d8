"""The account's sequences, as its list of them shows them."""

import string
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from sandbox.account.people import Person, person

BASE62 = string.digits + string.ascii_letters
TOPICS = ("Welcome Campaign", "Follow-Up", "Closing Campaign", "Webinar Invitation", "Win-Back", "Événement d'été")
COMPANIES = ("Demo", "TechCorp", "Northwind", "Müller & Söhne")
STEPS = ("Introduction", "Reminder", "Case study", "Offer", "Goodbye")
VARIANTS_OF_FIRST_STEP = ("A", "B", "C")
"""Later steps are sent in one variant, which is called A."""


@dataclass(frozen=True, eq=False)
class MailSequence:
    id: str
    title: str
    created: datetime
    active: bool | int
    progress: int  # 1 active, 2 paused, 3 finished
    owner: Person
    client: dict[str, str]  # empty if the sequence is not run for a client

    def listed(self) -> dict[str, Any]:
        """An item of `GET /v1/sequences`."""
        return {
            "id": self.id,
            "title": self.title,
            "active": self.active,
            "progress": self.progress,
            "steps": [{"id": self.step_id(step), "name": name} for step, name in enumerate(STEPS, start=1)],
            "client": self.client,
            "user": {"firstName": self.owner.first, "lastName": self.owner.last, "email": self.owner.email},
        }

    def step_id(self, step: int) -> str:
        return f"{self.id[:8]}s{step}"

    def variant(self, step: int, email: int) -> str:
        """The variant of the step that the email with this number was sent in."""
        return VARIANTS_OF_FIRST_STEP[email % len(VARIANTS_OF_FIRST_STEP)] if step == 1 else "A"

    def variant_id(self, step: int, variant: str) -> str:
        return f"{self.id[:7]}v{step}{variant}"


def draw_sequences(seed: int, count: int) -> list[MailSequence]:
    """The sequences of a seed, oldest first; a greater count adds to the end of the same list."""
    random = Random(f"sequences of {seed}")
    ids: set[str] = set()
    sequences = []
    for number in range(count):
        sequence = _draw_sequence(random, number)
        while sequence.id in ids:
            sequence = _draw_sequence(random, number)
        ids.add(sequence.id)
        sequences.append(sequence)
    return sequences


def _draw_sequence(random: Random, number: int) -> MailSequence:
    sequence_id = base62(random)
    title = f"{random.choice(TOPICS)} {number + 1}"
    active = random.random() < 0.3
    return MailSequence(
        id=sequence_id,
        title=title,
        created=datetime(2023, 1, 2, 9, tzinfo=timezone.utc) + timedelta(hours=number),
        active=int(active) if number % 2 else active,  # the API writes both
        progress=1 if active else 2 + number // 2 % 2,
        owner=person(random.randrange(20), "owner"),
        client=_client(random) if random.random() < 0.6 else {},
    )


def _client(random: Random) -> dict[str, str]:
    contact = person(random.randrange(50), "client")
    return {
        "id": base62(random),
        "firstName": contact.first,
        "lastName": contact.last,
        "email": contact.email,
        "status": "active",
        "companyName": random.choice(COMPANIES),
    }


def base62(random: Random) -> str:
    """An identifier as the API makes them, such as `2dP27N0gZ4`."""
    return "".join(random.choices(BASE62, k=10))
