"""Grids among tiepoints, as TIECONV finds and triangulates them. Source: ``cartoGridUtils.c``, ``vos/p2/prog/tieconv``.

Places at (-999,-999) are holes of a grid; they are looked for after the mean has been subtracted, as in the original.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.thiessen import inside

FAILED = "(nullarea) failure to find grid"


def is_hole(x: float, y: float) -> bool:
    return -999.01 < x < -998.99 and -999.01 < y < -998.99


class GridFinder:
    """Looks for rows of equal length in the order of the points. ``x`` and ``y`` are changed where holes are filled."""

    def __init__(self, x: np.ndarray, y: np.ndarray, tolerance: float):
        self.x, self.y, self.tolerance = x, y, tolerance
        self.count = len(x)

    def columns(self, task) -> int:
        """Number of grid cells in a row; 0 if the points are no grid."""
        count, hole = self._run(0, 1, self.count)
        if hole:
            return self._with_holes(task)
        if count == 0 or not self._divides(count):
            return 0
        rows = self.count // (count + 1) - 1
        if count < self.tolerance - 2.0 or rows < self.tolerance - 2.0:
            return 0
        lines = [(i * (count + 1), 1, count + 1, count) for i in range(1, rows + 1)]
        lines += [(i, count + 1, rows + 1, rows) for i in range(count + 1)]
        for start, step, most, expected in lines:
            found, hole = self._run(start, step, most)
            if hole:
                self._fill(count, rows)
                return count
            if found != expected:
                return 0
        return count

    def _divides(self, count: int) -> bool:
        return count > 0 and self.count % (count + 1) == 0 and self.count % (self.count // (count + 1)) == 0

    def _run(self, start: int, step: int, most: int) -> tuple[int, bool]:
        """Cells up to the first point that is not where its two predecessors lead; or whether a hole was met."""
        x, y = self.x, self.y
        found, mean = 1, 0.0
        if not 0 <= start + step < self.count:
            return found, is_hole(x[start], y[start])
        x2, y2, x3, y3 = x[start], y[start], x[start + step], y[start + step]
        if is_hole(x2, y2) or is_hole(x3, y3):
            return found, True
        for i in range(most - 1):
            x1, y1, x2, y2 = x2, y2, x3, y3
            at = start + (i + 2) * step
            if at >= self.count:
                break
            x3, y3 = x[at], y[at]
            if is_hole(x3, y3):
                return found, True
            led_x, led_y = 2 * x2 - x1, 2 * y2 - y1
            length = np.sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1))
            miss = np.sqrt((led_x - x3) * (led_x - x3) + (led_y - y3) * (led_y - y3))
            mean = (mean * float(i) + length) / float(i + 1)
            if miss > self.tolerance * mean:
                break
            found += 1
        return found, False

    def _with_holes(self, task) -> int:
        """Five more ways: backwards, or from the first hole (or first point) to the next of the other kind."""
        count, hole = self._run(self.count - 1, -1, self.count)
        if not hole:
            if not self._divides(count):
                task.abend(FAILED)
        else:
            tries = ((0, 1, False), (self.count - 1, -1, False), (0, 1, True), (self.count - 1, -1, True))
            count = next((n for n in (self._to_change(*way) for way in tries) if n > 0 and self._divides(n)), 0)
            if not count:
                task.abend(FAILED)
        self._fill(count, self.count // (count + 1) - 1)
        return count

    def _to_change(self, start: int, step: int, from_hole: bool) -> int:
        """Cells until the kind of point one started with comes back after the other kind."""
        if is_hole(self.x[start], self.y[start]) != from_hole:
            return 0
        found, other = 1, False
        for i in range(self.count // 2):
            at = start + (i + 1) * step
            if not 0 <= at < self.count:
                break
            if is_hole(self.x[at], self.y[at]) != from_hole:
                other = True
            elif other:
                return found - 1
            found += 1
        return 0

    def _fill(self, columns: int, rows: int) -> None:
        """Continue the grid into holes along rows and columns, both ways."""
        for i in range(rows + 1):
            self._extend(i * (columns + 1), 1, columns)
        for i in range(rows + 1):
            self._extend((i + 1) * (columns + 1) - 1, -1, columns)
        for i in range(columns + 1):
            self._extend(i, columns + 1, rows)
        for i in range(columns + 1):
            self._extend(self.count - 1 - i, -columns - 1, rows)

    def _extend(self, start: int, step: int, most: int) -> None:
        x, y = self.x, self.y
        for i in range(most - 1):
            a, b, c = (start + (i + n) * step for n in range(3))
            if is_hole(x[c], y[c]) and not is_hole(x[b], y[b]) and not is_hole(x[a], y[a]):
                x[c], y[c] = 2 * x[b] - x[a], 2 * y[b] - y[a]


def outer_points(task, x: np.ndarray, y: np.ndarray, columns: int) -> None:
    """Put the last four points beside the four sides of the grid."""
    n = len(x) - 4
    if n % (columns + 1):
        task.abend("grid has wrong number of points")
    corners = 0, columns, n - 1, n - columns - 1
    spread = 0.6 * (abs(int(x[n - 1] - x[0])) + abs(int(y[n - 1] - y[0]))
                    + abs(int(x[n - columns - 1] - x[columns])) + abs(int(y[n - columns - 1] - y[columns])))  # fmt: skip
    for first, second, to in zip(corners, corners[1:] + corners[:1], (n, n + 1, n + 3, n + 2)):
        dx, dy = x[second] - x[first], y[second] - y[first]
        length = np.sqrt(dx * dx + dy * dy)
        vx, vy = (y[first] - y[second]) / length, dx / length
        x[to] = vx * spread + 0.5 * (x[first] + x[second])
        y[to] = vy * spread + 0.5 * (y[first] + y[second])


def triangulate_grid(task, x: np.ndarray, y: np.ndarray, columns: int) -> np.ndarray:
    """Two triangles a cell, and triangles to the four outer points; rows of point numbers from 0."""
    n = len(x) - 4
    wide, rows = columns + 1, n // (columns + 1) - 1
    top, right, left, bottom = n, n + 1, n + 2, n + 3
    outer = [(top, i, i + 1) for i in range(columns)]
    outer += [(top, columns, right), (top, left, 0)]
    triangles = list(outer)
    for i in range(rows):
        for j in range(columns):
            a, b, c, d = i * wide + j, i * wide + j + 1, (i + 1) * wide + j, (i + 1) * wide + j + 1
            triangles += [(a, c, b), (b, c, d)]
        sides = [((i + 1) * wide - 1, (i + 2) * wide - 1, right), (i * wide, left, (i + 1) * wide)]
        triangles += sides
        outer += sides
    end = [(rows * wide + i, bottom, rows * wide + i + 1) for i in range(columns)]
    end += [(bottom, n - wide, left), (bottom, right, n - 1)]
    _check_outer(task, x, y, columns, rows, outer + end)
    return np.array(triangles + end)


def _check_outer(task, x, y, columns: int, rows: int, outer: list[tuple[int, int, int]]) -> None:
    """No point of the second row or column may lie in an outer triangle."""
    n, wide = len(x) - 4, columns + 1
    probes = []
    for i in range(1, columns - 1):
        probes += [(columns + i + 1, "top row"), (n - 2 * columns + i - 2, "bottom row")]
    for i in range(1, rows - 1):
        probes += [(i * wide + 1, "left column"), (i * wide + columns - 1, "right column")]
    t = np.array(outer)
    corners = np.array([x[t[:, 0]], y[t[:, 0]], x[t[:, 1]], y[t[:, 1]], x[t[:, 2]], y[t[:, 2]]])
    hits = [(int(np.argmax(held)), order, where) for order, (at, where) in enumerate(probes)
            if (held := inside(x[at], y[at], corners)).any()]  # fmt: skip
    if hits:
        task.abend(f"bad triangulation of grid, {min(hits)[2]}")
