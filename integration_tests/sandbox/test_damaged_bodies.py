"""Good responses with something wrong in their text: one value of one row, or the whole."""

import codecs
import json
import math
from typing import Any

import pytest
import requests

from integration_tests.sandbox.api_calls import ask
from sandbox import Fault, Sandbox


def ask_with_fault(sandbox: Sandbox, kind: str) -> requests.Response:
    sandbox.faults.add(Fault(kind))
    return ask(sandbox)


def payload(text: str) -> dict[str, Any]:
    """As read by a parser that is not strict about control characters."""
    content: dict[str, Any] = json.loads(text, strict=False)["payload"]
    return content


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        ("control-character", "Recipient name", "Ada\x01 Abara"),
        ("half-emoji", "Recipient name", "Ada \ud83d"),
        ("overflow", "Open Count", float("inf")),
        ("huge-integer", "Click Count", 123456789012345678901234567890),
    ],
)
def test_one_value_of_one_row_is_odd(small: Sandbox, kind: str, column: str, value: object) -> None:
    expected = ask(small).json()["payload"]
    expected["data"][0][column] = value

    assert payload(ask_with_fault(small, kind).text) == expected
    assert [(call.rows, call.refusal) for call in small.calls] == [(500, None), (500, kind)]


def test_a_value_is_not_a_number(small: Sandbox) -> None:
    counts = [row["Open Count"] for row in payload(ask_with_fault(small, "nan").text)["data"]]

    assert [math.isnan(count) for count in counts] == [True, *[False] * 499]


def test_a_value_is_nested_deeper_than_a_parser_goes(small: Sandbox) -> None:
    text = ask_with_fault(small, "deep-nesting").text

    assert '"Current Sentiment":' + "[" * 5_000 + "]" * 5_000 + "," in text
    with pytest.raises(RecursionError):
        json.loads(text)


def test_whether_there_is_more_comes_as_text(small: Sandbox) -> None:
    small.faults.add(Fault("has-more-text", times=None))

    assert [ask(small, pageNum=page).json()["payload"]["hasMore"] for page in (1, 3)] == ["true", "false"]


def test_a_byte_order_mark_comes_before_the_json(small: Sandbox) -> None:
    good = ask(small).content

    assert ask_with_fault(small, "byte-order-mark").content == codecs.BOM_UTF8 + good


def test_half_of_the_json_arrives(small: Sandbox) -> None:
    response = ask_with_fault(small, "truncated-json")

    assert response.status_code == 200
    assert response.text.startswith('{"message":"Sequence prospects')
    with pytest.raises(requests.JSONDecodeError):
        response.json()


def test_no_date_has_an_offset(small: Sandbox) -> None:
    rows = ask(small).json()["payload"]["data"]

    damaged = payload(ask_with_fault(small, "no-offsets").text)["data"]

    assert [row["Email Sent At"] for row in damaged] == [
        row["Email Sent At"][: len("Thu Dec 18 2024 10:59:29")] for row in rows
    ]
    assert {row["Last Opened At"][24:] for row in damaged} == {""}
