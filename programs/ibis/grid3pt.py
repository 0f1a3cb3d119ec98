"""GRID3PT: the three points of a set that span it best. Source: ``vos/p2/prog/grid3pt`` (C, Mar 05 2008).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import numbers
from vicar.numerics.rounding import accumulate


def main(task):
    task.if_message("grid3pt version Thu Mar 05 2008")
    with task.open_table("INP", 1) as table:
        if table.nc < 4:
            task.abend("need at least four columns")
        x, y, lon, lat = (numbers(table, column) for column in [*task.integers("COLS"), 0, 0, 0, 0][:4])
    middle = accumulate(x) / float(len(x)), accumulate(y) / float(len(y))
    one = farthest((x - middle[0]) ** 2 + (y - middle[1]) ** 2)
    two = farthest(np.abs(area(*middle, x[one], y[one], x, y)))
    three = farthest(np.abs(area(x[one], y[one], x[two], y[two], x, y)))
    for number, row in enumerate((one, two, three), 1):
        for place, column in enumerate((x, y, lon, lat), 1):
            task.output(f"V{place}{number}", column[row])
    for number, row in enumerate((one, two, three), 1):
        task.output(f"IX{number}", row + 1)


def farthest(distances: np.ndarray) -> int:
    """The first of the largest; the first row if none is above zero.

    What is no number is taken, and so is the row after it; the search goes on from there.
    """
    nothing = np.flatnonzero(np.isnan(distances))
    if len(nothing):
        start = min(int(nothing[-1]) + 1, len(distances) - 1)
        return start + int(np.nan_to_num(distances[start:], posinf=np.inf).argmax())
    return int(distances.argmax()) if len(distances) and distances.max() > 0 else 0


def area(x0, y0, x1, y1, x2, y2):
    """Area of a triangle, with its sign."""
    return 0.5 * (x0 * y1 - x1 * y0 + x1 * y2 - x2 * y1 + x2 * y0 - x0 * y2)
