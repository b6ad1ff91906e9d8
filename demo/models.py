"""The SQL of `models/`, as views beside the tables that the connector fills."""

from sqlalchemy import Connection

from demo import ROOT

STAGING = ROOT / "models" / "staging" / "pyairbyte"
MODELS = [*sorted(STAGING.glob("*.sql")), *sorted((ROOT / "models").glob("*.sql"))]
"""A model comes after those that it reads: within each folder, that is the order of the alphabet."""


def create_views(connection: Connection) -> None:
    """Each view has its file's name, and replaces the view of that name."""
    for file in MODELS:
        connection.exec_driver_sql(f"CREATE OR REPLACE VIEW {file.stem} AS {file.read_text(encoding='utf-8')}")
