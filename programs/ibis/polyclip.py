"""POLYCLIP: cuts a graphics file to a window. Source: ``vos/p2/prog/polyclip`` (Fortran, 2-JAN-95).

Lines are clipped as Cohen and Sutherland do, in single precision. What comes back into the window begins a line of its own.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import read_graphics, write_graphics

FORTRAN = True

f32 = np.float32


def main(task):
    task.if_message("POLYCLIP version 2-JAN-95")
    cells = read_graphics(task, columns=2 + task.integer("SKIP"))
    window = [task.real(name) for name in ("MINSAMP", "MAXSAMP", "MINLINE", "MAXLINE")]
    lines = Lines(cells.shape[1], (window[2] - f32(1), window[0] - f32(1)) if task.keyword("REORIGIN") else None)
    at, count = 0, len(cells)
    while at < count:
        if not cells[at, :2].any():
            at += 1
            continue
        if at + 1 >= count or not cells[at + 1, :2].any():
            lines.point(cells[at], window)
            at += 2
            continue
        while at + 1 < count and cells[at + 1, :2].any():
            lines.segment(cells[at], cells[at + 1], window)
            at += 1
        at += 2
    lines.put(np.zeros(cells.shape[1], np.float32))
    write_graphics(task, np.stack(lines.rows))


def codes(x, y, window) -> int:
    """Bits of the sides of the window beyond which a point lies: below, above, right, left from the lowest."""
    left, right, top, bottom = window
    return (y > bottom) | (y < top) << 1 | (x > right) << 2 | (x < left) << 3


def clipped(one, other, window):
    """The part of a segment (two points x, y) inside the window; None if there is none."""
    (x1, y1), (x2, y2) = one, other
    left, right, top, bottom = window
    swapped = False
    while True:
        first, second = codes(x1, y1, window), codes(x2, y2, window)
        if first & second:
            return None
        if not first | second:
            return ((x2, y2), (x1, y1)) if swapped else ((x1, y1), (x2, y2))
        if not first:
            x1, y1, x2, y2, first, swapped = x2, y2, x1, y1, second, not swapped
        if first & 3:
            edge = bottom if first & 1 else top
            x1, y1 = x1 + (x2 - x1) * (edge - y1) / (y2 - y1), edge
        else:
            edge = right if first & 4 else left
            x1, y1 = edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)


class Lines:
    """Rows of the output; ``origin`` (line, sample) is taken off."""

    def __init__(self, columns: int, origin):
        self.columns, self.origin = columns, origin
        self.rows: list[np.ndarray] = []
        self.last = (f32(0), f32(0))

    def put(self, row: np.ndarray) -> None:
        self.last = (row[1], row[0])
        if self.origin is not None and row[:2].any():
            row = row.copy()
            row[:2] -= self.origin
        self.rows.append(row)

    def end(self) -> None:
        """Zeros behind a line, if there is one."""
        if any(self.last):
            self.put(np.zeros(self.columns, np.float32))

    def point(self, row: np.ndarray, window) -> None:
        if not codes(row[1], row[0], window):
            self.end()
            self.put(row)

    def segment(self, one: np.ndarray, other: np.ndarray, window) -> None:
        part = clipped((one[1], one[0]), (other[1], other[0]), window)
        if part is None:
            return
        (x1, y1), (x2, y2) = part
        if (x1, y1) != self.last:
            self.end()
            self.put(np.concatenate([np.array([y1, x1], np.float32), one[2:]]))
        self.put(np.concatenate([np.array([y2, x2], np.float32), other[2:]]))
