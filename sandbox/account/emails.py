"""The emails that the account sends, and what becomes of each over the weeks after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sandbox.account.dirty import Flaw
from sandbox.account.people import Person, person
from sandbox.account.sending_times import SendingTimes
from sandbox.account.sequences import STEPS, MailSequence, base62

SENDERS = 8
MAX_DELAY = timedelta(days=60)


@dataclass(eq=False)
class Email:
    """One email. Every moment is in UTC; those after `sent` may still lie ahead of the clock."""

    number: int
    sequence: MailSequence
    step: int
    sender: Person
    recipient: Person
    sent: datetime
    opens: tuple[datetime, ...] = ()  # ascending
    clicks: tuple[datetime, ...] = ()  # ascending
    replied: datetime | None = None
    conversation: str = ""
    sentiment: str = "Neutral"
    bounced: datetime | None = None
    unsubscribed: datetime | None = None
    deleted: bool = False
    flaw: Flaw | None = None

    def events(self) -> list[datetime]:
        """The moments at which the email's row changes, ascending."""
        single = [moment for moment in (self.replied, self.bounced, self.unsubscribed) if moment]
        return sorted([*self.opens, *self.clicks, *single])


def draw_emails(
    random: Random,
    count: int,
    sequences: Sequence[MailSequence],
    times: SendingTimes,
    flaw_of: Callable[[int], Flaw | None],
) -> list[Email]:
    """`count` emails in no order. Prospects are few, so that emails often share three of the four parts of the key."""
    prospects = [person(number, "prospect") for number in range(count // 10 + 1)]
    senders = [person(number, "sender") for number in range(SENDERS)]
    keys: set[tuple[str, int, str, datetime]] = set()
    emails: list[Email] = []
    while len(emails) < count:
        sequence, recipient = random.choice(sequences), random.choice(prospects)
        step, sent = random.randint(1, len(STEPS)), times.draw(random)
        key = (sequence.id, step, recipient.email, sent)
        if key in keys:
            continue
        keys.add(key)
        number = len(emails)
        email = Email(number, sequence, step, random.choice(senders), recipient, sent, flaw=flaw_of(number))
        emails.append(_with_fate(random, email))
    return emails


def _with_fate(random: Random, email: Email) -> Email:
    sent = email.sent
    if random.random() < 0.04:
        return replace(email, bounced=sent + timedelta(seconds=random.randint(1, 600)))
    opens = _some_later(random, sent, at_most=6) if random.random() < 0.6 else []
    clicks = _some_later(random, opens[0], at_most=3) if opens and random.random() < 0.3 else []
    replied = _later(random, sent) if random.random() < 0.12 else None
    return replace(
        email,
        opens=tuple(opens),
        clicks=tuple(clicks),
        replied=replied,
        conversation=base62(random) if replied else "",
        sentiment=random.choice(("Positive", "Neutral", "Negative", "Uncategorized")) if replied else "Neutral",
        unsubscribed=_later(random, sent) if random.random() < 0.03 else None,
        deleted=random.random() < 0.02,
    )


def _some_later(random: Random, moment: datetime, at_most: int) -> list[datetime]:
    return sorted(_later(random, moment) for _ in range(random.randint(1, at_most)))


def _later(random: Random, moment: datetime) -> datetime:
    """Mostly within days, at times weeks afterwards."""
    days = random.expovariate(1 / 6)
    return moment + min(timedelta(seconds=1 + round(days * 86_400)), MAX_DELAY)
