"""What a command is given besides its configuration: files, a catalog, a previous state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from airbyte_cdk.models import AirbyteStateMessage, ConfiguredAirbyteCatalog, SyncMode
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager

from .errors import ConfigError
from .planning.state import State, read_state

T = TypeVar("T")


def read_file(what: str, path: str, read: Callable[[str], T]) -> T:
    """What `read` makes of the file at `path`. Raises ConfigError, which names the file and what is wrong with it."""
    try:
        return read(path)
    except Exception as error:
        raise ConfigError(f"The {what} file {path} cannot be read: {error}") from None


def configured_mode(catalog: ConfiguredAirbyteCatalog, name: str) -> SyncMode | None:
    """The sync mode that the catalog asks for; None if it asks for no stream at all.

    Raises ConfigError if it asks for a stream other than `name`.
    """
    unknown = [configured.stream.name for configured in catalog.streams if configured.stream.name != name]
    if unknown:
        raise ConfigError(
            f"The catalog has the stream {', '.join(unknown)}, which this source does not offer: it has only {name}. "
            "Refresh the source's schema in the connection."
        )
    return catalog.streams[0].sync_mode if catalog.streams else None


def previous_state(messages: list[AirbyteStateMessage] | None, name: str) -> State:
    """The state in `messages` of the stream `name`.

    Raises ConfigError, which says to reset the stream, if the state cannot be read.
    """
    try:
        return read_state(ConnectorStateManager(messages).get_stream_state(name, None))
    except ValueError as error:
        raise ConfigError(
            f"The state of {name} cannot be used: {error}. Reset the stream (in Airbyte: clear its data), "
            "and the next sync reads everything again."
        ) from None
