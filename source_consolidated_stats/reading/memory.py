"""A watch on the container's memory: a sync ends with a state and a reason before the kernel would kill it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from airbyte_cdk.models import AirbyteMessage, FailureType
from airbyte_cdk.utils import AirbyteTracedException
from airbyte_cdk.utils.memory_monitor import MemoryMonitor

from ..errors import ConnectorError
from .checkpoints import Checkpoints
from .pages import records_of

_RECORDS_A_CHECK = 500
"""A page of the usual size."""


class MemoryShortageError(ConnectorError):
    """The memory is nearly used up."""


def watch_memory(messages: Iterable[AirbyteMessage], checkpoints: Checkpoints) -> Iterator[AirbyteMessage]:
    """The messages, with a look at the memory after some hundred records. The CDK's monitor is told of each.

    Raises MemoryShortageError, after the state that is held back, once the container's limit is near.
    """
    monitor = MemoryMonitor(check_interval=_RECORDS_A_CHECK)
    for message in messages:
        yield message
        if not message.record:
            continue
        try:
            for _ in records_of(message.record):
                monitor.check_memory_usage()
        except AirbyteTracedException as shortage:
            if state := checkpoints.take():
                yield state
            raise MemoryShortageError(
                f"{shortage.message} The sync ends here, before the container is killed; the next one goes on from "
                "there. Give the container more memory, or lower num_workers or page_size.",
                FailureType.system_error,
            ) from None
