"""Updates emails while their pages are read, and keeps the order of rows that results."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from sandbox.account.account import Account
from sandbox.account.emails import Email
from sandbox.endpoints.quirks import Updates


class Updater:
    def __init__(self, account: Account, updates: Updates) -> None:
        self._account = account
        self._updates = updates
        self._random = Random("updates")
        self._calls = 0
        self._moved: dict[Email, None] = {}  # the last one moved comes last

    def arrange(self, emails: Sequence[Email]) -> Sequence[Email]:
        """The emails in the order in which the API returns them now."""
        if not self._moved:
            return emails
        asked = set(emails)
        moved = [email for email in self._moved if email in asked]
        others = [email for email in emails if email not in self._moved]
        return [*others, *moved] if self._updates.move_to == "end" else [*reversed(moved), *others]

    def update(self, emails: Sequence[Email], now: datetime) -> None:
        """Ends a call that asked for these emails."""
        self._calls += 1
        if self._updates.calls is not None and self._calls > self._updates.calls:
            return
        for email in self._random.sample(emails, min(self._updates.rows, len(emails))):
            self._account.add_open(email, now)
            if self._updates.move_to is not None:
                self._moved.pop(email, None)
                self._moved[email] = None
