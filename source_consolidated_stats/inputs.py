"""What a command is given besides its configuration: files, a catalog, a previous state."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from airbyte_cdk.models import (
    AirbyteStateMessage,
    AirbyteStateMessageSerializer,
    AirbyteStateType,
    ConfiguredAirbyteCatalog,
    ConfiguredAirbyteCatalogSerializer,
    DestinationSyncMode,
    SyncMode,
)

from .errors import ConfigError
from .planning.due.state import State, UnreadableStateError, read_state

T = TypeVar("T")

RESET = "Reset the stream (in Airbyte: clear its data), and the next sync reads everything again."


def read_file(what: str, path: str, read: Callable[[str], T], remedy: str = "") -> T:
    """What `read` makes of the file at `path`.

    Raises ConfigError, which names the file, what is wrong with it, and the `remedy`.
    """
    try:
        return read(path)
    except Exception as error:
        problem = " ".join(str(error).split()).rstrip(".")
        raise ConfigError(f"The {what} file {path} cannot be read: {problem}. {remedy}".rstrip()) from None


def load_catalog(path: str) -> ConfiguredAirbyteCatalog:
    """The catalog in the file at `path`. What the destination does with the records changes nothing here, so a mode
    newer than this CDK does no harm. Raises ValueError and the CDK's own errors."""
    catalog = _load_json(path)
    streams = catalog.get("streams") if isinstance(catalog, Mapping) else None
    for configured in streams if isinstance(streams, list) else []:
        if isinstance(configured, dict):
            configured["destination_sync_mode"] = DestinationSyncMode.append.value
    return ConfiguredAirbyteCatalogSerializer.load(catalog)


def load_state(path: str) -> list[AirbyteStateMessage]:
    """The state messages in the file at `path`: a list of them, a single one, or none. Raises ValueError and the CDK's
    own errors."""
    content = _load_json(path) or []
    messages = [content] if isinstance(content, Mapping) else content
    if not isinstance(messages, list) or not all(isinstance(message, Mapping) for message in messages):
        raise ValueError("it does not hold state messages")
    return [AirbyteStateMessageSerializer.load(_without_extras(message)) for message in messages]


def configured_modes(catalog: ConfiguredAirbyteCatalog, names: Sequence[str]) -> dict[str, SyncMode]:
    """The sync mode of each stream that the catalog asks for.

    Raises ConfigError if it asks for a stream that is not one of `names`.
    """
    modes = {configured.stream.name: configured.sync_mode for configured in catalog.streams}
    unknown = [name for name in modes if name not in names]
    if unknown:
        raise ConfigError(
            f"The catalog has the stream {', '.join(unknown)}, which this source does not offer: it has only "
            f"{' and '.join(names)}. Refresh the source's schema in the connection."
        )
    return modes


def previous_state(messages: list[AirbyteStateMessage] | None, name: str, offered: Collection[str]) -> State:
    """The state in `messages` of the stream `name`, whatever its namespace; an empty one if there are no messages.

    Raises ConfigError, which says to reset the stream, if a message is not a state of one of the streams `offered`, or
    if the stream's state cannot be read.
    """
    content: Mapping[str, Any] = {}
    for message in messages or []:
        if message.type != AirbyteStateType.STREAM:
            found = f"of type {message.type.value}" if message.type else "without a type"
            raise ConfigError(f"The state is {found}, and this source reads states of type STREAM only. {RESET}")
        if message.stream is None:
            raise ConfigError(f"The state names no stream. {RESET}")
        stream = message.stream.stream_descriptor.name
        if stream not in offered:
            raise ConfigError(
                f"The state is of the stream {stream}, which this source does not offer: it has {', '.join(offered)}. "
                f"{RESET}"
            )
        if stream == name:
            content = vars(message.stream.stream_state) if message.stream.stream_state else {}
    try:
        return read_state(content)
    except UnreadableStateError as error:
        raise ConfigError(f"The state of {name} cannot be used: {error}. {RESET}") from None


def _load_json(path: str) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


def _without_extras(message: Mapping[str, Any]) -> dict[str, Any]:
    """What is read of a state message: the platform adds an id and statistics of its own."""
    return {name: message[name] for name in ("type", "stream") if name in message}
