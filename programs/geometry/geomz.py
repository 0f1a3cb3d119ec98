"""GEOMZ: adds to the DNs a value interpolated between the points of a grid. Source: ``vos/p2/prog/geomz`` (Fortran, 2-JAN-95).

Inside a rectangle of the grid the value is bilinear; it is carried from sample to sample and from line to line by adding its
steps, in single precision. The sums are limited to the range of the output.
Kept: samples behind the end of the input keep what was computed for them in the line before.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.rounding import nint

FORTRAN = True

f32 = np.float32
MOST = 120000
WORK = 60000


def main(task):
    task.if_message("GEOMZ version 2-JAN-95")
    source = task.open("INP", u_format="HALF")
    window = task.size_field()
    top = 255 if source.format == "BYTE" else 32767
    nah, nav = task.integer("NAH"), task.integer("NAV")
    if nah == 0 or nav == 0:
        task.abend("PARM ERROR")
    if (nah + 1) * (nav + 1) > MOST // 3:
        task.abend("ERROR: NAH*NAV TOO BIG.")
    values = task.reals("TIEPOINT")
    if len(values) != (nah + 1) * (nav + 1) * 3:
        task.abend("NUMBER OF TIEPOINTS DOES NOT MATCH NAH/NAV")
    points = values.reshape(nav + 1, nah + 1, 3)
    result = task.create("OUT", nl=window.nl, ns=window.ns, u_format="HALF")
    if not even(points):
        task.abend("TIEPOINTS NOT EVENLY SPACED")
    grid = Grid(points, window)
    work = np.zeros(WORK, np.int16)
    fixed = task.integer("FIXVAL", 99999)
    with source, result:
        for line, shift in grid.lines():
            dn = source.read(line if line == window.sl else None)
            work[: len(dn)] = dn
            part = work[window.ss - 1 : window.ss - 1 + window.ns]
            moved = np.clip(part.astype(np.int32) + shift[: len(part)], 0, top)
            part[:] = np.where(part == fixed, part, moved)
            result.write(part)
            task.progress(line - window.sl, window.nl)


def even(points: np.ndarray) -> bool:
    """Whether the grid has equal steps, to a thousandth."""
    down, across = points[1, 0, 0] - points[0, 0, 0], points[0, 1, 1] - points[0, 0, 1]
    off_down = np.abs(points[1:, :, 0] - points[:-1, :, 0] - down)
    off_across = np.abs(points[:, 1:, 1] - points[:, :-1, 1] - across)
    return bool((off_down < down / f32(1000)).all() and (off_across < across / f32(1000)).all())


def span(places: np.ndarray, start: int, end: int) -> range:
    """Intervals of the grid (from 0) that the window touches."""
    last = len(places) - 2
    first = 0
    while first < last and places[first + 1] <= start:
        first += 1
    while last > 0 and places[last] >= end:
        last -= 1
    return range(first, last + 1)


def parts(places: np.ndarray, intervals: range, start: int, end: int):
    """(interval, first, last) of the lines or samples of each interval."""
    for number in intervals:
        stop = end if number == intervals[-1] else int(places[number + 1])
        yield number, start, stop
        start = stop + 1


class Grid:
    """Lines and samples of the grid, and what to add at its points."""

    def __init__(self, points: np.ndarray, window):
        self.rows, self.columns, self.values = points[:, 0, 0], points[0, :, 1], points[:, :, 2]
        self.window = window

    def lines(self):
        """(line, what to add to its samples, int32) for every line of the window."""
        sl, ss = self.window.sl, self.window.ss
        el, es = sl + self.window.nl - 1, ss + self.window.ns - 1
        across = list(parts(self.columns, span(self.columns, ss, es), ss, es))
        for row, first, last in parts(self.rows, span(self.rows, sl, el), sl, el):
            cells = [Cell(self, row, column, first, left, right - left + 1) for column, left, right in across]
            for line in range(first, last + 1):
                yield line, np.concatenate([cell.next_line() for cell in cells])


class Cell:
    """A rectangle of the grid: the value at the start of a line, and its steps."""

    def __init__(self, grid: Grid, row: int, column: int, line: int, sample: int, count: int):
        f1, f2, f3, f4 = (grid.values[row + d, column + a] for d in (0, 1) for a in (0, 1))
        dx, dy = grid.columns[column + 1] - grid.columns[column], grid.rows[row + 1] - grid.rows[row]
        x, y = f32(sample) - grid.columns[column], f32(line) - grid.rows[row]
        above, below = f1 + (f2 - f1) * x / dx, f3 + (f4 - f3) * x / dx
        self.start = above + (below - above) * y / dy
        self.down = (below - above) / dy
        self.twist = (f4 - f2 + f1 - f3) / (dy * dx)
        self.across = (f2 - f1) / dx + self.twist * y
        self.count = max(count, 0)

    def next_line(self) -> np.ndarray:
        """What to add to the samples of a line; steps to the next one."""
        steps = np.full(self.count + 1, self.across, np.float32)
        steps[0] = self.start
        values = np.add.accumulate(steps, dtype=np.float32)[: self.count]
        self.across = self.across + self.twist
        self.start = self.start + self.down
        return nint(values)
