"""TIECONV: tiepoints to a regular grid for the warping programs. Source: ``vos/p2/prog/tieconv`` (C).

Tiepoints are triangulated (a grid is recognized and cut into triangles directly) and the grid interpolated in the triangles;
or a polynomial is fitted to them. All is done with the means of the coordinates subtracted.

Kept from the original: REJECT only changes the last bits of its default (0.01), and the residuals of more than 600 points
are printed for other points than the fit was made with.

accepted: the TIEPOINT parameter makes the original crash; here it works.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from programs.geometry._tieconv_grid import GridFinder, outer_points, triangulate_grid
from programs.ibis import _columns
from vicar.numerics import gauss, thiessen
from vicar.numerics.leastsquares import lsqfit
from vicar.numerics.prnt import prnt
from vicar.parmfile import ParameterFileWriter

MAXIMUM_FIT, MAXIMUM = 400, 10000000
TERMS = {"LINEAR": 3, "KEYSTONE": 4, "QUAD": 6, "CUBIC": 10}
NEEDED = (("KEYSTONE", 4, "need 4 tiepoints for keystone option"), ("QUAD", 6, "need 6 tiepoints for quadratic option"),
          ("CUBIC", 10, "need 10 tiepoints for cubic option"))  # fmt: skip
TERM_NAMES = ("x", "y", "1", "xy", "xx", "yy", "xxx", "xxy", "xyy", "yyy")
SINGULAR = 1.0e35
TOLERANCE = 1.0e-7  # of the least squares fit


@dataclass
class Points:
    """Where the points are in the output (x, y), what belongs to them (``values``: one or two rows), and the means."""

    x: np.ndarray
    y: np.ndarray
    values: list[np.ndarray]
    means: list[float]

    @property
    def count(self) -> int:
        return len(self.x)


def main(task):
    task.if_message("TIECONV version 2019-09-18")
    poly = next((name for name in TERMS if task.string("POLY", "").startswith(name)), "")
    numbers = read_tiepoints(task)
    if task.keyword("PLOT") and poly:
        task.abend("can't plot with polynomial fit options")
    points, extent = normalized(task, numbers, poly)
    columns = 0
    if not poly:
        columns = GridFinder(points.x, points.y, task.double("GRIDTOL")).columns(task)
    solutions, sample = fit(task, points, TERMS.get(poly, 3))
    frame = output_frame(task, points, extent)
    if poly:
        show_polynomial(task, points, solutions, sample)
        write_grid(task, points, frame, lambda x, y: [polynomial(s, x, y, 1.0) for s in solutions])
        return
    show_fit(task, points, solutions, sample)
    triangles = triangulate(task, points, extent, solutions, columns)
    if task.keyword("PLOT"):
        write_plot(task, points, triangles)
    else:
        write_grid(task, points, frame, Interpolator(task, points, triangles))


def read_tiepoints(task) -> np.ndarray:
    if not task.count("INP"):
        return task.doubles("TIEPOINT")
    with task.open_table("INP") as table:
        columns = task.integers("COLS")
        return np.column_stack([_columns.numbers(table, column, routine="IBISRecordOpen") for column in columns]).reshape(-1)


def normalized(task, numbers: np.ndarray, poly: str) -> tuple[Points, tuple[float, float, float, float]]:
    """The points less their means, and the extent of x and y (minimum and maximum of each)."""
    size = 3 if task.keyword("GEOMZ") else 4
    count = len(numbers) // size
    if count < 3:
        task.abend("need 3 tiepoints")
    for name, least, text in NEEDED:
        if poly == name and count < least:
            task.abend(text)
    if count > MAXIMUM:
        task.abend("maximum input tiepoints exceeded")
    table = numbers[: count * size].reshape(count, size).copy()
    if size == 3:
        x, y, values = table[:, 0], table[:, 1], [table[:, 2]]
    elif any(task.keyword(mode) for mode in ("MGEOM", "LGEOM", "GEOMV")):
        x, y, values = table[:, 0], table[:, 1], [table[:, 2], table[:, 3]]
    else:
        x, y, values = table[:, 2], table[:, 3], [table[:, 0], table[:, 1]]
    means = [float(int(float(np.add.accumulate(column)[-1]) / count + 0.5)) for column in (x, y, *values)]
    extent = (min(x.min(), 1.0e20) - means[0], max(x.max(), 0.0) - means[0],
              min(y.min(), 1.0e20) - means[1], max(y.max(), 0.0) - means[1])  # fmt: skip
    return Points(x - means[0], y - means[1], [v - m for v, m in zip(values, means[2:])], means), extent


def powers(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.array([x, y, np.ones_like(x), x * y, x * x, y * y, x * x * x, x * x * y, x * y * y, y * y * y])


def fit(task, points: Points, terms: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Ten coefficients for each value (unused ones 0), and the points used."""
    count = points.count
    used = min(count, MAXIMUM_FIT)
    sample = np.arange(used)
    if count > 3 * MAXIMUM_FIT // 2:
        k = 0
        for i in range(used):
            k = (k * 379 + i * i) % count
            sample[i] = k
    columns = powers(points.x[sample], points.y[sample])[:terms]
    solutions, flag = [], 0
    for values in points.values:
        found, flag = lsqfit(columns.T, values[sample], TOLERANCE)
        solutions.append(np.concatenate([found, np.zeros(10 - terms)]))
    if flag:
        size = len(points.values)
        task.printf(f"j,npoint {size} {size + 2}")
        task.abend("least squares fit failure")
    return solutions, sample


def polynomial(c: np.ndarray, x, y, factor: float):
    """The fitted surface, with ``factor`` for the terms above the linear ones."""
    if factor == 1.0:
        total = c[0] * x + c[1] * y + c[2] + c[3] * x * y + c[4] * x * x + c[5] * y * y
        return total + c[6] * x * x * x + c[7] * x * x * y + c[8] * x * y * y + c[9] * y * y * y
    higher = (c[3] * x * y + c[4] * x * x + c[5] * y * y + c[6] * x * x * x + c[7] * x * x * y + c[8] * x * y * y
              + c[9] * y * y * y)  # fmt: skip
    return c[0] * x + c[1] * y + c[2] + factor * higher


# ---- printing --------------------------------------------------------------------------------------------------------


def residual_points(points: Points, count: int) -> np.ndarray:
    i = np.arange(count)
    return i * i % points.count if points.count > 3 * MAXIMUM_FIT // 2 else i


def show_fit(task, points: Points, solutions: list[np.ndarray], sample: np.ndarray) -> None:
    if not task.keyword("PRINT"):
        return
    for c, title in zip(solutions, ("lsq fit x'=ax+by+c.", "lsq fit y'=dx+ey+f.")):
        task.messages(*prnt("DOUB", c[:3], title))
    data = [values[sample] for values in points.values]
    task.messages(*prnt("DOUB", np.concatenate(data), "data."))
    k = residual_points(points, len(sample))
    x, y = points.x[k], points.y[k]
    rest = [d - x * c[0] - y * c[1] - c[2] for d, c in zip(data, solutions)]
    task.messages(*prnt("DOUB", np.concatenate(rest), "residuals."))


def show_polynomial(task, points: Points, solutions: list[np.ndarray], sample: np.ndarray) -> None:
    if not task.keyword("PRINT"):
        return
    for name, c in zip("xy", solutions):
        for term, value in zip(TERM_NAMES, c):
            task.printf(f"{name}' lsq fit, coeff of {term} = {value:15.8f}")
    for n, mean in enumerate([*points.means, 0.0][:4]):
        task.printf(f"normlz[{n}] = {mean:15.8f}")
    data = [values[sample] for values in points.values]
    task.messages(*prnt("DOUB", np.concatenate(data), "data."))
    k = residual_points(points, len(sample))
    x, y = points.x[k], points.y[k]
    rest = []
    for d, c in zip(data, solutions):
        d = d - c[0] * x - c[1] * y - c[2] - c[3] * x * y - c[4] * x * x - c[5] * y * y
        rest.append(d - c[6] * x * x * x - c[7] * x * x * y - c[8] * x * y * y - c[9] * y * y * y)
    task.messages(*prnt("DOUB", np.concatenate(rest), "residuals."))


# ---- triangles -------------------------------------------------------------------------------------------------------


def triangulate(task, points: Points, extent, solutions: list[np.ndarray], columns: int) -> np.ndarray:
    """Add four far points with fitted values, and make the triangles."""
    low_x, high_x, low_y, high_y = extent
    far = (high_x - low_x + high_y - low_y) * 5.0
    middle_x, middle_y = (low_x + high_x) * 0.5, (low_y + high_y) * 0.5
    points.x = np.append(points.x, [low_x - far, middle_x, middle_x, high_x + far])
    points.y = np.append(points.y, [middle_y, high_y + far, low_y - far, middle_y])
    if columns:
        task.printf("grid automatically detected")
        outer_points(task, points.x, points.y, columns)
    far_x, far_y = points.x[-4:], points.y[-4:]
    points.values = [np.append(v, polynomial(c, far_x, far_y, 0.5)) for v, c in zip(points.values, solutions)]
    if columns:
        triangles = triangulate_grid(task, points.x, points.y, columns)
        edges = len(triangles) * 3 // 2 + 2
    else:
        triangles = scattered(task, points)
        edges = points.count + len(triangles) - 1
    if task.keyword("PRINT"):
        for count, title in ((points.count, "nodes."), (edges, "edges."), (len(triangles), "triangles.")):
            task.messages(*prnt("FULL", count, title))
    return triangles


def scattered(task, points: Points) -> np.ndarray:
    task.printf("no grid detected")
    if task.keyword("ABENDG") and points.count > 1500:
        task.abend("user abend on no grid found")
    reject = reject_distance(task)

    def told(kind: str) -> None:
        if task.keyword("ABEND"):
            task.abend(f"{kind} point abend")
        task.printf(f"{kind} point rejected")

    try:
        triangles = thiessen.triangulate(points.x, points.y, reject * reject, 0.0, told)
    except thiessen.ThiessenError as error:
        task.abend(str(error))
    task.printf(f"{points.count} points {points.count + len(triangles) - 1} lines {len(triangles)} triangles")
    return triangles


def reject_distance(task) -> float:
    """0.01 whose low four bytes are replaced by the parameter's single-precision value."""
    low = struct.pack("<f", float(task.real("REJECT")))
    return struct.unpack("<d", low + struct.pack("<d", 0.01)[4:])[0]


class Interpolator:
    """Values in the triangles; each search begins in the triangle of the last."""

    def __init__(self, task, points: Points, triangles: np.ndarray):
        self.task, self.number = task, len(triangles)
        self.verbose = task.keyword("PRINT")
        x, y = points.x[triangles], points.y[triangles]
        self.corners = np.array([x[:, 0], y[:, 0], x[:, 1], y[:, 1], x[:, 2], y[:, 2]])
        self.planes = np.zeros((3 * len(points.values), self.number))
        for row, values in enumerate(points.values):
            for n, corner in enumerate(triangles):
                columns = [*points.x[corner].tolist(), *points.y[corner].tolist(), 1.0, 1.0, 1.0]
                plane, flag = gauss.solve(columns, values[corner].tolist())
                self.planes[3 * row : 3 * row + 3, n] = plane
                if flag:
                    self.planes[0, n] = SINGULAR
        steps = np.arange(self.number)
        self.search = np.where(steps % 2 == 1, (steps + 1) // 2, -((steps + 1) // 2))
        self.current = self.second = 0

    def __call__(self, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        """Values on the grid of ``x`` (rows) and ``y`` (columns)."""
        result = np.empty((len(self.planes) // 3, *x.shape))
        for i, j in np.ndindex(x.shape):
            self._find(float(x[i, j]), float(y[i, j]), j)
            for row in range(len(result)):
                a, b, c = self.planes[3 * row : 3 * row + 3, self.current]
                result[row, i, j] = a * x[i, j] + b * y[i, j] + c
        return list(result)

    def _find(self, x: float, y: float, column: int) -> None:
        held = thiessen.inside(x, y, self.corners) & ~(self.planes[0] > 1.0e34)
        order = (self.current + self.search) % self.number
        first = np.argmax(held[order])
        if held[order[first]]:
            self.current = int(order[first])
        else:
            if column == 1:
                self.current = self.second
            if self.verbose:
                self.task.printf(f"grid point {x:f},{y:f} not in triangle")
        if column == 1:
            self.second = self.current


# ---- output ----------------------------------------------------------------------------------------------------------


@dataclass
class Frame:
    """The output grid: cells across and down, and its extent."""

    across: int
    down: int
    x: tuple[float, float]
    y: tuple[float, float]


def output_frame(task, points: Points, extent) -> Frame:
    usual = 10 if task.keyword("LGEOM") else 50 if task.keyword("GEOMV") else 30
    low_x, high_x, low_y, high_y = (
        found if task.defaulted(name) else task.double(name) - mean
        for name, found, mean in zip(("MINL", "MAXL", "MINS", "MAXS"), extent, np.repeat(points.means[:2], 2))
    )
    return Frame(task.integer("NAH") or usual, task.integer("NAV") or usual, (low_x, high_x), (low_y, high_y))


def write_grid(task, points: Points, frame: Frame, evaluate) -> None:
    x = frame.x[0] + np.arange(frame.down + 1) * ((frame.x[1] - frame.x[0]) / frame.down)
    y = frame.y[0] + np.arange(frame.across + 1) * ((frame.y[1] - frame.y[0]) / frame.across)
    if task.keyword("LGEOM"):
        x, y = np.trunc(x), np.trunc(y)
    x, y = np.meshgrid(x, y, indexing="ij")
    columns = [v + m for v, m in zip([x, y, *evaluate(x, y)], points.means)]
    if not any(task.keyword(mode) for mode in ("GEOMV", "LGEOM", "MGEOM", "GEOMZ")):
        columns = columns[2:] + columns[:2]
    columns = [column.reshape(-1) for column in columns]
    if task.keyword("GEOMV"):
        with task.create_table("OUT", nr=len(columns[0]), nc=4, default_format="DOUB") as table:
            for n, column in enumerate(columns, start=1):
                table.write(n, column)
        return
    with ParameterFileWriter(task, task.file_name("OUT")) as file:
        file.put("NAH", frame.across, "INT")
        file.put("NAV", frame.down, "INT")
        file.put("TIEPOINT", np.column_stack(columns).astype(np.float32).reshape(-1).tolist(), "REAL")


def write_plot(task, points: Points, triangles: np.ndarray) -> None:
    """Outlines of the triangles as line strings: four points and a row of zeros each."""
    closed = triangles[:, [0, 1, 2, 0]]
    with task.create_table("OUT", nr=5 * len(triangles), nc=2, org="ROW") as table:
        for n, values in enumerate((points.x, points.y)):
            rows = np.zeros((len(triangles), 5), np.float32)
            rows[:, :4] = values[closed] + points.means[n]
            table.write(n + 1, rows.reshape(-1))
