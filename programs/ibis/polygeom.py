"""POLYGEOM: moves the points of a graphics file by a grid of tiepoints. Source: ``vos/p2/prog/polygeom`` (Fortran,
06-MAR-95).

Each quadrilateral has a bilinear function (an affine one where two corners coincide) in single precision; the inverse is
found by iteration in double precision.
known: nothing. accepted: tiepoints that define no function end with a message of ours; if the inverse
does not converge no output appears, where the original leaves an unfinished one.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import read_graphics, write_graphics
from vicar.numerics import gauss
from vicar.numerics.fortran import edit

FORTRAN = True

f32 = np.float32
FAR, FARTHEST = f32(1e20), f32(2e20)
SHOWN = 5


def main(task):
    task.if_message("POLYGEOM version 06-MAR-95")
    values = np.zeros(0, np.float32) if task.defaulted("TIEPOINT") else task.reals("TIEPOINT")
    nah, nav = task.integer("NAH"), task.integer("NAV")
    if len(values) != 4 * (nah + 1) * (nav + 1):
        task.abend("NUMBER OF TIEPOINTS DOES NOT MATCH NAH AND NAV")
    inverse, printing = task.keyword("INVERSE"), not task.keyword("NOPRINT")
    if task.integer("SKIP") < 0:  # the original takes neighbours for samples then
        task.abend("SKIP must not be negative")
    cells = read_graphics(task, columns=2 + task.integer("SKIP"))
    grid = Grid(task, values.reshape(nav + 1, nah + 1, 4), inverse)
    if printing:
        task.message("        INPUT COORDINATES           OUTPUT COORDINATES")
    ignored, inside = task.reals("IGNORE"), task.keyword("INSECT")
    result = cells.copy()
    for row, (x, y) in enumerate(cells[:, :2]):
        if abs(x - ignored[0]) + abs(y - ignored[1]) > f32(1e-6) and not (inside and grid.outside(x, y)):
            result[row, :2] = grid.moved(task, x, y)
        if printing and row < SHOWN:
            task.message(edit("(F12.3,1X,F12.3,4X,F12.3,1X,F12.3)", x, y, *result[row, :2]))
    write_graphics(task, result)


class Grid:
    """Quadrilaterals of tiepoints, by column and row, and their functions."""

    def __init__(self, task, points: np.ndarray, inverse: bool):
        self.nav, self.nah = points.shape[0] - 1, points.shape[1] - 1
        self.inverse = inverse
        self.place = (1, 1)  # column and row of the last point found
        self.corners, self.coefficients = {}, {}
        side = slice(0, 2) if inverse else slice(2, 4)
        for column in range(1, self.nah + 1):
            for row in range(1, self.nav + 1):
                around = np.stack([points[row - 1 + d, column - 1 + a] for d, a in ((0, 0), (0, 1), (1, 1), (1, 0))])
                self.corners[column, row] = around[:, side]
                self.coefficients[column, row] = coefficients(task, around, around[:, side])
        # all corners of the outer areas count, so that the bounds hold for grids that are turned
        points = points[:, :, side]
        self.low = points[:, :2, 0].min(), points[:2, :, 1].min()
        self.high = points[:, -2:, 0].max(), points[-2:, :, 1].max()

    def outside(self, x, y) -> bool:
        return not (self.low[0] <= x <= self.high[0] and self.low[1] <= y <= self.high[1])

    def moved(self, task, x, y) -> tuple:
        """New coordinates of a point."""
        self.place = self._find(x, y)
        c = self.coefficients[self.place]
        if not self.inverse:
            return c[0] * x + c[1] * y + c[2] * x * y + c[3], c[4] * x + c[5] * y + c[6] * x * y + c[7]
        return self._inverse(task, x, y, c)

    @staticmethod
    def _inverse(task, x, y, c) -> tuple:
        size = float(x * x + y * y + f32(1e-5))
        u, v = float(x - c[3]), float(y - c[7])
        c1, c2, c3, c4, c5, c6, c7, c8, scale = (float(value) for value in c)
        for _ in range(10):
            fx = c1 * u + c2 * v + c3 * u * v + c4 - float(x)
            fy = c5 * u + c6 * v + c7 * u * v + c8 - float(y)
            u -= (c6 * fx - c2 * fy) * scale
            v -= (c1 * fy - c5 * fx) * scale
            if (fx * fx + fy * fy) / size < 1e-10:
                return f32(u), f32(v)
        task.abend("INVERSE DID NOT CONVERGE")

    def _find(self, x, y) -> tuple[int, int]:
        """The quadrilateral of a point: looked for around the last one, else the nearest at the edge."""
        best, nearest, number = self.place, FARTHEST, 0
        for column in around(self.place[0], self.nah):
            for row in around(self.place[1], self.nav):
                distance = self._distance(x, y, column, row)
                if distance <= 0:
                    return column, row
                this = column + (row - 1) * self.nah
                if distance < nearest or (distance == nearest and this < number):
                    best, nearest, number = (column, row), distance, this
        return best

    def _distance(self, x, y, column: int, row: int):
        """-1 inside, FAR if beyond an inner side, else the squared distance from the middle of an outer one."""
        corners = self.corners[column, row]
        outer = (row == 1, column == self.nah, row == self.nav, column == 1)
        distance = f32(-1)
        for side in range(4):
            (x1, y1), (x2, y2) = corners[side], corners[(side + 1) % 4]
            if outer[side]:
                dx, dy = x - (x1 + x2) / f32(2), y - (y1 + y2) / f32(2)
                distance = dx * dx + dy * dy
            elif (x - x1) * (y2 - y1) - (y - y1) * (x2 - x1) + f32(0.01) <= 0:
                return FAR
        return distance


def around(place: int, count: int):
    """All places, those next to ``place`` first."""
    for n in range(1, count + 1):
        yield (place + count - 1 + (2 * (n % 2) - 1) * (n // 2)) % count + 1


def coefficients(task, points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """x y xy 1 for each new coordinate, and one over the determinant; float32 (9,)."""
    double = 1 if (corners[0] == corners[1]).all() else 0
    double = 3 if (corners[2] == corners[3]).all() else double
    terms = 3 if double else 4
    size = 2 * terms
    right, matrix = [0.0] * size, np.zeros((size, size))
    place = 0
    for number, (u, v, x, y) in enumerate(points, 1):
        right[place], right[place + terms] = float(u), float(v)
        row = [x, y, f32(1)] if double else [x, y, x * y, f32(1)]
        matrix[place, :terms] = matrix[place + terms, terms:] = row
        if double != number:
            place += 1
            if place == terms:
                break
    solution, flag = gauss.solve(matrix.T.ravel().tolist(), right, float(f32(1e-14)))
    if flag:
        task.abend("THE TIEPOINTS DO NOT DEFINE A TRANSFORMATION")
    part = np.array(solution, np.float32)
    first, second = part[:terms], part[terms:]
    if double:
        first, second = (np.array([p[0], p[1], 0, p[2]], np.float32) for p in (first, second))
    with np.errstate(all="ignore"):
        determinant = f32(1) / (first[0] * second[1] - first[1] * second[0])
    return np.concatenate((first, second, [determinant])).astype(np.float32)
