"""The bar that long programs show on the standard error output of a terminal; it is in no log and in no output."""

from __future__ import annotations

import time
from typing import TextIO

PATIENCE = 1.0  # seconds a program may work before there is a bar
INTERVAL = 0.1  # seconds between two pictures of it
WIDTH = 30


class ProgressBar:
    """Called with a program's name, what is done and the total; total 0 when the program has ended."""

    def __init__(self, out: TextIO, clock=time.monotonic) -> None:
        self.out = out
        self.clock = clock
        self._begin: float | None = None
        self._next = 0.0
        self._shown = False

    def __call__(self, name: str, done: float, total: float) -> None:
        if total <= 0:
            self.wipe()
            self._begin = None
            return
        now = self.clock()
        if self._begin is None:
            self._begin, self._next = now, now + PATIENCE
        if now >= self._next:
            self._next = now + INTERVAL
            part = min(max(done / total, 0.0), 1.0)
            self.out.write(f"\r{name} [{'#' * round(WIDTH * part):<{WIDTH}}] {part:4.0%}\033[K")
            self.out.flush()
            self._shown = True

    def wipe(self) -> None:
        """Take the bar away, for a message that goes to the same terminal."""
        if self._shown:
            self.out.write("\r\033[K")
            self.out.flush()
            self._shown = False


def on_terminal(stream: TextIO | None) -> ProgressBar | None:
    """A bar if the stream is a terminal."""
    return ProgressBar(stream) if stream is not None and stream.isatty() else None
