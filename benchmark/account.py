"""An account whose rows are rendered once, so that a page costs the server next to nothing."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from benchmark.schedules import DAYS, EVERY_DAY, sending_days
from sandbox.account.dates import DateTexts
from sandbox.account.people import person

ZONE = ZoneInfo("Asia/Kolkata")
SEQUENCE_IDS = [f"benchSeq{number:02}" for number in range(12)]
SENDERS, PROSPECTS = 8, 20_000
FIRST_HOUR = 9
SECONDS_OF_SENDING = 8 * 3600


class Account:
    """`rows` rows, spread evenly over the days of a schedule among the `DAYS` days before `today`."""

    def __init__(self, rows: int, today: date, schedule: str = EVERY_DAY) -> None:
        self.rows = rows
        self.first_day = today - timedelta(days=DAYS)
        self._sending_days = sending_days(schedule, self.first_day)
        self._blob = bytearray()
        self._offsets = array("Q", [0])
        texts = _Texts(self.first_day)
        for number in range(rows):
            self._blob += orjson.dumps(_row(number, self._second(number), texts)) + b","
            self._offsets.append(len(self._blob))

    def page(self, first: date, last: date, number: int, size: int) -> bytes:
        """The response to a call for these days."""
        begin, end = self._row_before(first), self._row_before(last + timedelta(days=1))
        low = min(begin + (number - 1) * size, end)
        high = min(low + size, end)
        rows = bytes(self._blob[self._offsets[low] : self._offsets[high]]).removesuffix(b",")
        more = high < end
        tail = orjson.dumps({"hasMore": more, "nextPageNumber": number + 1 if more else number})
        return b'{"message":"Fetched","payload":{"data":[%b],%b}' % (rows, tail[1:])

    def _row_before(self, day: date) -> int:
        """How many rows were sent before `day`."""
        days_before = bisect_left(self._sending_days, (day - self.first_day).days)
        return -(-days_before * self.rows // len(self._sending_days))

    def _second(self, number: int) -> int:
        """When row `number` was sent, in seconds after the account's first midnight."""
        day, place = divmod(number * len(self._sending_days), self.rows)
        return self._sending_days[day] * 86_400 + FIRST_HOUR * 3600 + place * SECONDS_OF_SENDING // self.rows


class _Texts:
    """Writes moments as the API does; days repeat from row to row, so their texts are kept."""

    def __init__(self, first_day: date) -> None:
        midnight = datetime(first_day.year, first_day.month, first_day.day, tzinfo=ZONE)
        dates = DateTexts(ZONE, "api")
        self._days = [dates.text(midnight + timedelta(days=day)).split(" 00:00:00") for day in range(DAYS)]

    def text(self, second: int) -> str:
        """The moment `second` seconds after the account's first midnight, but not after its last day."""
        day, second = divmod(min(second, DAYS * 86_400 - 1), 86_400)
        before, after = self._days[day]
        return f"{before} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{after}"


def _row(number: int, sent: int, texts: _Texts) -> dict[str, Any]:
    """The 22 columns of an email, `sent` in seconds after the account's first midnight.

    A third of the emails were opened, a twelfth clicked; some were answered or bounced.
    """
    opened, clicked, replied, bounced = (number % every == 0 for every in (3, 12, 15, 31))
    opened_at, clicked_at, replied_at = (sent + number * prime % 2_000_000 for prime in (7_919, 6_131, 104_729))
    recipient = person(number % PROSPECTS, "prospect")
    sequence = number % len(SEQUENCE_IDS)
    client = person(sequence, "client")
    return {
        "Sequence Title": f"Sequence {sequence}: follow up after the trade fair",
        "Sequence Owner": person(sequence, "owner").name,
        "Step Number": number % 5 + 1,
        "Sender Email": person(number % SENDERS, "sender").email,
        "Recipient Email": recipient.email,
        "Recipient name": recipient.name,
        "Email Sent At": texts.text(sent),
        "Open Count": number % 7 + 1 if opened else 0,
        "Last Opened At": texts.text(opened_at) if opened else "",
        "Replied": "Yes" if replied else "No",
        "Replied At": texts.text(replied_at) if replied else "",
        "Conversation Id": f"conv{number:010}" if replied else "",
        "Current Sentiment": "Positive" if replied else "Neutral",
        "Click Count": number % 3 + 1 if clicked else 0,
        "Last Clicked At": texts.text(clicked_at) if clicked else "",
        "Last Link Clicked": "https://example.com/offer?utm_source=mail" if clicked else "",
        "Bounced": "Yes" if bounced else "No",
        "Bounced At": texts.text(sent + 60) if bounced else "",
        "Unsubscribed": "No",
        "Deleted": "No",
        "Sequence Id": SEQUENCE_IDS[sequence],
        "Client": {
            "id": f"client{sequence:04}",
            "firstName": client.first,
            "lastName": client.last,
            "email": client.email,
            "status": "active",
            "companyName": "Example Company",
        },
    }
