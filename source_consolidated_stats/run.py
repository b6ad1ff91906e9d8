"""The console script `source-consolidated-stats`."""

from __future__ import annotations

import gc
import os
import sys

import orjson
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import AirbyteMessage, AirbyteMessageSerializer

from .errors import ConfigError, ConnectorError
from .source import SourceConsolidatedStats


def run() -> None:
    """Runs the command that the arguments name.

    A failure ends the process at once: workers may still wait for a queue that nobody reads any more.
    """
    # Records form no cycles, but thousands of them wait to be printed: the collector would walk them, and all that the
    # CDK has loaded, again and again.
    gc.freeze()
    gc.set_threshold(50_000)
    arguments = sys.argv[1:] or ["--help"]
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
    """What the CDK's `launch` does; its `print` would write to the buffer, and take its lock, twice for each record."""
    entrypoint = AirbyteEntrypoint(SourceConsolidatedStats())
    command = entrypoint.parse_args(arguments)
    with PRINT_BUFFER:
        for message in entrypoint.run(command):
            PRINT_BUFFER.write(f"{message}\n")


def _tell(error: ConnectorError, command: str) -> int:
    """Prints `error` as the protocol wants it, and gives the exit code: a check that fails for the user is no crash."""
    status = error.as_connection_status_message() if command == "check" and isinstance(error, ConfigError) else None
    message: AirbyteMessage = status or error.as_sanitized_airbyte_message()
    print(orjson.dumps(AirbyteMessageSerializer.dump(message)).decode())
    return 0 if status else 1
