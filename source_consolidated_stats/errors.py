"""Failures that the connector knows, each told to the person who can mend it."""

from __future__ import annotations

import logging

from airbyte_cdk.models import AirbyteMessage, FailureType, StreamDescriptor
from airbyte_cdk.utils import AirbyteTracedException


class ConnectorError(AirbyteTracedException):
    """A known failure. Its message is the whole story, so it is told without a stack trace."""

    def __init__(self, message: str, failure_type: FailureType) -> None:
        super().__init__(internal_message=message, message=message, failure_type=failure_type)

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
    """The API refuses every call, whatever is asked for."""


class ApiError(ConnectorError):
    """The API failed, however often it was tried; a later sync can succeed."""

    def __init__(self, message: str) -> None:
        super().__init__(message, FailureType.transient_error)


class EndlessPagesError(ApiError):
    """The API promises pages for ever; other calls would meet the same."""


class ApiDownError(ApiError):
    """Another failure with no answer since the last: trying again has no prospect."""


HOPELESS = (AccessError, EndlessPagesError)
"""Failures that every other call would meet too."""


def without_known_stack_traces(record: logging.LogRecord) -> bool:
    """A log filter that keeps every line, and takes the stack trace from known failures."""
    if record.exc_info and isinstance(record.exc_info[1], ConnectorError):
        record.exc_info = None
    return True
