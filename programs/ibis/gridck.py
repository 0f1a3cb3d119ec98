"""GRIDCK: whether points form a grid, and how many areas it has. Source: ``vos/p2/prog/gridck`` (C, 2016-08-12) and
``cartogetline`` of ``vos/p2/sub/carto_subs``.

known: nothing. accepted: a single point is no grid; the original looks behind the end of its columns.
"""

from __future__ import annotations

import math

import numpy as np

from programs.ibis._columns import numbers

DOUBT = 1e-8  # share of the tolerated miss: far more than what sums in another order differ by
LINES = 16  # at a time


class NoGrid(Exception):
    """The points are not a grid."""


def main(task):
    task.if_message("gridck version 2016-08-12")
    tolerance = task.double("GRIDTOL")
    with task.open_table("INP", 1) as table:
        if table.nc < 2:
            task.abend("need at least two columns")
        x, y = (numbers(table, column).view(float) for column in [*task.integers("COLS"), 0, 0][:2])
    try:
        across, down = areas(x, y, tolerance)
    except NoGrid:
        across = down = 0
        task.printf(" not a grid")
    task.output("VALNAH", across)
    task.output("VALNAV", down)


def areas(x: np.ndarray, y: np.ndarray, tolerance: float) -> tuple[int, int]:
    """Areas across and down. Raises `NoGrid`."""
    count = len(x)
    points = memoryview(x), memoryview(y)  # single numbers come faster out of these
    across = run_length(*points, 0, 1, count, tolerance)
    if count % (across + 1):
        raise NoGrid
    down = count // (across + 1) - 1
    if count % (down + 1) or across < tolerance - 2.0 or down < tolerance - 2.0:
        raise NoGrid
    if clearly_even(x.reshape(down + 1, across + 1), y.reshape(down + 1, across + 1), tolerance):
        return across, down
    for row in range(1, down + 1):
        if run_length(*points, row * (across + 1), 1, across + 1, tolerance) != across:
            raise NoGrid
    for column in range(across + 1):
        if run_length(*points, column, across + 1, down + 1, tolerance) != down:
            raise NoGrid
    return across, down


def clearly_even(x: np.ndarray, y: np.ndarray, tolerance: float) -> bool:
    """Whether, as `run_length` would find, the rows below the first and all columns are as long as they should be.

    Works on all lines at once; says no where points are missing or a rounding might decide.
    """
    if len(x) < 2 or not tolerance > 0 or ((x > -999.01) & (x < -998.99)).any():
        return False
    rows, columns = x.shape
    for start in range(1, rows - 1, LINES):  # a row ends where the first point of the next one is not where its points lead
        stop = min(start + LINES, rows - 1)
        longer = (np.concatenate([z[start:stop], z[start + 1 : stop + 1, :1]], axis=1) for z in (x, y))
        miss, most = leads(*longer, tolerance)
        if not (surely_less(miss[:, :-1], most[:, :-1]) and surely_less(most[:, -1], miss[:, -1])):
            return False
    if not surely_less(*leads(x[-1:], y[-1:], tolerance)):
        return False
    parts = (slice(start, start + LINES) for start in range(0, columns, LINES))
    return all(surely_less(*leads(x[:, part].T, y[:, part].T, tolerance)) for part in parts)


def leads(x: np.ndarray, y: np.ndarray, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Squares of how far each point (lines x points, from the third on) is from where its predecessors lead, and may be."""
    missed, lengths = [], []
    with np.errstate(all="ignore"):
        for z in (x, y):
            step = z[:, 1:-1] - z[:, :-2]
            lengths.append(np.multiply(step, step, out=step))
            miss = 2 * z[:, 1:-1]
            miss -= z[:, :-2]
            miss -= z[:, 2:]
            missed.append(np.multiply(miss, miss, out=miss))
        lengths[0] += lengths[1]
        missed[0] += missed[1]
        most = np.cumsum(np.sqrt(lengths[0], out=lengths[0]), axis=1)
        most *= tolerance / np.arange(1, most.shape[1] + 1)
        return missed[0], np.multiply(most, most, out=most)


def surely_less(squares: np.ndarray, others: np.ndarray) -> bool:
    """Whether all squares are less than others by more than roundings can decide; no where there are no numbers."""
    return bool((squares < others * (1 - 3 * DOUBT)).all())


def run_length(x: memoryview, y: memoryview, start: int, step: int, most: int, tolerance: float) -> int:
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
