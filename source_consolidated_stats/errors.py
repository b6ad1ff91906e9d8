"""Failures that the connector knows, each worded for the person who can mend it."""

from __future__ import annotations

import logging

from airbyte_cdk.models import AirbyteMessage, FailureType, StreamDescriptor
from airbyte_cdk.utils import AirbyteTracedException


class ConnectorError(AirbyteTracedException):
    """A known failure. Its message is the whole story, so it is shown without a stack trace."""

    def __init__(self, message: str, failure_type: FailureType) -> None:
        super().__init__(internal_message=message, message=message, failure_type=failure_type)
        self.text = message

    def as_airbyte_message(self, stream_descriptor: StreamDescriptor | None = None) -> AirbyteMessage:
        message = super().as_airbyte_message(stream_descriptor)
        if message.trace and message.trace.error:
            message.trace.error.stack_trace = None
        return message


class ConfigError(ConnectorError):
    """Somebody has to change the configuration, the key, the state or the account."""

    def __init__(self, message: str) -> None:
        super().__init__(message, FailureType.config_error)


class AccessError(ConfigError):
    """The API refuses every call, whatever it is asked for."""


class RefusedError(ConfigError):
    """The API refuses what this call asked for.

    `api_message` is what it said. If `unknown_sequence`, it does not know a sequence; else the reason may be the days
    or the sequences.
    """

    def __init__(self, message: str, api_message: str, unknown_sequence: bool = False) -> None:
        super().__init__(message)
        self.api_message = api_message
        self.unknown_sequence = unknown_sequence


class ApiError(ConnectorError):
    """The API failed in all of `attempts` calls; a later sync, or a smaller request, can succeed."""

    def __init__(self, message: str, attempts: int = 1) -> None:
        super().__init__(message, FailureType.transient_error)
        self.attempts = attempts


class CircuitOpenError(ApiError):
    """A call failed while the circuit breaker was open, so it was not tried again."""


class UnknownDatesError(ConnectorError):
    """The API writes its dates in another form, so parts of the window, and a later sync, would show the same."""

    def __init__(self, rows: int, column: str, value: str) -> None:
        """`value` is one of those in `column` that cannot be read, quoted."""
        super().__init__(
            f"{column}: not one of {rows:,} dates can be read, such as {value}. The form of the API's dates has "
            "changed, so nothing of these days was delivered. Update the connector to a version that reads such "
            "dates, or report the value to its maintainers.",
            FailureType.system_error,
        )


class StrayRowsError(ApiError):
    """Rows came that were not asked for, so some of those that were asked for may be missing."""


class RateLimitError(ApiError):
    """The rate limit lasts longer than the caller can wait."""


def without_known_stack_traces(record: logging.LogRecord) -> bool:
    """A log filter that keeps every line, and removes the stack trace of known failures."""
    if record.exc_info and isinstance(record.exc_info[1], ConnectorError):
        record.exc_info = None
    return True
