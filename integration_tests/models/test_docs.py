"""What README and docs say of warehouses holds in each of them."""

import json

from integration_tests.models.comparison import in_order
from integration_tests.models.destinations import DESTINATIONS, MOMENT, OBJECT
from integration_tests.models.records import EMAIL, SEQUENCE
from integration_tests.models.warehouse import Warehouse
from unit_tests.repository.markdown import Page

README = Page("README.md")
DOCS = Page("docs/consolidated-stats.md")
TITLE = "# source-consolidated-stats"


def test_the_query_of_the_readme_runs_on_the_record_of_the_readme(warehouse: Warehouse) -> None:
    record = json.loads(README.code(TITLE, "json"))
    warehouse.fill([record, {**record, "Step Number": 2, "Replied": "No"}])

    assert in_order(warehouse.query(README.code(TITLE, "sql"))) == [
        {"positive_reply_rate": 0.5, "reply_rate": 0.5, "sent": 2, "sequence_title": "Welcome Campaign"}
    ]


def test_the_query_of_the_docs_page_runs(warehouse: Warehouse) -> None:
    warehouse.fill([EMAIL, {**EMAIL, "Recipient Email": "ann@example.org", "Replied": "Yes"}], [SEQUENCE])

    (row,) = in_order(warehouse.query(DOCS.code("### Rates by sequence, step and week", "sql")))
    assert row["sequence_title"] == SEQUENCE["title"]
    assert (row["step_name"], row["sent"], row["reply_rate"]) == ("Hello", 2, 0.5)


def test_the_table_of_names_is_that_of_the_destinations() -> None:
    named = {
        name.lower().replace("postgresql", "postgres"): [cell.split(",")[0].strip("`") for cell in cells]
        for name, *cells in DOCS.table("### Names in your warehouse")
    }

    assert named.keys() == {destination.name for destination in DESTINATIONS}
    for destination in DESTINATIONS:
        sent_at, recipient, moment, lists, null = named[destination.name]
        names = [destination.column(field) for field in ("Email Sent At", "Recipient name")]
        assert [sent_at.strip('"'), recipient.strip('"')] == [name.strip('"`') for name in names]
        assert moment == destination.kinds[MOMENT].replace("TIMESTAMP WITH TIME ZONE", "timestamptz")
        assert lists.upper() == destination.kinds[OBJECT].upper()
        assert (null == "not allowed") == destination.refuses_nulls
