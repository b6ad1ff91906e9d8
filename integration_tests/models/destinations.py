"""How each destination names and types columns: the one place that knows, with the code that it was read in.

Paths are those of https://github.com/airbytehq/airbyte under airbyte-integrations/connectors/, and of
https://github.com/airbytehq/PyAirbyte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

TEXT, NUMBER, BOOLEAN, MOMENT, OBJECT, LIST = "text", "number", "boolean", "moment", "object", "list"
EXTRACTED_AT = "_airbyte_extracted_at"
"""When the row was read: a column that each destination adds, and that tells which of two copies is the newer."""
KEYS = {
    "consolidated_stats": ("Sequence Id", "Step Number", "Recipient Email", "Email Sent At"),
    "sequences": ("id",),
}
"""The columns of the primary key, which has the cursor among them."""


@dataclass(frozen=True)
class Destination:
    """`column` makes a column's name of a field's, as SQL has to write it; `kinds` are the types of columns."""

    name: str
    source: str
    column: Callable[[str], str]
    kinds: Mapping[str, str]
    key_suffix: str = ""
    """What follows the type of a column of the key in Append + Deduped."""
    others_wrap: str = "{}"
    """How the type of any other column is written."""
    engine: str = ""
    """What follows the columns in CREATE TABLE."""

    @property
    def refuses_nulls(self) -> bool:
        """In the columns of the key and the cursor, in Append + Deduped."""
        return bool(self.key_suffix) or self.others_wrap != "{}"

    def definition(self, table: str, field: str, kind: str) -> str:
        """The column of a field in CREATE TABLE."""
        type_name = self.kinds[kind]
        is_key = field in {*KEYS[table], EXTRACTED_AT}
        return f"{self.column(field)} {type_name + self.key_suffix if is_key else self.others_wrap.format(type_name)}"

    def table_suffix(self, table: str) -> str:
        key = [self.column(field) for field in KEYS[table]]
        return self.engine.format(key=", ".join(key), version=key[-1] if len(key) > 1 else EXTRACTED_AT)


def underscored(field: str) -> str:
    """`toAlphanumericAndUnderscore` of Airbyte's CDK for destinations: capitals stay."""
    return re.sub(r"[^A-Za-z0-9_]", "_", field)


POSTGRES = Destination(
    name="postgres",
    source="destination-postgres: PostgresNamingUtils.kt, PostgresTableSchemaMapper.kt",
    column=lambda field: f'"{underscored(field)}"',
    kinds={
        TEXT: "VARCHAR",
        NUMBER: "BIGINT",
        BOOLEAN: "BOOLEAN",
        MOMENT: "TIMESTAMP WITH TIME ZONE",
        OBJECT: "JSONB",
        LIST: "JSONB",
    },
)
SNOWFLAKE = Destination(
    name="snowflake",
    source="destination-snowflake: SnowflakeNamingUtils.kt, SnowflakeTableSchemaMapper.kt",
    column=lambda field: f'"{field.upper()}"',
    kinds={
        TEXT: "VARCHAR",
        NUMBER: "NUMBER(38,0)",
        BOOLEAN: "BOOLEAN",
        MOMENT: "TIMESTAMP_TZ",
        OBJECT: "OBJECT",
        LIST: "ARRAY",
    },
    key_suffix=" NOT NULL",
)
BIGQUERY = Destination(
    name="bigquery",
    source="destination-bigquery: BigqueryNameGenerators.kt, BigqueryDirectLoadSqlGenerator.kt",
    column=lambda field: f"`{underscored(field)}`",
    kinds={TEXT: "STRING", NUMBER: "INT64", BOOLEAN: "BOOL", MOMENT: "TIMESTAMP", OBJECT: "JSON", LIST: "JSON"},
)
REDSHIFT = Destination(
    name="redshift",
    source="destination-redshift: RedshiftNamingUtils.kt, RedshiftTableSchemaMapper.kt",
    column=lambda field: f'"{underscored(field).lower()}"',
    kinds={
        TEXT: "VARCHAR(65535)",
        NUMBER: "BIGINT",
        BOOLEAN: "BOOLEAN",
        MOMENT: "TIMESTAMPTZ",
        OBJECT: "SUPER",
        LIST: "SUPER",
    },
)
DATABRICKS = Destination(
    name="databricks",
    source="destination-databricks: DatabricksNamingUtils.kt, DatabricksTableSchemaMapper.kt",
    column=lambda field: f"`{underscored(field)}`",
    kinds={
        TEXT: "STRING",
        NUMBER: "LONG",
        BOOLEAN: "BOOLEAN",
        MOMENT: "TIMESTAMP",
        OBJECT: "STRING",
        LIST: "STRING",
    },
)
CLICKHOUSE = Destination(
    name="clickhouse",
    source="destination-clickhouse: ClickhouseNamingUtils.kt, ClickhouseTableSchemaMapper.kt",
    column=lambda field: f"`{underscored(field)}`",
    kinds={
        TEXT: "String",
        NUMBER: "Int64",
        BOOLEAN: "Bool",
        MOMENT: "DateTime64(3)",
        OBJECT: "String",
        LIST: "String",
    },
    others_wrap="Nullable({})",
    engine=" ENGINE = ReplacingMergeTree({version}) ORDER BY ({key})",
)
PYAIRBYTE = Destination(
    name="pyairbyte",
    source="airbyte/_util/name_normalizers.py, airbyte/types.py",
    column=lambda field: f'"{underscored(field).lower()}"',
    kinds={
        TEXT: "VARCHAR",
        NUMBER: "BIGINT",
        BOOLEAN: "BOOLEAN",
        MOMENT: "TIMESTAMP",
        OBJECT: "JSON",
        LIST: "JSON",
    },
)
DESTINATIONS = (POSTGRES, SNOWFLAKE, BIGQUERY, REDSHIFT, DATABRICKS, CLICKHOUSE, PYAIRBYTE)
