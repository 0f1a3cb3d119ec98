"""GRIDCK: whether points form a grid, and how many areas it has. Source: ``vos/p2/prog/gridck`` (C, 2016-08-12) and
``cartogetline`` of ``vos/p2/sub/carto_subs``.

known: nothing. accepted: a single point is no grid; the original looks behind the end of its columns.
"""

from __future__ import annotations

import math

from programs.ibis._grids import read_columns


class NoGrid(Exception):
    """The points are not a grid."""


def main(task):
    task.if_message("gridck version 2016-08-12")
    tolerance = task.double("GRIDTOL")
    with task.open_table("INP", 1) as table:
        if table.nc < 2:
            task.abend("need at least two columns")
    x, y = (column.tolist() for column in read_columns(task, 1, task.integers("COLS")))
    try:
        across, down = areas(x, y, tolerance)
    except NoGrid:
        across = down = 0
        task.printf(" not a grid")
    task.output("VALNAH", across)
    task.output("VALNAV", down)


def areas(x: list[float], y: list[float], tolerance: float) -> tuple[int, int]:
    """Areas across and down. Raises `NoGrid`."""
    count = len(x)
    across = run_length(x, y, 0, 1, count, tolerance)
    if count % (across + 1):
        raise NoGrid
    down = count // (across + 1) - 1
    if count % (down + 1) or across < tolerance - 2.0 or down < tolerance - 2.0:
        raise NoGrid
    for row in range(1, down + 1):
        if run_length(x, y, row * (across + 1), 1, across + 1, tolerance) != across:
            raise NoGrid
    for column in range(across + 1):
        if run_length(x, y, column, across + 1, down + 1, tolerance) != down:
            raise NoGrid
    return across, down


def run_length(x: list[float], y: list[float], start: int, step: int, most: int, tolerance: float) -> int:
    """Steps along a row as long as each point is where its two predecessors lead. Raises `NoGrid` at a missing point."""

    def point(place: int) -> tuple[float, float]:
        if place >= len(x) or (-999.01 < x[place] < -998.99 and -999.01 < y[place] < -998.99):
            raise NoGrid
        return x[place], y[place]

    found, mean = 1, 0.0
    (x2, y2), (x3, y3) = point(start), point(start + step)
    for number in range(most - 1):
        x1, y1, x2, y2 = x2, y2, x3, y3
        place = start + (number + 2) * step
        if place >= len(x):
            break
        x3, y3 = point(place)
        length = math.sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1))
        xp, yp = 2 * x2 - x1, 2 * y2 - y1
        miss = math.sqrt((xp - x3) * (xp - x3) + (yp - y3) * (yp - y3))
        mean = (mean * float(number) + length) / float(number + 1)
        if miss > tolerance * mean:
            break
        found += 1
    return found
