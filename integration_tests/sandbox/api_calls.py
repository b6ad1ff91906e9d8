"""A minimal client: it calls the API, and reads dates without any of the sandbox's own code."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import orjson
import requests

from sandbox import Sandbox
from source_consolidated_stats.columns import date_columns

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)
STATISTICS = "/v1/analytics/consolidated-stats"
SEQUENCES = "/v1/sequences"
DATE_COLUMNS = date_columns("consolidated_stats")
PLACEHOLDERS = {"Sequence Id": "", "Step Number": 0, "Recipient Email": "", "Email Sent At": "1970-01-01T00:00:00Z"}
DATE_TEXT = re.compile(r"[A-Z][a-z]{2} (\w{3} \d+ \d{4} \d+:\d\d:\d\d)(?:\.000)? GMT(?:([+-])(\d\d?):?(\d\d)?)? \(.+\)")


def body_for(sandbox: Sandbox, **changes: object) -> dict[str, Any]:
    """A body that asks for the newest year's first page, with some fields changed."""
    last = sandbox.account.day_of(sandbox.clock.now()) + timedelta(days=1)
    days = {"startDate": str(last - timedelta(days=365)), "endDate": str(last)}
    return {"sequenceIds": sandbox.account.sequence_ids, **days, "pageNum": 1, "pageLimit": 500, **changes}


def ask(sandbox: Sandbox, **changes: object) -> requests.Response:
    return post(sandbox, body_for(sandbox, **changes))


def post(sandbox: Sandbox, body: object) -> requests.Response:
    headers = {"x-api-key": sandbox.api_key}
    url = sandbox.url + STATISTICS
    return requests.post(url, data=orjson.dumps(body), headers=headers, allow_redirects=False, timeout=30)


def list_sequences(sandbox: Sandbox, **query: object) -> requests.Response:
    texts = {name: str(value) for name, value in query.items()}
    return requests.get(sandbox.url + SEQUENCES, params=texts, headers={"x-api-key": sandbox.api_key}, timeout=30)


def read_rows(sandbox: Sandbox, first: date, last: date, page_limit: int = 500) -> list[dict[str, Any]]:
    """The rows of all pages, as the API shows them."""
    rows: list[dict[str, Any]] = []
    page, has_more = 1, True
    while has_more:
        changes = {"startDate": str(first), "endDate": str(last), "pageNum": page, "pageLimit": page_limit}
        payload = ask(sandbox, **changes).json()["payload"]
        rows += payload["data"]
        page, has_more = page + 1, payload["hasMore"]
    return rows


def server_date(response: requests.Response) -> datetime:
    """The moment of the `Date` header."""
    return parsedate_to_datetime(response.headers["Date"])


def reset(response: requests.Response) -> datetime:
    """The moment of the header `x-ratelimit-reset`."""
    text = response.headers["x-ratelimit-reset"]
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


def record(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a perfect client delivers of the row."""
    made = {column: utc(value) if column in DATE_COLUMNS else value for column, value in row.items()}
    for column, placeholder in PLACEHOLDERS.items():
        value = made.get(column)
        if type(value) is not type(placeholder) and not str(value).isdecimal():
            made[column] = placeholder
    return made


def utc(value: object) -> str | None:
    """RFC 3339, or None if it cannot be read."""
    found = DATE_TEXT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    text, sign, hours, minutes = found.groups(default="")
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        local = datetime.strptime(text, "%b %d %Y %H:%M:%S")
    except ValueError:
        return None
    return (local + offset if sign == "-" else local - offset).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_order(records: list[dict[str, Any]]) -> list[str]:
    """Records as texts, sorted: what to compare when the order means nothing."""
    return sorted(repr(sorted(one.items())) for one in records)
