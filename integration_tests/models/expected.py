"""What the SQL of `models/` should find, computed in Python from the records of both streams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

Row = dict[str, Any]
Groups = dict[Any, list[Row]]

RATES = {
    "opened": "open_rate",
    "clicked": "click_rate",
    "replied": "reply_rate",
    "replied_positively": "positive_reply_rate",
    "bounced": "bounce_rate",
    "unsubscribed": "unsubscribe_rate",
}
"""What can happen to an email, and how its rate is called."""
SENDER_RATES = ("bounced", "unsubscribed", "replied", "replied_positively")
YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
CLIENT = {
    "client_id": "id",
    "client_first_name": "firstName",
    "client_last_name": "lastName",
    "client_email": "email",
    "client_status": "status",
    "client_company_name": "companyName",
}
TEXTS = {
    "sequence_id": "Sequence Id",
    "sequence_title": "Sequence Title",
    "sequence_owner": "Sequence Owner",
    "step_id": "Step Id",
    "variant": "Variant",
    "variant_id": "Variant Id",
    "sender_email": "Sender Email",
    "recipient_email": "Recipient Email",
    "recipient_name": "Recipient name",
    "last_link_clicked": "Last Link Clicked",
    "conversation_id": "Conversation Id",
    "current_sentiment": "Current Sentiment",
}
MOMENTS = {
    "email_sent_at": "Email Sent At",
    "last_opened_at": "Last Opened At",
    "last_clicked_at": "Last Clicked At",
    "replied_at": "Replied At",
    "bounced_at": "Bounced At",
}
EPOCH = datetime(1970, 1, 1)


def expected_models(stats: Iterable[Mapping[str, Any]], sequences: Iterable[Mapping[str, Any]]) -> dict[str, list[Row]]:
    """The rows of each model, by its name. Of records with the same key, the last counts."""
    emails = list({email["email_id"]: email for email in map(_email, stats)}.values())
    listed = {_text(row["id"]): row for row in sequences if _text(row["id"])}
    listed_steps = [step for row in listed.values() for step in _listed_steps(row)]
    prospects = _prospects(emails)
    steps = _rates_by_step(emails, listed, listed_steps)
    return {
        "emails": emails,
        "listed_sequences": [_listed_sequence(row) for row in listed.values()],
        "listed_steps": listed_steps,
        "prospects": prospects,
        "rates_by_sequence": _rates_by_sequence(prospects, listed),
        "rates_by_step": steps,
        "rates_by_variant": _rates_by_variant(emails, {step["step_key"]: step for step in steps}),
        "weekly_cohorts": _weekly_cohorts(emails, prospects),
        "sender_health": _sender_health(emails),
    }


def _email(record: Mapping[str, Any]) -> Row:
    texts = {column: _text(record.get(name)) for column, name in TEXTS.items()}
    moments = {column: _moment(record.get(name)) for column, name in MOMENTS.items()}
    sent_at, replied_at = moments["email_sent_at"], moments["replied_at"]
    step_number, opens, clicks = (_number(record.get(name)) for name in ("Step Number", "Open Count", "Click Count"))
    step_number = step_number or None
    key = (texts["sequence_id"], step_number, _epoch(sent_at), texts["recipient_email"])
    step_key = texts["sequence_id"] and f"{texts['sequence_id']}|{step_number or ''}"
    client = record.get("Client") or {}
    happened = {
        name.lower(): _yes_or_no(record.get(name)) for name in ("Replied", "Bounced", "Unsubscribed", "Deleted")
    }
    positive = (texts["current_sentiment"] or "").lower() == "positive"
    return {
        "email_id": "|".join("" if part is None else str(part) for part in key),
        **texts,
        **moments,
        **happened,
        "replied_positively": happened["replied"] and positive,
        "step_number": step_number,
        "step_key": step_key,
        "variant_key": step_key and f"{step_key}|{texts['variant_id'] or texts['variant'] or ''}",
        "sent_epoch": _epoch(sent_at),
        "sent_date": sent_at and sent_at.date(),
        "sent_week": _monday(sent_at),
        "open_count": opens,
        "opened": _above_zero(opens),
        "click_count": clicks,
        "clicked": _above_zero(clicks),
        "replied_epoch": _epoch(replied_at),
        "hours_to_reply": _hours(sent_at, replied_at),
        **{column: _text(client.get(member)) for column, member in CLIENT.items()},
        "latest_epoch": max(_epoch(moment) or 0 for moment in moments.values()) or None,
    }


def _listed_sequence(row: Mapping[str, Any]) -> Row:
    return {
        "sequence_id": _text(row["id"]),
        "sequence_title": _text(row.get("title")),
        "active": row.get("active"),
        "progress": row.get("progress"),
    }


def _listed_steps(row: Mapping[str, Any]) -> list[Row]:
    sequence_id = _text(row["id"])
    return [
        {
            "step_key": f"{sequence_id}|{number}",
            "sequence_id": sequence_id,
            "step_number": number,
            "step_id": _text(step.get("id")),
            "step_name": _text(step.get("name")),
        }
        for number, step in enumerate(row.get("steps") or [], 1)
    ]


def _prospects(emails: Iterable[Row]) -> list[Row]:
    known = (email for email in emails if email["sequence_id"])
    groups = _groups(known, lambda email: f"{email['sequence_id']}|{_address(email) or email['email_id']}")
    return [
        {
            "prospect_id": prospect_id,
            "sequence_id": group[0]["sequence_id"],
            "recipient_email": _address(group[0]),
            "sequence_title": _largest(group, "sequence_title"),
            "recipient_name": _largest(group, "recipient_name"),
            "emails_sent": len(group),
            "first_sent_at": _smallest(group, "email_sent_at"),
            "first_sent_epoch": _smallest(group, "sent_epoch"),
            "first_week": _monday(_smallest(group, "email_sent_at")),
            "last_sent_at": _largest(group, "email_sent_at"),
            **{event: _any(email[event] for email in group) for event in (*RATES, "deleted")},
            **_first_replies(group),
        }
        for prospect_id, group in groups.items()
    ]


def _first_replies(group: Sequence[Row]) -> Row:
    first = _smallest(group, "email_sent_at")
    replies = [email for email in group if email["replied_at"]]
    in_order = [email for email in replies if first and email["replied_at"] >= first]
    positive = [email for email in in_order if email["replied_positively"]]
    return {
        "replied_at": _smallest(in_order or replies, "replied_at"),
        "hours_to_reply": _hours(first, _smallest(in_order, "replied_at")),
        "hours_to_positive_reply": _hours(first, _smallest(positive, "replied_at")),
    }


def _rates_by_sequence(prospects: Iterable[Row], listed: Mapping[Any, Mapping[str, Any]]) -> list[Row]:
    groups: Groups = {sequence_id: [] for sequence_id in listed}
    groups |= _groups(prospects, lambda prospect: prospect["sequence_id"])
    return [
        {
            "sequence_id": sequence_id,
            "sequence_title": _title(listed, sequence_id, group),
            "active": listed.get(sequence_id, {}).get("active"),
            "emails_sent": sum(prospect["emails_sent"] for prospect in group),
            "prospects": len(group),
            **_rates(group),
        }
        for sequence_id, group in groups.items()
    ]


def _rates_by_step(
    emails: Iterable[Row], listed: Mapping[Any, Mapping[str, Any]], listed_steps: Iterable[Row]
) -> list[Row]:
    known = [email for email in emails if email["sequence_id"]]
    of_sequence = _groups(known, lambda email: email["sequence_id"])
    by_place = {step["step_key"]: step for step in listed_steps}
    names = {(step["sequence_id"], step["step_id"]): step["step_name"] for step in by_place.values() if step["step_id"]}
    sent = _groups(known, lambda email: email["step_key"])
    sent_ids = {(group[0]["sequence_id"], _largest(group, "step_id")) for group in sent.values()}
    unsent = {key for key, step in by_place.items() if (step["sequence_id"], step["step_id"] or "") not in sent_ids}
    groups: Groups = {step_key: [] for step_key in unsent} | sent
    rows = []
    for step_key, group in groups.items():
        step = by_place.get(step_key) or group[0]
        name = names.get((step["sequence_id"], _largest(group, "step_id")))
        rows.append(
            {
                "step_key": step_key,
                "sequence_id": step["sequence_id"],
                "sequence_title": _title(listed, step["sequence_id"], of_sequence.get(step["sequence_id"], [])),
                "step_number": step["step_number"],
                "step_name": name or by_place.get(step_key, {}).get("step_name"),
                "sent": len(group),
                **_rates(group),
            }
        )
    return rows


def _rates_by_variant(emails: Iterable[Row], steps: Mapping[Any, Row]) -> list[Row]:
    groups = _groups((email for email in emails if email["sequence_id"]), lambda email: email["variant_key"])
    return [
        {
            "variant_key": variant_key,
            "sequence_id": group[0]["sequence_id"],
            "sequence_title": steps[group[0]["step_key"]]["sequence_title"],
            "step_number": group[0]["step_number"],
            "step_name": steps[group[0]["step_key"]]["step_name"],
            "variant": _largest(group, "variant"),
            "variant_id": _largest(group, "variant_id"),
            "sent": len(group),
            **_rates(group),
        }
        for variant_key, group in groups.items()
    ]


def _weekly_cohorts(emails: Sequence[Row], prospects: Iterable[Row]) -> list[Row]:
    newest = max((email["latest_epoch"] or 0 for email in emails), default=0)
    cohorts = _groups((prospect for prospect in prospects if prospect["first_week"]), lambda row: row["first_week"])
    return [
        {
            "first_week": week,
            "prospects": len(cohort),
            "replied": _count(cohort, "replied"),
            "replied_positively": _count(cohort, "replied_positively"),
            "reply_rate": _count(cohort, "replied") / len(cohort),
            "positive_reply_rate": _count(cohort, "replied_positively") / len(cohort),
            **{f"reply_rate_{days}_days": _within(days, cohort, newest, "hours_to_reply") for days in (7, 14, 30)},
            **{
                f"positive_reply_rate_{days}_days": _within(days, cohort, newest, "hours_to_positive_reply")
                for days in (7, 14, 30)
            },
        }
        for week, cohort in cohorts.items()
    ]


def _within(days: int, cohort: Sequence[Row], newest: int, hours: str) -> float | None:
    if any(prospect["first_sent_epoch"] + days * 86_400 > newest for prospect in cohort):
        return None
    in_time: int = sum(prospect[hours] is not None and prospect[hours] <= days * 24 for prospect in cohort)
    return in_time / len(cohort)


def _sender_health(emails: Sequence[Row]) -> list[Row]:
    newest = max((email["latest_epoch"] or 0 for email in emails), default=0)
    groups = _groups((email for email in emails if email["sender_email"]), lambda email: email["sender_email"].lower())
    rows = []
    for sender, group in groups.items():
        row: Row = {"sender_email": sender}
        for suffix, days in (("_7_days", 7), ("_30_days", 30), ("", None)):
            sent = [email for email in group if days is None or _is_younger(email, newest - days * 86_400)]
            row[f"sent{suffix}"] = len(sent)
            row |= {f"{event}{suffix}": _count(sent, event) for event in SENDER_RATES}
            row |= {f"{RATES[event]}{suffix}": _share(sent, event) for event in SENDER_RATES}
        rows.append(row)
    return rows


def _is_younger(email: Row, epoch: int) -> bool:
    return email["sent_epoch"] is not None and email["sent_epoch"] >= epoch


def _rates(group: Sequence[Row]) -> Row:
    """How many rows of the group each event happened to, and their share."""
    counts = {event: _count(group, event) for event in RATES}
    return counts | {rate: _share(group, event) for event, rate in RATES.items()}


def _count(group: Iterable[Row], event: str) -> int:
    return sum(row[event] is True for row in group)


def _share(group: Sequence[Row], event: str) -> float | None:
    return _count(group, event) / len(group) if group else None


def _groups(rows: Iterable[Row], key: Callable[[Row], Any]) -> Groups:
    groups: Groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _title(listed: Mapping[Any, Mapping[str, Any]], sequence_id: Any, group: Sequence[Row]) -> Any:
    return _text(listed.get(sequence_id, {}).get("title")) or _largest(group, "sequence_title")


def _address(email: Row) -> str | None:
    address: str | None = email["recipient_email"]
    return address and address.lower()


def _smallest(group: Iterable[Row], name: str) -> Any:
    return min((row[name] for row in group if row[name] is not None), default=None)


def _largest(group: Iterable[Row], name: str) -> Any:
    return max((row[name] for row in group if row[name] is not None), default=None)


def _any(values: Iterable[bool | None]) -> bool | None:
    known = [value for value in values if value is not None]
    return any(known) if known else None


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None


def _number(value: int | str | None) -> int | None:
    return None if value is None else int(value)


def _yes_or_no(value: str | None) -> bool | None:
    return YES_OR_NO.get((value or "").strip().lower())


def _above_zero(count: int | None) -> bool | None:
    return None if count is None else count > 0


def _moment(value: str | None) -> datetime | None:
    """In UTC; the placeholder for a moment that is missing is None."""
    moment = datetime.fromisoformat(value.removesuffix("Z")) if value else None
    return None if moment == EPOCH else moment


def _epoch(moment: datetime | None) -> int | None:
    return int(moment.replace(tzinfo=timezone.utc).timestamp()) if moment else None


def _monday(moment: datetime | None) -> date | None:
    return moment.date() - timedelta(days=moment.weekday()) if moment else None


def _hours(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start) / timedelta(hours=1) if start and end and end >= start else None
