"""The console script `source-consolidated-stats`."""

from __future__ import annotations

import gc
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def run() -> None:
    """Runs the command that the arguments name, with the garbage collector set for it.

    All that the CDK loads stays loaded, and records form no cycles, but thousands of them wait to be printed: the
    collector would walk both, again and again.
    """
    gc.disable()
    with _without_class_sources():
        from .launch import run_command  # noqa: PLC0415  # loads the CDK

    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()
    run_command(sys.argv[1:] or ["--help"])


@contextmanager
def _without_class_sources() -> Iterator[None]:
    """Lets `inspect.getsource` answer as it does where source files are missing.

    The CDK's serializers look up the source of each class of the protocol, for descriptions that only a JSON schema of
    the protocol would show. Before Python 3.13 each look-up parses a whole module: a third of the time to start.
    """
    getsource = inspect.getsource
    inspect.getsource = _no_source
    try:
        yield
    finally:
        inspect.getsource = getsource


def _no_source(*_: object, **__: object) -> str:
    raise OSError("sources are not looked up while the CDK is loaded")
