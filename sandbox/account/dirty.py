"""What a dirty account's rows suffer from: a fixed small share of them, one flaw each."""

from collections.abc import Callable
from typing import Any

from sandbox.account.dates import DATE_COLUMNS

Flaw = Callable[[dict[str, Any]], None]  # changes a row in place

KEY_COLUMNS = ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At")
UNREADABLE_DATES = ("not a date", "Thu Feb 31 2025 10:00:00 GMT+1 (Europe/Paris)", 12345, "Invalid Date")
ROWS_PER_FLAW = 12
EMPTY_ROW = 5


def flaw_of(number: int) -> Flaw | None:
    """The flaw of the email with this number, None for most."""
    if number == EMPTY_ROW:
        return _empty
    round_number, place = divmod(number, ROWS_PER_FLAW)
    return FLAWS[round_number % len(FLAWS)] if place == 0 else None


def _missing(column: str) -> Flaw:
    def flaw(row: dict[str, Any]) -> None:
        del row[column]

    return flaw


def _value(column: str, value: object) -> Flaw:
    def flaw(row: dict[str, Any]) -> None:
        row[column] = value

    return flaw


def _number_as_text(column: str) -> Flaw:
    def flaw(row: dict[str, Any]) -> None:
        row[column] = str(row[column])

    return flaw


def _empty(row: dict[str, Any]) -> None:
    row.clear()


FLAWS: tuple[Flaw, ...] = (
    _missing("Conversation Id"),
    _value("Sequence Title", None),
    _number_as_text("Open Count"),
    _value("Campaign Label", "Q3 outreach"),
    *(_value(column, None) for column in KEY_COLUMNS),
    *(_value(column, text) for text in UNREADABLE_DATES for column in DATE_COLUMNS),
    _missing("Client"),
    _missing("Last Opened At"),
    _value("Open Count", None),
    _value("Last Clicked At", None),
    _number_as_text("Click Count"),
    _number_as_text("Step Number"),
    *(_missing(column) for column in KEY_COLUMNS),
    *(_value("Step Number", value) for value in ("third", 2.5, True)),
    _value("Sequence Id", {}),
    _value("Recipient Email", ["jane@example.com"]),
)
