"""A made-up account: its sequences and emails, all drawn from one seed, and the truth about them at any moment."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from sandbox.account.dates import DateStyle, DateTexts
from sandbox.account.dirty import flaw_of
from sandbox.account.emails import Email, draw_emails
from sandbox.account.rows import shown_row, true_row
from sandbox.account.sending_times import SendingTimes
from sandbox.account.sequences import draw_sequences

Window = tuple[frozenset[str], date, date]  # ids of sequences, first and last local day


@dataclass(frozen=True)
class AccountSettings:
    """`emails` is the number of rows over all days from `first_day` (default: 180 days before today) to `last_day`
    (default: three days after today, so that rows go on coming in as the clock moves), both inclusive. `duplicates`
    of them come twice, in two rows with the same key. `live_columns`: rows have the three columns that the live
    API sends beyond those of its page. `newest_first`: the order of the rows; else it means nothing, and changes when
    an email comes in."""

    seed: int = 1
    emails: int = 1_000
    sequences: int = 10
    first_day: date | None = None
    last_day: date | None = None
    time_zone: str = "Asia/Kolkata"
    date_style: DateStyle = "api"
    dirty: bool = False
    duplicates: int = 0
    live_columns: bool = True
    newest_first: bool = True


class Account:
    def __init__(self, settings: AccountSettings, now: datetime) -> None:
        self.zone = ZoneInfo(settings.time_zone)
        self.first_day = settings.first_day or self.day_of(now) - timedelta(days=180)
        self.last_day = settings.last_day or self.day_of(now) + timedelta(days=3)
        self.sequences = draw_sequences(settings.seed, settings.sequences)
        self.sequence_ids = [sequence.id for sequence in self.sequences]
        self._dates = DateTexts(self.zone, settings.date_style)
        self._live_columns = settings.live_columns
        self._seed = settings.seed
        self._emails_by_day: dict[date, list[Email]] = defaultdict(list)
        for email in self._draw_emails(settings):
            self._emails_by_day[self.day_of(email.sent)].append(email)
        self._events: dict[Email, list[datetime]] = {}
        self._shown: dict[Email, tuple[int, orjson.Fragment]] = {}
        # Every page of a window asks for the same emails again.
        self._sent_on = lru_cache(maxsize=64)(self._find_sent_on)
        self._ordered = lru_cache(maxsize=64)(self._newest_first if settings.newest_first else self._out_of_order)

    def day_of(self, moment: datetime) -> date:
        """The account's local day."""
        return moment.astimezone(self.zone).date()

    def select(self, sequence_ids: Sequence[str], first: date, last: date, at: datetime) -> tuple[Email, ...]:
        """The emails sent on those local days, both inclusive, and not after `at`, as the API orders them."""
        window = (frozenset(sequence_ids), first, last)
        return self._ordered(window, bisect_right(self._sent_on(window), at, key=lambda email: email.sent))

    def shown(self, email: Email, at: datetime) -> orjson.Fragment:
        """The email's row at the moment `at`, as JSON. Written again only after something happened to the email."""
        if email not in self._events:
            self._events[email] = email.events()
        happened = bisect_right(self._events[email], at)
        known = self._shown.get(email)
        if known is None or known[0] != happened:
            fragment = orjson.Fragment(orjson.dumps(shown_row(email, at, self._dates, live_columns=self._live_columns)))
            known = self._shown[email] = (happened, fragment)
        return known[1]

    def add_open(self, email: Email, at: datetime) -> None:
        """The recipient opens the email once more."""
        email.opens = tuple(sorted((*email.opens, at)))
        self._events.pop(email, None)
        self._shown.pop(email, None)

    def truth(
        self, sequence_ids: Sequence[str] | None, first: date | None, last: date | None, at: datetime
    ) -> list[dict[str, Any]]:
        """The records of the emails sent on those local days and not after `at`, in the order of sending."""
        ids = self.sequence_ids if sequence_ids is None else sequence_ids
        window = (frozenset(ids), first or self.first_day, last or self.last_day)
        return [
            true_row(email, at, live_columns=self._live_columns) for email in self._sent_on(window) if email.sent <= at
        ]

    def _draw_emails(self, settings: AccountSettings) -> list[Email]:
        if not self.sequences:
            return []
        emails = draw_emails(
            Random(f"emails of {settings.seed}"),
            settings.emails,
            self.sequences,
            SendingTimes(self.zone, self.first_day, self.last_day),
            flaw_of if settings.dirty else lambda number: None,
        )
        twice = Random(f"duplicates of {settings.seed}").sample(emails, settings.duplicates)
        return [*emails, *(replace(email, number=len(emails) + place) for place, email in enumerate(twice))]

    def _find_sent_on(self, window: Window) -> tuple[Email, ...]:
        """In the order of sending, those that still lie ahead too."""
        ids, first, last = window
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        emails = [email for day in days for email in self._emails_by_day.get(day, ()) if email.sequence.id in ids]
        return tuple(sorted(emails, key=lambda email: (email.sent, email.number)))

    def _newest_first(self, window: Window, count: int) -> tuple[Email, ...]:
        """The oldest `count` emails of the window."""
        return self._sent_on(window)[:count][::-1]

    def _out_of_order(self, window: Window, count: int) -> tuple[Email, ...]:
        """The same emails. Hashes of numbers are the same in every run."""
        emails = self._sent_on(window)[:count]
        return tuple(sorted(emails, key=lambda email: hash((self._seed, email.number, count))))
