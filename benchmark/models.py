"""How long the SQL of `models/` takes in DuckDB, on tables as PyAirbyte makes them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmark.results import Target
from benchmark.table import table

MODELS = Path(__file__).parents[1] / "models"
MAX_SECONDS = 10
EMAILS = """
    CREATE TABLE consolidated_stats AS
    SELECT
        'sequence' || n % 50 AS sequence_id,
        'Sequence ' || n % 50 || ': follow up after the trade fair' AS sequence_title,
        'John Doe' AS sequence_owner,
        n // 50 % 5 + 1 AS step_number,
        'step' || n // 50 % 5 AS step_id,
        CASE WHEN n % 2 = 0 THEN 'A' ELSE 'B' END AS variant,
        CAST(NULL AS VARCHAR) AS variant_id,
        'sender' || n % 40 || '@example.com' AS sender_email,
        'prospect' || n % 200_000 || '@example.org' AS recipient_email,
        'Jane Smith' AS recipient_name,
        TIMESTAMP '2025-01-01' + INTERVAL 1 MINUTE * n AS email_sent_at,
        CASE WHEN n % 3 = 0 THEN 2 ELSE 0 END AS open_count,
        CASE WHEN n % 3 = 0 THEN email_sent_at + INTERVAL 5 HOUR END AS last_opened_at,
        CASE WHEN n % 15 = 0 THEN 'Yes' ELSE 'No' END AS replied,
        CASE WHEN n % 15 = 0 THEN email_sent_at + INTERVAL 9 DAY END AS replied_at,
        '' AS conversation_id,
        CASE WHEN n % 45 = 0 THEN 'Positive' ELSE 'Neutral' END AS current_sentiment,
        CASE WHEN n % 12 = 0 THEN 1 ELSE 0 END AS click_count,
        CASE WHEN n % 12 = 0 THEN email_sent_at + INTERVAL 6 HOUR END AS last_clicked_at,
        'https://example.com/offer?utm_source=mail' AS last_link_clicked,
        CASE WHEN n % 31 = 0 THEN 'Yes' ELSE 'No' END AS bounced,
        CAST(NULL AS TIMESTAMP) AS bounced_at,
        'No' AS unsubscribed,
        'No' AS deleted,
        CAST('{"id": "client", "firstName": "Ann", "companyName": "Example"}' AS JSON) AS client,
        TIMESTAMP '2027-01-01' AS _airbyte_extracted_at
    FROM range(?) AS numbers (n)
"""
SEQUENCES = """
    CREATE TABLE sequences AS
    SELECT
        'sequence' || n AS id,
        'Sequence ' || n AS title,
        TRUE AS active,
        1 AS progress,
        CAST('[{"id": "step0", "name": "Hello"}, {"id": "step1", "name": "Reminder"}]' AS JSON) AS steps,
        TIMESTAMP '2027-01-01' AS _airbyte_extracted_at
    FROM range(60) AS numbers (n)
"""


class ModelTime(NamedTuple):
    model: str
    rows: int
    seconds: float


def model_times(emails: int) -> list[ModelTime]:
    """Each model made as a table, after those that it reads."""
    with duckdb.connect() as connection:
        connection.execute(EMAILS, [emails])
        connection.execute(SEQUENCES)
        files = [*sorted((MODELS / "staging" / "pyairbyte").glob("*.sql")), *sorted(MODELS.glob("*.sql"))]
        return [_made(connection, file) for file in files]


def model_targets(times: Sequence[ModelTime], emails: int) -> list[Target]:
    slowest = max(times, key=lambda model: model.seconds)
    return [Target(f"Slowest model, {emails:,} emails: {slowest.model}", slowest.seconds, MAX_SECONDS, " s")]


def models_table(times: Iterable[ModelTime]) -> str:
    """Markdown: a row for each model."""
    return table(["Model", ">Rows", ">Seconds"], ([f"`{name}`", f"{rows:,}", f"{s:.1f}"] for name, rows, s in times))


def _made(connection: duckdb.DuckDBPyConnection, file: Path) -> ModelTime:
    begun = time.perf_counter()
    connection.execute(f"CREATE TABLE {file.stem} AS {file.read_text(encoding='utf-8')}")
    seconds = time.perf_counter() - begun
    (rows,) = connection.execute(f"SELECT count(*) FROM {file.stem}").fetchone() or (0,)
    return ModelTime(file.stem, rows, seconds)
