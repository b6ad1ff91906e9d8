"""One command of the connector, from its arguments to its messages and its exit code."""

from __future__ import annotations

import os
import sys

import orjson
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import AirbyteMessage, AirbyteMessageSerializer

from .errors import ConfigError, ConnectorError
from .source import SourceConsolidatedStats

PRINTED_AT_ONCE = 32 * 1024
"""Characters."""


def run_command(arguments: list[str]) -> None:
    """Runs the command that `arguments` name.

    A failure ends the process at once: workers may still wait for a queue that nobody reads any more.
    """
    try:
        _print_messages(arguments)
    except ConnectorError as error:
        exit_code = _tell(error, arguments[0])
    except BrokenPipeError:
        # The CDK has put its print buffer in the place of both streams, and it is broken now.
        print("The destination is gone: standard output is closed.", file=sys.__stderr__, flush=True)
        os._exit(1)
    except Exception:
        sys.excepthook(*sys.exc_info())
        exit_code = 1
    else:
        return
    sys.stdout.flush()
    os._exit(exit_code)


def _print_messages(arguments: list[str]) -> None:
    """What the CDK's `launch` does, with the print buffer emptied by its size.

    The CDK empties it each tenth of a second: of megabytes by then, which have left the processor's caches. BatchQueue
    empties it too, before it waits for more.
    """
    entrypoint = AirbyteEntrypoint(SourceConsolidatedStats())
    command = entrypoint.parse_args(arguments)
    with PRINT_BUFFER:
        for message in entrypoint.run(command):
            with PRINT_BUFFER.lock:
                PRINT_BUFFER.buffer.write(f"{message}\n")
                if PRINT_BUFFER.buffer.tell() >= PRINTED_AT_ONCE:
                    PRINT_BUFFER.flush()


def _tell(error: ConnectorError, command: str) -> int:
    """Prints `error` as the protocol wants it, and gives the exit code: a check that fails for the user is no crash."""
    status = error.as_connection_status_message() if command == "check" and isinstance(error, ConfigError) else None
    message: AirbyteMessage = status or error.as_sanitized_airbyte_message()
    print(orjson.dumps(AirbyteMessageSerializer.dump(message)).decode())
    return 0 if status else 1
