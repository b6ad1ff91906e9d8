"""Every model in every warehouse, compared with the same computed in Python."""

from __future__ import annotations

import pytest

from integration_tests.models.comparison import in_order
from integration_tests.models.destinations import EXTRACTED_AT
from integration_tests.models.expected import expected_models
from integration_tests.models.records import EMAIL, SECOND_READ, SEQUENCE, Record, random_account
from integration_tests.models.tables import delivered
from integration_tests.models.warehouse import Warehouse

ACCOUNTS: dict[str, tuple[list[Record], list[Record]]] = {
    "an empty account": ([], []),
    "sequences that have sent nothing": ([], [SEQUENCE, {**SEQUENCE, "id": "s2", "steps": []}]),
    "emails of sequences that are not listed": ([EMAIL, {**EMAIL, "Sequence Id": "s2"}], []),
    "many values that are missing or in another form": random_account(seed=1, emails=400),
    "a few sequences, prospects and weeks": random_account(seed=2, emails=60),
    "copies, of which the last counts": (
        [EMAIL, {**EMAIL, "Open Count": 3, "Deleted": "Yes", EXTRACTED_AT: SECOND_READ}],
        [SEQUENCE, {**SEQUENCE, "title": "New title", "active": False, "steps": [], EXTRACTED_AT: SECOND_READ}],
    ),
}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_model_equals_the_truth(warehouse: Warehouse, account: str) -> None:
    emails, sequences = ACCOUNTS[account]
    warehouse.fill(emails, sequences)

    expected = expected_models(delivered("consolidated_stats", emails), delivered("sequences", sequences))

    for model, rows in expected.items():
        assert in_order(warehouse.rows(model)) == in_order(rows), model
