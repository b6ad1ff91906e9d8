"""Shows what the live API really answers, without a word of what the account holds.

`python tools/record_sample.py secrets/config.json > sample.json`

Makes four small calls with the configuration's key: the list of sequences, statistics, and two that the API refuses.
Each value is replaced by its kind, and of a date text only the form is left; names of fields, rate-limit headers and
a few well-known words such as Yes and No stay.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests
import yaml

SPEC = Path(__file__).parents[1] / "source_consolidated_stats" / "spec.yaml"
KNOWN_WORDS = frozenset({"Yes", "No", "Positive", "Neutral", "Negative", "active", "inactive"})
SENTENCE_FIELDS = frozenset({"message", "error"})
"""Fields in which the API speaks for itself; a word with a capital may be a name, unless it is one of these."""
WORDS_WITH_CAPITALS = frozenset({"API", "Bad", "Cannot", "Exceeded", "Forbidden", "Internal", "Invalid", "Limit"}) | {
    *("Not", "One", "Rate", "Request", "Sequence", "Sequences", "Server", "Too", "Unauthorized"),
    *("sequenceIds", "startDate", "endDate", "pageNum", "pageLimit"),
}
PLAIN_WORD = re.compile(r"[a-z]+[.,:;]?|&")
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z_ ]*")
DATE_FORMS = (
    re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d+ \d+ [\d:.]+ (?:GMT|UTC)[-+\d:]*(?: \([A-Z][A-Za-z_/ +-]*\))?"),
    re.compile(r"\d+-\d+-\d+(?:[T ][\d:.]+(?:Z|[-+][\d:]+)?)?"),
)
SMALLEST_PAGE = 10
DAYS = 30
TIMEOUT = 30


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints a redacted sample of the API's answers.")
    parser.add_argument("config", type=Path, nargs="?", default=Path("secrets/config.json"))
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    print(json.dumps(sample(config), indent=2, ensure_ascii=False))


def sample(config: Mapping[str, Any]) -> dict[str, Any]:
    """The redacted answers, by what was asked for."""
    fields = yaml.safe_load(SPEC.read_text(encoding="utf-8"))["connectionSpecification"]["properties"]
    url = config.get("api_url", fields["api_url"]["default"]).rstrip("/")
    with requests.Session() as session:
        session.headers["x-api-key"] = config["api_key"]
        listing = _call(session, "GET", f"{url}/v1/sequences?page=1&pageSize={SMALLEST_PAGE}")
        ids = config.get("sequence_ids") or _ids(listing)
        statistics = f"{url}/v1/analytics/consolidated-stats"
        body = {
            "sequenceIds": ids,
            "startDate": str(date.today() - timedelta(days=DAYS)),
            "endDate": str(date.today()),
            "pageNum": 1,
            "pageLimit": SMALLEST_PAGE,
        }
        return {
            "sequences": redact(listing),
            "statistics": redact(_call(session, "POST", statistics, body)),
            "page limit too small": redact(_call(session, "POST", statistics, {**body, "pageLimit": 1})),
            "wrong key": redact(_call(session, "POST", statistics, body, {"x-api-key": "wrong-key"})),
        }


def redact(response: requests.Response) -> dict[str, Any]:
    """Status, headers and form of an answer."""
    try:
        form = form_of(response.json())
    except requests.JSONDecodeError:
        form = "no JSON"
    headers = {name.lower(): value for name, value in response.headers.items()}
    limits = {name: value for name, value in headers.items() if "ratelimit" in name or name == "retry-after"}
    return {"status": response.status_code, "headers": sorted(headers), "rate limit": limits, "body": form}


def form_of(value: object, name: str = "") -> Any:
    """What is left of a value when nobody can be told from it."""
    if isinstance(value, Mapping):
        return {key if FIELD_NAME.fullmatch(key) else "(a key)": form_of(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return {"items": len(value), "forms": _merged(form_of(item, name) for item in value)}
    if isinstance(value, str):
        return _form_of_text(value, name)
    return "null" if value is None else type(value).__name__


def _form_of_text(text: str, name: str) -> str:
    if not text or text in KNOWN_WORDS:
        return repr(text)
    if any(form.fullmatch(text) for form in DATE_FORMS):
        return re.sub(r"^[A-Z][a-z]{2} [A-Z][a-z]{2} ", "Www Mmm ", re.sub(r"\d", "9", text))
    if name in SENTENCE_FIELDS:
        return " ".join(word if _is_plain(word) else "(...)" for word in text.split())
    return "text"


def _is_plain(word: str) -> bool:
    return word in WORDS_WITH_CAPITALS or PLAIN_WORD.fullmatch(word) is not None


def _merged(forms: Iterable[Any]) -> Any:
    """How often each form comes; of objects, field by field."""
    known = list(forms)
    objects = [form for form in known if isinstance(form, dict)]
    fields = list(dict.fromkeys(field for form in objects for field in form))
    counted: dict[str, Any] = dict(Counter(form for form in known if not isinstance(form, dict)))
    return counted | {field: _merged(form.get(field, "(missing)") for form in objects) for field in fields}


def _call(
    session: requests.Session, method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None
) -> requests.Response:
    return session.request(method, url, json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)


def _ids(listing: requests.Response) -> list[str]:
    if not listing.ok:
        return []
    return [sequence["id"] for sequence in listing.json().get("payload", [])]


if __name__ == "__main__":
    main()
