"""Which calls a planned fault hits, and how often."""

from datetime import date, timedelta

import pytest

from integration_tests.sandbox.api_calls import ask, in_order, list_sequences, read_rows, record
from sandbox import Fault, Sandbox, Size


def test_a_fault_hits_as_often_as_planned_after_sparing_some(small: Sandbox) -> None:
    small.faults.add(Fault("500", times=2, skip=1))
    small.faults.add(Fault("503", times=1))

    assert [ask(small).status_code for _ in range(5)] == [503, 500, 500, 200, 200]


def test_a_fault_for_good_lasts_until_it_is_cleared(small: Sandbox) -> None:
    small.faults.add(Fault("500", times=None))
    assert [ask(small).status_code for _ in range(3)] == [500, 500, 500]

    small.faults.clear()

    assert ask(small).status_code == 200


def test_one_fault_is_removed_and_the_others_stay(small: Sandbox) -> None:
    small.faults.add(Fault("500", times=None, path="sequences"))
    small.faults.add(Fault("503", times=None, path="stats"))

    small.faults.remove(Fault("503", times=None, path="stats"))

    assert [ask(small).status_code, list_sequences(small).status_code] == [200, 500]
    with pytest.raises(ValueError, match="no such fault"):
        small.faults.remove(Fault("503", times=None, path="stats"))


def test_a_fault_hits_only_its_path(small: Sandbox) -> None:
    small.faults.add(Fault("500", path="sequences"))

    assert [ask(small).status_code, list_sequences(small).status_code] == [200, 500]


def test_a_fault_hits_only_its_page(small: Sandbox) -> None:
    small.faults.add(Fault("500", times=None, page=2))

    assert [ask(small, pageNum=page).status_code for page in (1, 2, 3)] == [200, 500, 200]
    assert [list_sequences(small, page=page).status_code for page in (1, 2)] == [200, 500]


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("2026-01-01", "2026-02-28", 200),
        ("2026-01-01", "2026-03-01", 500),
        ("2026-03-02", "2026-03-03", 500),
        ("2026-03-05", "2026-04-30", 500),
        ("2026-03-06", "2026-04-30", 200),
    ],
)
def test_a_fault_hits_the_calls_for_its_days(small: Sandbox, first: str, last: str, status: int) -> None:
    small.faults.add(Fault("500", window=(date(2026, 3, 1), date(2026, 3, 5))))

    assert list_sequences(small).status_code == 200
    assert ask(small, startDate=first, endDate=last).status_code == status


def test_days_of_one_sequence_can_fail_while_other_days_and_sequences_do_not(small: Sandbox) -> None:
    day = date(2026, 3, 1)
    ids = small.account.sequence_ids
    small.faults.add(Fault("500", times=None, window=(day, day), sequence_ids=ids[:1]))

    hit = [
        ask(small, startDate=str(first), endDate=str(first), sequenceIds=asked).status_code == 500
        for first in (day, day + timedelta(days=1))
        for asked in (ids, ids[:1], ids[1:])
    ]

    assert hit == [True, True, False, False, False, False]


@pytest.mark.parametrize(("kind", "status"), [("400-not-found", 400), ("404-not-found", 404)])
def test_a_ghost_is_listed_and_refuses_every_call_that_asks_for_it(small: Sandbox, kind: str, status: int) -> None:
    first_day, last_day = small.account.first_day, small.account.last_day
    ghost, *others = small.account.sequence_ids
    fault = Fault(kind, times=None, sequence_ids=[ghost])
    small.faults.add(fault)

    assert ghost in [one["id"] for one in list_sequences(small).json()["payload"]]
    assert [ask(small, sequenceIds=ids).status_code for ids in ([ghost], [*others, ghost])] == [status, status]
    assert len(ask(small, sequenceIds=others).json()["payload"]["data"]) == 500

    small.faults.remove(fault)
    rows = read_rows(small, first_day, last_day)
    assert in_order([record(row) for row in rows]) == in_order(small.truth())


@pytest.mark.parametrize(
    ("most", "light", "heavy"),
    [
        (Size(days=20), {"startDate": "2026-11-01"}, {"startDate": "2026-10-31"}),
        (Size(sequences=2), {"sequenceIds": [0, 1]}, {"sequenceIds": [0, 1, 2]}),
        (Size(rows=1000), {"pageNum": 2}, {"pageNum": 3}),
        (Size(days=20, sequences=2), {"startDate": "2026-11-01", "sequenceIds": [0]}, {"startDate": "2026-11-01"}),
    ],
)
@pytest.mark.parametrize(("kind", "status"), [("504", 504), ("413", 413), ("400", 400)])
def test_what_is_too_heavy_fails_always(
    small: Sandbox, most: Size, light: dict[str, object], heavy: dict[str, object], kind: str, status: int
) -> None:
    small.faults.add(Fault(kind, times=None, over=most))

    statuses = [ask(small, **changes(small, asked)).status_code for asked in (light, heavy, light, heavy)]

    assert statuses == [200, status, 200, status]


def changes(sandbox: Sandbox, asked: dict[str, object]) -> dict[str, object]:
    """Up to 20 November, with the ids of sequences for their places in the account."""
    places = asked.get("sequenceIds", range(3))
    assert isinstance(places, list | range)
    return {"endDate": "2026-11-20", **asked, "sequenceIds": [sandbox.account.sequence_ids[place] for place in places]}


def test_a_malformed_call_is_refused_and_hit_by_no_fault_for_days(small: Sandbox) -> None:
    small.faults.add(Fault("500", times=None, window=(date(2026, 1, 1), date(2026, 12, 31))))

    assert ask(small, startDate="yesterday").status_code == 400


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Fault("earthquake")
