"""The connector as a process: what it prints to, and an end that nothing can hold up."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from contextlib import suppress
from io import TextIOBase
from typing import NoReturn

BUFFER_CHARS = 32 * 1024
"""Printed at once. More would have left the processor's caches by the time it is written."""
LAST_WORDS_S = 2.0
"""Time to print what is buffered when a signal ends the process: perhaps nobody reads it."""
END_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_ending = threading.Lock()


class StandardOutput(TextIOBase):
    """Standard output in UTF-8, whatever the locale. Safe for threads: their lines do not mix.

    If it cannot be written to, the process ends, whichever thread is printing and whatever the others wait for.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.RLock()
        self._texts: list[str] = []
        self._chars = 0

    def write(self, text: str) -> int:
        with self._lock:
            self._texts.append(text)
            self._chars += len(text)
            if self._chars >= BUFFER_CHARS:
                self.flush()
        return len(text)

    def flush(self) -> None:
        with self._lock:
            data = memoryview("".join(self._texts).encode(errors="backslashreplace"))
            self._texts, self._chars = [], 0
            try:
                while data:
                    data = data[self._write_some(data) :]
            except BrokenPipeError:
                end_process("standard output is closed: nobody reads it any more")
            except OSError as error:
                end_process(f"standard output cannot be written to: {error.strerror}")

    def _write_some(self, data: memoryview) -> int:
        """How many bytes could be written. Waits for a reader that is late, also if the descriptor does not block."""
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            select.select([], [self._descriptor], [])
            return 0

    def write_last(self) -> None:
        """Writes what is buffered. From then on, every thread that prints waits for ever."""
        self._lock.acquire()
        self.flush()

    def fileno(self) -> int:
        return self._descriptor


def open_standard_output() -> StandardOutput:
    if sys.__stdout__ is None:
        end_process("standard output is closed")
    return StandardOutput(sys.__stdout__.fileno())


def watch(output: StandardOutput) -> None:
    """Starts a thread that ends the process on SIGTERM, on SIGINT, and once nobody reads `output` any more.

    The main thread could wait too long before it noticed: for a rate limit, a name server, a full pipe. The handlers
    do nothing, but process 1 of a container has no default action for a signal.
    """
    if sys.platform == "win32":
        return  # it cannot poll files, and Python's own handlers stay
    wakeup, sender = os.pipe()
    os.set_blocking(sender, False)
    signal.set_wakeup_fd(sender, warn_on_full_buffer=False)
    for number in END_SIGNALS:
        signal.signal(number, lambda *_: None)
    threading.Thread(target=_end_when_due, args=(wakeup, output), name="watch", daemon=True).start()


def _end_when_due(wakeup: int, output: StandardOutput) -> None:
    poll = select.poll()
    poll.register(wakeup, select.POLLIN)
    poll.register(output, 0)  # errors only, such as a pipe without a reader
    ready = [descriptor for descriptor, _ in poll.poll()]
    if wakeup not in ready:
        end_process("standard output is closed: nobody reads it any more")
    number = os.read(wakeup, 1)[0]
    last_words = threading.Thread(target=output.write_last, daemon=True)
    last_words.start()
    last_words.join(LAST_WORDS_S)
    end_process(f"{signal.Signals(number).name} received", 128 + number)


def end_process(reason: str, exit_code: int = 1) -> NoReturn:
    """Ends the process at once, with a line on standard error that gives the reason. No thread is waited for.

    If several threads call it, the first one's reason counts.
    """
    _ending.acquire()
    with suppress(OSError, ValueError):
        if sys.__stderr__ and select.select([], [sys.__stderr__], [], 0)[1]:  # a full pipe must not hold it up
            os.write(sys.__stderr__.fileno(), f"source-consolidated-stats ended: {reason}.\n".encode())
    os._exit(exit_code)
