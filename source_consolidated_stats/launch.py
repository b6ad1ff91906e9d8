"""One command of the connector, from its arguments to its messages and its exit code."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from typing import Any, NoReturn

from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import is_platform_debug_log_enabled
from airbyte_cdk.models import AirbyteMessage, ConnectorSpecification, Type
from airbyte_cdk.utils import AirbyteTracedException
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets

from .errors import ConfigError, ConnectorError
from .process import StandardOutput, end_process
from .reading.pages import count_records, write_pages
from .secret_filter import hide_secrets
from .source import SourceConsolidatedStats

logger = logging.getLogger("airbyte")


class PagedSource(SourceConsolidatedStats):
    """Reads pages, which `Entrypoint` writes record by record."""

    read = SourceConsolidatedStats.read_pages


class Entrypoint(AirbyteEntrypoint):
    """The CDK's, which needs no folder to write to, hides the key however it is written, in a check's own message too,
    and writes records by the page."""

    def __init__(self, output: StandardOutput) -> None:
        super().__init__(PagedSource())
        self._output = output

    def run(self, parsed_args: argparse.Namespace) -> Iterator[str]:
        """The messages of a command, as lines. The CDK's own method makes a temporary folder first."""
        is_debug = parsed_args.debug or is_platform_debug_log_enabled()
        logger.setLevel(logging.DEBUG if is_debug else logging.INFO)
        yield from map(self.airbyte_message_to_string, self._messages(parsed_args))

    def _messages(self, arguments: argparse.Namespace) -> Iterator[AirbyteMessage]:
        spec = self.source.spec(logger)
        if arguments.command == "spec":
            yield AirbyteMessage(type=Type.SPEC, spec=spec)
            return
        config = self.source.configure(self.source.read_config(arguments.config), temp_dir="")
        if arguments.command == "check":
            yield from self.check(spec, config)
        elif arguments.command == "discover":
            yield from self.discover(spec, config)
        else:
            catalog, state = self.source.read_catalog(arguments.catalog), self.source.read_state(arguments.state)
            yield from self.read(spec, config, catalog, state)

    @staticmethod
    def set_up_secret_filter(config: Mapping[str, Any], connection_specification: Mapping[str, Any]) -> None:
        hide_secrets(config, connection_specification)

    @staticmethod
    def validate_connection(*_: object) -> None:
        """The source does it, with messages that name the field."""

    def check(self, source_spec: ConnectorSpecification, config: Mapping[str, Any]) -> Iterator[AirbyteMessage]:
        for message in super().check(source_spec, config):
            if message.connectionStatus and message.connectionStatus.message:
                message.connectionStatus.message = filter_secrets(message.connectionStatus.message)
            yield message

    def read(
        self, source_spec: ConnectorSpecification, config: Mapping[str, Any], catalog: Any, state: list[Any]
    ) -> Iterator[AirbyteMessage]:
        return write_pages(super().read(source_spec, config, catalog, state), self._output)

    handle_record_counts = staticmethod(count_records)


def run_command(arguments: list[str], output: StandardOutput) -> NoReturn:
    """Runs the command that `arguments` name, prints its messages to `output`, and ends the process.

    It ends at once: after a failure, workers may still wait for a queue that nobody reads any more.
    """
    _log_to(output)
    entrypoint = Entrypoint(output)
    command = entrypoint.parse_args(arguments)
    try:
        with redirect_stdout(output):
            exit_code = _print_messages(entrypoint, command, output)
    except BaseException as error:
        end_process(f"{type(error).__name__} while a failure was reported")
    os._exit(exit_code)


def _print_messages(entrypoint: Entrypoint, command: argparse.Namespace, output: StandardOutput) -> int:
    """Prints everything that the command has to say, and gives the exit code."""
    exit_code = 0
    try:
        for message in entrypoint.run(command):
            output.write(f"{message}\n")
    except BaseException as error:
        exit_code = _report(error, command.command, output)
    output.flush()
    return exit_code


def _log_to(output: StandardOutput) -> None:
    """Lets log lines and messages share `output`, in the place of the CDK's print buffer.

    Left out are the warnings of libraries, because what matters in them is told in words of our own; the CDK's line
    with the body of a bad response, which can be megabytes of people's data; and a line that cannot be formatted: what
    Python prints in its place would hold the key unfiltered.
    """
    logging.raiseExceptions = False
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.stream = output
            handler.addFilter(_is_for_users)


def _is_for_users(record: logging.LogRecord) -> bool:
    is_of_a_library = not record.name.startswith("airbyte") and record.levelno < logging.ERROR
    has_a_body = isinstance(record.msg, str) and ", Response Content: " in record.msg
    return not (is_of_a_library or has_a_body)


def _report(error: BaseException, command: str, output: StandardOutput) -> int:
    """Prints `error` as the protocol wants it, and gives the exit code: a check that the user fails is not a crash."""
    known = error if isinstance(error, AirbyteTracedException) else AirbyteTracedException.from_exception(error)
    if not isinstance(error, ConnectorError):
        logger.critical(f"Unexpected failure: {type(error).__name__}.", exc_info=error)
    status = known.as_connection_status_message() if command == "check" and isinstance(error, ConfigError) else None
    message: AirbyteMessage = status or known.as_sanitized_airbyte_message()
    output.write(f"{Entrypoint.airbyte_message_to_string(message)}\n")
    return 0 if status else 1
