"""The Airbyte source: what `spec`, `check`, `discover` and `read` do."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from airbyte_cdk.models import (
    AirbyteConnectionStatus,
    AirbyteMessage,
    AirbyteStateMessage,
    ConfiguredAirbyteCatalog,
    ConnectorSpecification,
    Status,
    SyncMode,
)
from airbyte_cdk.sources import AbstractSource
from airbyte_cdk.sources.streams import Stream

from .api.call_budget import CallBudget
from .api.circuit_breaker import CircuitBreaker
from .api.limit.shared import SharedRateLimit
from .api.stream import Connection
from .check import LIMIT_PATIENCE_S, MAX_CALLS, check_access
from .config import Config, read_config
from .errors import ConnectorError
from .inputs import RESET, configured_modes, load_catalog, load_state, previous_state, read_file
from .planning.due.days import Calendar
from .planning.due.plan import requested_days
from .planning.due.request import SyncRequest
from .planning.due.state import State
from .planning.sync import Sync
from .reading.full_refresh import FullRefresh
from .reading.pages import one_by_one
from .reading.reader import StreamReader, read_concurrently
from .reading.shared_sync import SharedSync
from .reading.statistics import Statistics
from .records import RowWarnings
from .secret_filter import hide_secrets
from .streams import ConsolidatedStats, Sequences

SYNC_ATTEMPTS, CHECK_ATTEMPTS = 6, 2


class SourceConsolidatedStats(AbstractSource):
    check_config_against_spec = False
    """Each command does it itself, with messages that name the field."""

    @property
    def name(self) -> str:
        return "source-consolidated-stats"

    def spec(self, logger: logging.Logger) -> ConnectorSpecification:
        return self._spec

    @cached_property
    def _spec(self) -> ConnectorSpecification:
        """Parsed once, though each step of a command asks for it."""
        return super().spec(logging.getLogger("airbyte"))

    @classmethod
    def read_config(cls, config_path: str) -> Any:
        return read_file("configuration", config_path, super().read_config)

    @classmethod
    def read_catalog(cls, catalog_path: str) -> ConfiguredAirbyteCatalog:
        return read_file("catalog", catalog_path, load_catalog)

    @classmethod
    def read_state(cls, state_path: str) -> list[AirbyteStateMessage]:
        return read_file("state", state_path, load_state, RESET) if state_path else []

    def configure(self, config: Mapping[str, Any], temp_dir: str) -> Mapping[str, Any]:
        """Hides the key before anything can be quoted. The CDK's own method writes it into `temp_dir`, in clear and for
        nobody."""
        hide_secrets(config, self._spec.connectionSpecification)
        return config

    def check(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        succeeded, error = self.check_connection(logger, config)
        return AirbyteConnectionStatus(status=Status.SUCCEEDED if succeeded else Status.FAILED, message=error)

    def check_connection(self, logger: logging.Logger, config: Mapping[str, Any]) -> tuple[bool, str | None]:
        try:
            settings = self._config(config)
            budget = CallBudget(MAX_CALLS)
            limit, breaker = SharedRateLimit(LIMIT_PATIENCE_S, budget), CircuitBreaker(CHECK_ATTEMPTS, budget)
            stats, sequences, *_ = _endpoints(settings, limit, breaker, RowWarnings())
            logger.info(check_access(settings.sequence_ids, sequences, stats, _calendar()))
        except ConnectorError as error:
            return False, error.message
        return True, None

    def streams(self, config: Mapping[str, Any]) -> list[Stream]:
        return list(_sync_endpoints(self._config(config), RowWarnings()))

    def read(
        self,
        logger: logging.Logger,
        config: Mapping[str, Any],
        catalog: ConfiguredAirbyteCatalog,
        state: list[AirbyteStateMessage] | None = None,
    ) -> Iterator[AirbyteMessage]:
        yield from one_by_one(self.read_pages(logger, config, catalog, state))

    def read_pages(
        self,
        logger: logging.Logger,
        config: Mapping[str, Any],
        catalog: ConfiguredAirbyteCatalog,
        state: list[AirbyteStateMessage] | None = None,
    ) -> Iterator[AirbyteMessage]:
        """What `read` gives, with one message for each page of records: see `reading.pages`."""
        settings, warnings = self._config(config), RowWarnings()
        stats, sequences, *_ = endpoints = _sync_endpoints(settings, warnings)
        offered = [endpoint.name for endpoint in endpoints]
        modes = configured_modes(catalog, offered)
        readers: list[StreamReader] = [FullRefresh(endpoint) for endpoint in endpoints[1:] if endpoint.name in modes]
        if mode := modes.get(stats.name):
            # A full refresh reads everything, whatever an earlier sync has read.
            before = previous_state(state, stats.name, offered) if mode == SyncMode.incremental else State()
            stats.breaker.refusals_are_known = bool(before.refused)
            readers.append(Statistics(_plan(logger, settings, before, sequences), stats, warnings))
        if readers:
            yield from read_concurrently(readers, warnings, workers=settings.num_workers)

    def _config(self, config: Mapping[str, Any]) -> Config:
        return read_config(config, self._spec.connectionSpecification, _calendar())


def _sync_endpoints(settings: Config, warnings: RowWarnings) -> tuple[ConsolidatedStats, Sequences]:
    return _endpoints(settings, SharedRateLimit(), CircuitBreaker(SYNC_ATTEMPTS), warnings)


def _endpoints(
    settings: Config, limit: SharedRateLimit, breaker: CircuitBreaker, warnings: RowWarnings
) -> tuple[ConsolidatedStats, Sequences]:
    """The endpoint of each stream. All but the first are read whole at each sync."""
    connection = Connection(settings.api_url, settings.api_key, limit, breaker)
    return ConsolidatedStats(connection, settings.page_size, warnings), Sequences(connection, warnings)


def _plan(logger: logging.Logger, settings: Config, before: State, sequences: Sequences) -> SharedSync:
    """The sync of `consolidated_stats`."""
    ids = list(settings.sequence_ids) or _list_ids(logger, sequences, before)
    calendar = Calendar(sequences.clock.earlier_now)  # by now the listing has shown what time it is there
    _warn_of_retention(logger, settings, calendar)
    request = SyncRequest(
        ids,
        requested_days(settings.start_date, settings.end_date, calendar),
        calendar,
        settings.lookback_window_days,
        settings.refresh_by_age,
        settings.num_workers,
        settings.page_size,
    )
    return SharedSync(
        Sync(before, request),
        request,
        sequences.clock,
        ids_from_user=bool(settings.sequence_ids),
        refused_before=before.refused,
    )


def _list_ids(logger: logging.Logger, sequences: Sequences, before: State) -> list[str]:
    ids = sequences.list_ids()
    if not ids and before.coverage:
        logger.warning(
            f"The API lists no sequences, though the state knows {len(before.coverage):,}. Nothing is read, and "
            "nothing is forgotten."
        )
    elif not ids:
        logger.info("The account has no sequences: there is nothing to read.")
    return ids


def _warn_of_retention(logger: logging.Logger, settings: Config, calendar: Calendar) -> None:
    oldest = calendar.retention_start
    if settings.start_date and settings.start_date < oldest:
        logger.warning(f"start_date: {settings.start_date} is older than the API keeps; reading from {oldest} on.")


def _calendar() -> Calendar:
    return Calendar(datetime.now(timezone.utc))
