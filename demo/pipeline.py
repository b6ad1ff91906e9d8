"""The connector and the warehouse, with PyAirbyte between them."""

import io
import logging
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import airbyte
from airbyte.caches import DuckDBCache
from airbyte.exceptions import PyAirbyteError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from demo.errors import DemoError

CONNECTOR = "source-consolidated-stats"
CDK_LINE = re.compile(r"MemoryMonitor|Backing off|Check (succeeded|failed)|Starting|Marking|Syncing|Finished|\{")
"""How the lines begin that the CDK adds to the connector's own."""


class Pipeline:
    """Reads through the connector's console script, as Airbyte does, into the DuckDB file `file` until closed."""

    def __init__(self, config: dict[str, Any], file: Path) -> None:
        self._lines = ConnectorLines()
        with self._told():
            self._source = airbyte.get_source(CONNECTOR, local_executable=_console_script(), config=config)
            self._cache = DuckDBCache(db_path=file)
        logging.getLogger(f"airbyte.{CONNECTOR}").addHandler(self._lines)

    def check(self) -> None:
        with self._told():
            self._source.check()

    def discover(self) -> dict[str, int]:
        """The names of the streams, each with its number of columns. All of them are selected."""
        with self._told():
            self._source.select_all_streams()
            names = self._source.get_selected_streams()
            return {name: len(self._source.get_stream_json_schema(name)["properties"]) for name in names}

    def sync(self) -> int:
        """The number of rows read."""
        with self._told():
            return self._source.read(self._cache).processed_records

    @contextmanager
    def query(self) -> Iterator[Connection]:
        """The warehouse, for SQL."""
        with self._cache.get_sql_engine().begin() as connection:
            yield connection

    def close(self) -> None:
        """Leaves everything in the file, with no log beside it."""
        self._cache.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Keeps PyAirbyte quiet, whose own progress would hide the connector's. Raises DemoError where it fails."""
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                yield
        except PyAirbyteError as error:
            raise DemoError(self._lines.error or _reason(error)) from error
        except DBAPIError as error:
            raise DemoError(f"DuckDB: {error.orig}") from error


class ConnectorLines(logging.Handler):
    """Shows what the connector says while it works, and keeps what it says of its failure."""

    def __init__(self) -> None:
        super().__init__()
        self.error: str | None = None
        self._output = sys.stdout

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if record.levelno >= logging.ERROR:
            self.error = line
        elif not CDK_LINE.match(line):
            print(f"    {line}", file=self._output, flush=True)


def _reason(error: PyAirbyteError) -> str:
    reason = (error.context or {}).get("failure_reason")
    return str(reason or error.original_exception or error.get_message())


def _console_script() -> Path:
    """Beside this Python where it is installed there, else on the PATH."""
    beside = Path(sys.executable).with_name(CONNECTOR)
    found = beside if beside.exists() else shutil.which(CONNECTOR)
    if not found:
        raise DemoError(f"{CONNECTOR} is not installed: `pip install -e .` in the project's folder installs it.")
    return Path(found)
