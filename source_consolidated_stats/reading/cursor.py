"""The CDK's cursor on a sync: writes a state for each window that is covered."""

from __future__ import annotations

import logging
from typing import Any

from airbyte_cdk.models import AirbyteMessage
from airbyte_cdk.sources.connector_state_manager import ConnectorStateManager
from airbyte_cdk.sources.streams.concurrent.cursor import Cursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.types import Record as CdkRecord

from ..planning.due.state import State
from ..wording import counted
from .checkpoints import Checkpoint
from .ordered_repository import OrderedRepository
from .partition import WindowPartition
from .shared_sync import SharedSync

logger = logging.getLogger("airbyte")


class CoverageCursor(Cursor):
    """A worker closes a window after it has put all of the window's records on the queue that is printed; the state
    goes onto the same queue, so it is printed after them."""

    def __init__(self, stream_name: str, sync: SharedSync, repository: OrderedRepository) -> None:
        self._stream_name = stream_name
        self._sync = sync
        self._repository = repository
        self._manager = ConnectorStateManager()

    @property
    def state(self) -> dict[str, Any]:
        return self._sync.sync.state.to_json()

    def observe(self, record: CdkRecord) -> None:
        """Nothing for each record: a window knows its newest when it is closed."""

    def should_be_synced(self, record: CdkRecord) -> bool:
        return True

    def close_partition(self, partition: Partition) -> None:
        assert isinstance(partition, WindowPartition)
        if partition.delivered:
            window = partition.window
            left = self._sync.complete(window, partition.rows, partition.newest, self._emit)
            logger.info(
                f"Read {window.days} of {counted(len(window.sequence_ids), 'sequence')} (pages: {partition.pages}): "
                f"{counted(partition.rows, 'row')}; windows left: {left}."
            )

    def ensure_at_least_one_state_emitted(self) -> None:
        """The last state of a sync, which owes no lookback any longer."""
        self._emit(self._sync.end())

    def _emit(self, state: State) -> None:
        self._repository.emit_checkpoint(Checkpoint(lambda: self._message(state)))

    def _message(self, state: State) -> AirbyteMessage:
        self._manager.update_state_for_stream(self._stream_name, None, state.to_json())
        return self._manager.create_state_message(self._stream_name, None)
