"""GEOMA's buffers of input lines, as far as they can be seen.

In front of each buffered line lies its number, 16 bits. At the image's edges the original's interpolation takes in what
lies before the first and behind the last sample: the number of the line itself, and that of the line in the next buffer.
Source: ``vos/p2/prog/geoma``, routine GET.
"""

from __future__ import annotations

import numpy as np

HALFWORDS = 700000


class LineBuffers:
    """Which line lies in which buffer, after each request in turn."""

    def __init__(self, lines: int, sample_bytes: int, samples: int, out_samples: int, areas: tuple[int, int]):
        nah, nav = areas
        tables = (53 * nav * nah + 4 * nah + 2 * nav + 1) // 2 * 2
        end = 2 * (HALFWORDS - tables - out_samples * sample_bytes)
        width = samples * sample_bytes
        step = (width + 3) // 2 * 2
        self.seen = step == width + 2  # otherwise a filling byte lies behind the last sample
        self.number = max(1, (end - step - 4 * (lines + 1)) // step + 1)
        self.mask = 0xFF if sample_bytes == 1 else 0xFFFF
        self.next = np.zeros(1, np.int64)  # the buffer that is filled next
        self.holds = np.zeros(self.number + 1, np.int32)  # line in each buffer, 0 for none; behind the last one there is none
        self.place = np.full(lines + 2, -1, np.int32)  # buffer of each line

    def request(self, line: int) -> None:
        """A line is needed; it is read if no buffer has it."""
        if self.place[line] >= 0:
            return
        here = self.next[0]
        if self.holds[here]:
            self.place[self.holds[here]] = -1
        self.holds[here], self.place[line] = line, here
        self.next[0] = (here + 1) % self.number

    def behind(self, line: int) -> int:
        """What lies behind the last sample of a buffered line."""
        if not self.seen:
            return 0
        value = int(self.holds[self.place[line] + 1]) & self.mask
        return value - 0x10000 if value > 0x7FFF else value


class Requests:
    """Requests of a whole run, looked at only when somebody asks what lies behind a line."""

    def __init__(self, buffers: LineBuffers):
        self.buffers = buffers
        self._waiting: list[np.ndarray] = []

    def add(self, lines: np.ndarray) -> None:
        """Lines needed, in order; repetitions do no harm."""
        if len(lines):
            keep = np.ones(len(lines), bool)
            keep[1:] = lines[1:] != lines[:-1]
            keep[2:] &= lines[2:] != lines[:-2]
            self._waiting.append(lines[keep])

    def settle(self) -> LineBuffers:
        """The buffers after all requests so far."""
        for lines in self._waiting:
            for line in lines.tolist():
                self.buffers.request(line)
        self._waiting.clear()
        return self.buffers
