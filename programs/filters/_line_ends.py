"""Lines of an image with their ends extended, as the box filters need them."""

from __future__ import annotations

import numpy as np


class LineExtender:
    """A line buffer whose ends are filled from the line; it lives through the run, as the original's does."""

    def __init__(self, ns: int, side: int, cycle: bool):
        self.ns, self.side, self.cycle = ns, side, cycle
        self.buffer = np.zeros(ns + 2 * side, np.float32)
        self.remembers = side >= ns

    def extend(self, rows: np.ndarray, plain: int = 0) -> np.ndarray:
        """Extended lines; the last ``plain`` rows are only stored."""
        ns, side = self.ns, self.side
        if not self.remembers and not plain:
            return self._all_at_once(rows)
        result = np.empty((len(rows), ns + 2 * side), np.float32)
        for number, row in enumerate(rows):
            self.buffer[side : side + ns] = row
            if number < len(rows) - plain:
                self._fill()
            result[number] = self.buffer
        return result

    def _fill(self) -> None:
        b, ns, side = self.buffer, self.ns, self.side
        if not side:
            return
        if self.cycle:
            b[:side] = b[ns : ns + side].copy()
            b[ns + side :] = np.resize(b[side : side + min(ns, side)], side)  # copied value by value: short lines repeat
        else:
            b[:side] = b[side + 1 : 2 * side + 1][::-1].copy()
            b[ns + side :] = b[ns - 1 : ns + side - 1][::-1].copy()

    def _all_at_once(self, rows: np.ndarray) -> np.ndarray:
        ns, side = self.ns, self.side
        if not side:
            return rows
        if self.cycle:
            return np.concatenate((rows[:, ns - side :], rows, rows[:, :side]), axis=1)
        left, right = rows[:, side:0:-1], rows[:, ns - 1 - side : ns - 1][:, ::-1]
        return np.concatenate((left, rows, right), axis=1)
