"""Printed tables of line and sample coordinates on a grid. Source: ``vos/p2/sub/pgrid``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vicar.numerics.fortran import edit_all

COLUMNS = 20


def lines(points: np.ndarray, flags: np.ndarray | None = None) -> Iterator[str]:
    """Messages that list ``points`` (rows, columns, 2), twenty columns at a time, numbered along the rows.

    ``flags`` (rows, columns) adds a line of numbers below each row.
    """
    rows, columns = points.shape[:2]
    numbers = np.arange(1, rows * columns + 1).reshape(rows, columns)
    for first in range(0, max(columns, 1), COLUMNS):
        part = slice(first, first + COLUMNS)
        if first:
            yield " "
        for row in range(rows):
            yield " "
            # the numbers stand one place further left than the coordinates
            yield "   " + "".join(f"{text:>5} " for text in edit_all("I4", numbers[row, part])).rstrip()
            yield "   " + "".join(edit_all("F6.1", points[row, part, 0]))
            yield "   " + "".join(edit_all("F6.1", points[row, part, 1]))
            if flags is not None:
                yield "   " + "".join(f"{text:>5} " for text in edit_all("I3", flags[row, part])).rstrip()
