"""TIECONM: tiepoints to a regular grid for LGEOM, GEOMA and MGEOM. Source: ``vos/p2/prog/tieconm`` (Fortran).

TIECONV's older sister: up to 1600 tiepoints, another triangulation, single precision. Kept from the original: of COLS only the
number counts (the first REAL columns are read), and PLOT leaves the last record empty.

accepted
* NOT IN TRI prints two numbers that need not be neighbours in the original's memory; here line and sample.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import linpack
from vicar.numerics.manacher import Triangulation
from vicar.numerics.prnt import prnt
from vicar.numerics.shfti import least_squares
from vicar.parmfile import ParameterFileWriter

FORTRAN = True
F = np.float32
MAXIMUM, MAXIMUM_FIT, MAXIMUM_OUT = 1600, 400, 40000
SINGULAR = F(1.0e35)


def main(task):
    task.if_message("TIECONM version 31-OCT-94")
    run = Run(task)
    points = run.read()
    if not len(points):  # the original goes on with what its memory holds
        task.abend("There are no tiepoints.")
    run.fit(points)
    points = run.with_far_points(points)
    triangles = run.triangulate(points)
    if task.keyword("PLOT"):
        write_plot(task, points[:, :2][triangles])
    else:
        run.write(points, triangles)


class Run:
    """One run. Points are rows (x, y, value or two values) in single precision."""

    def __init__(self, task):
        self.task = task
        self.quiet = task.keyword("NOPRINT")
        self.surface = task.keyword("GEOMZ")
        self.only_lines = task.keyword("LGEOM")
        self.swapped = self.only_lines or task.keyword("MGEOM")

    def show(self, kind: str, values, title: str) -> None:
        if not self.quiet:
            self.task.messages(*prnt(kind, values, title))

    def read(self) -> np.ndarray:
        task = self.task
        if task.count("INP"):
            with task.open_table("INP") as table:
                columns = table.find("FORMAT:REAL")[: task.count("COLS")]
                numbers = np.column_stack([table.read(column, "REAL") for column in columns]).reshape(-1)
        else:
            numbers = task.reals("TIEPOINT")
        size = 3 if self.surface else 4
        count = len(numbers) // size
        if count <= 3:
            task.messages(*prnt("FULL", count, "NEED 4 TIEPOINTS."))
            task.abend()
        if count > MAXIMUM:
            task.abend("MAXIMUM INPUT TIEPOINTS EXCEEDED")
        if (task.integer("NAH") + 1) * (task.integer("NAV") + 1) > MAXIMUM_OUT:
            task.abend("MAXIMUM OUTPUT TIEPOINTS EXCEEDED")
        points = numbers[: count * size].reshape(count, size)
        # the grid lies in the second pair of coordinates, for LGEOM and MGEOM in the first
        return points if self.surface or self.swapped else points[:, [2, 3, 0, 1]]

    def fit(self, points: np.ndarray) -> None:
        """Planes through up to 400 points; keeps their coefficients and the extent of all points."""
        x, y = points[:, 0], points[:, 1]
        self.low_x, self.high_x = min(x.min(), F(1.0e20)), max(x.max(), F(0))
        self.low_y, self.high_y = min(y.min(), F(1.0e20)), max(y.max(), F(0))
        x, y, values = x[:MAXIMUM_FIT], y[:MAXIMUM_FIT], points[:MAXIMUM_FIT, 2:].T
        self.planes, _ = least_squares([x, y, np.ones_like(x)], values)
        self.show("REAL", np.concatenate(self.planes), "LSQ FIT.")
        for column in values:
            self.show("REAL", column, "DATA.")
        for column, (a, b, c) in zip(values, self.planes):
            self.show("REAL", column - x * a - y * b - c, "RESIDUALS.")

    def with_far_points(self, points: np.ndarray) -> np.ndarray:
        """Four points far outside, with values from the planes."""
        far = (self.high_x - self.low_x + self.high_y - self.low_y) * F(5)
        middle_x, middle_y = (self.low_x + self.high_x) / F(2), (self.low_y + self.high_y) / F(2)
        rows = []
        for x, y in ((self.low_x - far, middle_y), (middle_x, self.high_y + far), (middle_x, self.low_y - far),
                     (self.high_x + far, middle_y)):  # fmt: skip
            values = [a * x + b * y + c for a, b, c in self.planes]
            rows.append([x, y, *values])
            self.show("REAL", rows[-1] if self.surface else [*values, x, y], "CORNERPT.")
        return np.concatenate([points, np.array(rows, F)])

    def triangulate(self, points: np.ndarray) -> np.ndarray:
        task = self.task

        def duplicate(number: int) -> None:
            self.show("FULL", number, "DUPLIC PT.")
            if task.keyword("ABEND"):
                task.quit()

        found = Triangulation(points[:, 0], points[:, 1], task.real("REJECT") ** 2, duplicate)
        task.messages(*prnt("FULL", found.counts, "COUNTS."))
        self.show("FULL", len(points), "NODES.")
        self.show("FULL", found.edges, "EDGES.")
        self.show("FULL", len(found.triangles), "TRIANGLES.")
        return found.triangles

    def coefficients(self, points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
        """Planes in all triangles, values x 3 x triangles."""
        corners = points[triangles].astype(np.float64)
        matrices = np.stack([corners[:, :, 0], corners[:, :, 1], np.ones(triangles.shape)], axis=2)
        planes = []
        for value in range(2, points.shape[1]):
            plane, singular = linpack.solve(matrices, corners[:, :, value])
            planes.append(plane.astype(F))
            planes[-1][singular] = 0
        for _ in range(np.count_nonzero(singular)):
            self.task.message(" DGELG> Matrix is singular")
        planes[0][singular, 0] = SINGULAR
        return np.array(planes).transpose(0, 2, 1)

    def axis(self, names: tuple[str, str], found: tuple[F, F], cells: int) -> np.ndarray:
        task = self.task
        low, high = (usual if task.defaulted(name) else task.real(name) for name, usual in zip(names, found))
        values = low + np.arange(cells + 1).astype(F) * ((high - low) / F(cells))
        return np.trunc(values) if self.only_lines else values

    def write(self, points: np.ndarray, triangles: np.ndarray) -> None:
        task = self.task
        planes = self.coefficients(points, triangles)
        usual = 10 if self.only_lines else 30
        across, down = task.integer("NAH") or usual, task.integer("NAV") or usual
        with ParameterFileWriter(task, task.file_name("OUT")) as file:
            file.put("NAH", across, "INT")
            file.put("NAV", down, "INT")
            rows = self.axis(("MINL", "MAXL"), (self.low_x, self.high_x), down)
            columns = self.axis(("MINS", "MAXS"), (self.low_y, self.high_y), across)
            numbers = self.interpolated(rows, columns, points[:, :2][triangles], planes)
            file.put("TIEPOINT", numbers.reshape(-1).tolist(), "REAL")

    def interpolated(self, rows: np.ndarray, columns: np.ndarray, corners: np.ndarray, planes: np.ndarray) -> np.ndarray:
        """Output tiepoints; each search begins in the triangle of the last point."""
        count = len(corners)
        steps = np.arange(count)
        search = np.where(steps % 2 == 1, (steps + 1) // 2, -(steps // 2))
        solvable = planes[0, 0] != SINGULAR
        current = first_of_row = 0
        result = []
        for x in rows:
            for n, y in enumerate(columns):
                order = (current + search) % count
                held = (inside(x, y, corners) & solvable)[order]
                best = int(np.argmax(held))
                if held[best]:
                    current = int(order[best])
                else:
                    current = first_of_row if n == 0 else current
                    self.show("REAL", [x, y], "NOT IN TRI.")
                if n == 0:
                    first_of_row = current
                values = [a * x + b * y + c for a, b, c in planes[:, :, current]]
                result.append([x, y, *values] if self.surface or self.swapped else [*values, x, y])
        return np.array(result, F)


def inside(x: F, y: F, corners: np.ndarray) -> np.ndarray:
    """Which triangles hold a point; their edges belong to them."""
    held = np.ones(len(corners), bool)
    for n in range(3):
        x1, y1 = corners[:, n, 0], corners[:, n, 1]
        x2, y2 = corners[:, (n + 1) % 3, 0], corners[:, (n + 1) % 3, 1]
        held &= ~((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1) > 0)
    return held


def write_plot(task, corners: np.ndarray) -> None:
    """Three points and a row of zeros for each triangle, in records of 512 bytes."""
    numbers = np.zeros((len(corners), 4, 2), F)
    numbers[:, :3] = corners
    lines = (32 * len(corners) + 511) // 512
    data = numbers.tobytes()
    data = data[: len(data) // 512 * 512].ljust(512 * lines, b"\0")
    with task.create("OUT", nl=lines, ns=512, format="BYTE", u_format="BYTE") as result:
        result.write_window(np.frombuffer(data, np.uint8).reshape(lines, 512))
