from __future__ import annotations

from airbyte_cdk.sources.message import InMemoryMessageRepository

from source_consolidated_stats.api.circuit_breaker import CircuitBreaker
from source_consolidated_stats.api.limit.shared import SharedRateLimit
from source_consolidated_stats.api.stream import Connection
from source_consolidated_stats.reading.full_refresh import FullRefresh
from source_consolidated_stats.records import RowWarnings
from source_consolidated_stats.streams import Sequences


def test_a_listing_is_read_as_one_page_and_a_record_without_fields_is_in_it() -> None:
    connection = Connection("https://example.com", "key", SharedRateLimit(), CircuitBreaker(1))
    sequences = Sequences(connection, RowWarnings())
    sequences.records = [{}, {"id": "2dP27N0gZ4"}]

    (partition,) = FullRefresh(sequences).stream(InMemoryMessageRepository()).generate_partitions()
    (page,) = partition.read()

    assert page["records"] == sequences.records
    assert page, "the CDK stops at what is false"
