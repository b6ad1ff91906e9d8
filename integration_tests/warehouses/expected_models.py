"""What the SQL of `models/` should find, computed in Python from the rows of the tables that it reads."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from integration_tests.warehouses.warehouse import Row

EVENTS = {"opened": "open", "clicked": "click", "replied": "reply", "bounced": "bounce", "unsubscribed": "unsubscribe"}
"""What can happen to an email, and how the rate of it is called."""
MOMENTS = ("email_sent_at", "last_opened_at", "last_clicked_at", "replied_at", "bounced_at")
CLIENT = {
    "client_id": "id",
    "client_first_name": "firstName",
    "client_last_name": "lastName",
    "client_email": "email",
    "client_status": "status",
    "client_company_name": "companyName",
}

Groups = dict[tuple[Any, ...], list[Row]]


def expected_models(stats: Sequence[Row], sequences: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each model, by its name. `stats` are rows of `consolidated_stats`."""
    emails = [_email(row) for row in stats]
    prospects = _prospects(emails)
    return {
        "emails": emails,
        "prospects": prospects,
        "rates_by_sequence": _rates_by_sequence(prospects, sequences),
        "rates_by_step": _rates_by_step(emails, sequences),
        "weekly_cohorts": _weekly_cohorts(emails, prospects),
    }


def _email(row: Row) -> Row:
    client = row["client"] or {}
    columns = {name: None if value == "" else value for name, value in row.items() if name != "client"}
    yes_or_no = {"Yes": True, "No": False}
    return {
        **columns,
        **{name: yes_or_no.get(row[name]) for name in ("replied", "bounced", "unsubscribed", "deleted")},
        **{name: client.get(member) or None for name, member in CLIENT.items()},
        "sent_week": _monday(row["email_sent_at"]),
        "opened": None if row["open_count"] is None else row["open_count"] > 0,
        "clicked": None if row["click_count"] is None else row["click_count"] > 0,
        "hours_to_reply": _hours(row["email_sent_at"], row["replied_at"]),
    }


def _prospects(emails: Iterable[Row]) -> list[Row]:
    known = [email for email in emails if email["sequence_id"] and email["recipient_email"]]
    return [
        {
            "sequence_id": sequence_id,
            "recipient_email": recipient,
            "sequence_title": _largest(group, "sequence_title"),
            "recipient_name": _largest(group, "recipient_name"),
            "emails_sent": len(group),
            "first_sent_at": _smallest(group, "email_sent_at"),
            "first_week": _monday(_smallest(group, "email_sent_at")),
            "last_sent_at": _largest(group, "email_sent_at"),
            **{event: _any(email[event] for email in group) for event in EVENTS},
            "replied_at": _smallest(group, "replied_at"),
            "hours_to_reply": _hours(_smallest(group, "email_sent_at"), _smallest(group, "replied_at")),
        }
        for (sequence_id, recipient), group in _groups(known, "sequence_id", "recipient_email").items()
    ]


def _rates_by_sequence(prospects: Iterable[Row], sequences: Iterable[Row]) -> list[Row]:
    listed = {row["id"]: row for row in sequences}
    groups: Groups = {(sequence_id,): [] for sequence_id in listed}
    groups |= _groups(prospects, "sequence_id")
    return [
        {
            "sequence_id": sequence_id,
            "sequence_title": _title(listed, sequence_id, group),
            "active": listed.get(sequence_id, {}).get("active"),
            "emails_sent": sum(prospect["emails_sent"] for prospect in group),
            "prospects": len(group),
            **_rates(group),
        }
        for (sequence_id,), group in groups.items()
    ]


def _rates_by_step(emails: Iterable[Row], sequences: Iterable[Row]) -> list[Row]:
    listed = {row["id"]: row for row in sequences}
    names = {
        (row["id"], number): step["name"] for row in listed.values() for number, step in enumerate(row["steps"], 1)
    }
    known = [email for email in emails if email["sequence_id"]]
    of_sequence = _groups(known, "sequence_id")
    groups: Groups = {step: [] for step in names}
    groups |= _groups(known, "sequence_id", "step_number")
    return [
        {
            "sequence_id": sequence_id,
            "sequence_title": _title(listed, sequence_id, of_sequence.get((sequence_id,), [])),
            "step_number": number,
            "step_name": names.get((sequence_id, number)),
            "sent": len(group),
            **_rates(group),
        }
        for (sequence_id, number), group in groups.items()
    ]


def _weekly_cohorts(emails: Iterable[Row], prospects: Iterable[Row]) -> list[Row]:
    newest = max(email[name] for email in emails for name in MOMENTS if email[name])
    cohorts = _groups((prospect for prospect in prospects if prospect["first_week"]), "first_week")
    return [
        {
            "first_week": week,
            "prospects": len(cohort),
            "replied": sum(prospect["replied"] is True for prospect in cohort),
            "reply_rate": sum(prospect["replied"] is True for prospect in cohort) / len(cohort),
            **{f"reply_rate_{days}_days": _replied_within(days, cohort, newest) for days in (7, 14, 30)},
        }
        for (week,), cohort in cohorts.items()
    ]


def _replied_within(days: int, cohort: Sequence[Row], newest: datetime) -> float | None:
    horizon = timedelta(days=days)
    if any(prospect["first_sent_at"] + horizon > newest for prospect in cohort):
        return None
    replied = [prospect for prospect in cohort if prospect["replied_at"]]
    in_time = [prospect for prospect in replied if prospect["replied_at"] <= prospect["first_sent_at"] + horizon]
    return len(in_time) / len(cohort)


def _rates(group: Sequence[Row]) -> Row:
    """How many rows of the group each event happened to, and their share."""
    counts = {event: sum(row[event] is True for row in group) for event in EVENTS}
    return counts | {f"{EVENTS[event]}_rate": count / len(group) if group else None for event, count in counts.items()}


def _groups(rows: Iterable[Row], *names: str) -> Groups:
    groups: Groups = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups


def _title(listed: dict[str, Row], sequence_id: str, group: Sequence[Row]) -> Any:
    return listed[sequence_id]["title"] if sequence_id in listed else _largest(group, "sequence_title")


def _known(group: Iterable[Row], name: str) -> list[Any]:
    return [row[name] for row in group if row[name] is not None]


def _smallest(group: Iterable[Row], name: str) -> Any:
    return min(_known(group, name), default=None)


def _largest(group: Iterable[Row], name: str) -> Any:
    return max(_known(group, name), default=None)


def _any(values: Iterable[bool | None]) -> bool | None:
    known = [value for value in values if value is not None]
    return any(known) if known else None


def _monday(moment: datetime | None) -> date | None:
    return moment.date() - timedelta(days=moment.weekday()) if moment else None


def _hours(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start) / timedelta(hours=1) if start and end else None
