from __future__ import annotations

from source_consolidated_stats.api.circuit_breaker import CircuitBreaker
from source_consolidated_stats.api.shared_rate_limit import SharedRateLimit
from source_consolidated_stats.api.stream import Connection
from source_consolidated_stats.reading.listing import Listing
from source_consolidated_stats.records import RowWarnings
from source_consolidated_stats.streams import Sequences


def test_a_record_without_fields_is_true_so_that_it_does_not_end_the_reading_of_the_queue() -> None:
    connection = Connection("https://example.com", "key", SharedRateLimit(), CircuitBreaker(1))
    sequences = Sequences(connection, RowWarnings())
    sequences.records = [{}, {"id": "2dP27N0gZ4"}]

    read = list(Listing(sequences).read())

    assert [dict(record.data) for record in read] == sequences.records
    assert all(read)
