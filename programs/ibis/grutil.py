"""GRUTIL: join, swap, redimension, densify and thin graphics files. Source: ``vos/p2/prog/grutil`` (Fortran), ``ibisgr``.

A graphics file is a table of points; a row of zeros ends a line string.

accepted: where one of several files cannot be opened the original's message names the first of them; here the one it is.
Coordinates behind those a file has are memory the original never set; here they are zero.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
FIRST_ROWS = 128


def main(task):
    option = task.string("OPTION", "")
    dimension = task.integer("DIM")
    if option.startswith("APPEND"):
        with new_file(task, 1, dimension) as table:
            strings = [s for n in range(1, task.count("INP") + 1) for s in line_strings(read(task, n, dimension))]
            fill(table, closed(strings, dimension))
    elif option.startswith("SWAP"):
        strings = line_strings(read(task, 1, dimension))
        order = [1, 0, *range(2, dimension)]
        write(task, 1, dimension, closed([s[:, order][:, :dimension] for s in widened(strings, 2)], dimension))
    elif option.startswith("2DTO3D"):
        with new_file(task, 1, 3) as table:
            strings = []
            for n in range(1, task.count("INP") + 1):
                strings += [np.column_stack([s, np.full(len(s), n, np.float32)]) for s in line_strings(read(task, n, 2))]
            fill(table, closed(strings, 3))
    elif option.startswith("3DTO2D"):
        separate(task, line_strings(read(task, 1, 3)))
    elif option.startswith("REDIM"):
        wanted = task.integer("OUTDIM")
        strings = [s[:, :wanted] for s in widened(line_strings(read(task, 1, dimension)), wanted)]
        write(task, 1, wanted, closed(strings, wanted))
    elif option.startswith("FILL"):
        write(task, 1, dimension, filled(read(task, 1, dimension), task.real("INTERVAL"), dimension))
    elif option.startswith("SMOOTH"):
        write(task, 1, dimension, thinned(read(task, 1, dimension), task.real("INTERVAL"), dimension))


def read(task, instance: int, dimension: int) -> np.ndarray:
    """All points, rows x dimension, single precision."""
    with task.open_table("INP", instance, nc=dimension) as table:
        return np.column_stack([table.read(column, "REAL") for column in range(1, dimension + 1)])


def write(task, instance: int, dimension: int, rows: list[np.ndarray]) -> None:
    with new_file(task, instance, dimension) as table:
        fill(table, rows)


def new_file(task, instance: int, dimension: int):
    """An open graphics file. The original makes room first, sets the type anew, and gives the room back: the label shows it."""
    return task.create_table("OUT", instance, nr=FIRST_ROWS, nc=dimension, org="ROW", version=1, checked=True)


def fill(table, rows: list[np.ndarray]) -> None:
    """Put all rows into a new file."""
    points = np.concatenate(rows) if rows else np.zeros((0, table.nc), np.float32)
    label = table.image.label
    label.delete("TYPE")
    label.add("TYPE", "GRAPH1", format="STRING")
    table.set_length(len(points))
    for column in range(table.nc):
        table.write(column + 1, points[:, column])


def line_strings(points: np.ndarray) -> list[np.ndarray]:
    """Runs of points between rows of zeros."""
    ends = np.flatnonzero(~points.any(axis=1))
    starts = np.concatenate([[0], ends + 1])
    return [points[a:b] for a, b in zip(starts, np.append(ends, len(points))) if b > a]


def closed(strings: list[np.ndarray], dimension: int) -> list[np.ndarray]:
    """Each string with its row of zeros."""
    end = np.zeros((1, dimension), np.float32)
    return [part for string in strings for part in (string, end)]


def widened(strings: list[np.ndarray], dimension: int) -> list[np.ndarray]:
    return [np.pad(s, ((0, 0), (0, max(0, dimension - s.shape[1])))) for s in strings]


def separate(task, strings: list[np.ndarray]) -> None:
    """Strings to the file whose number is the third coordinate of their first point; points before that have no file's number
    are left out."""
    files: list[list[np.ndarray]] = [[] for _ in range(task.count("OUT"))]
    for string in strings:
        numbers = string[:, 2]
        known = np.flatnonzero((numbers >= 1) & (numbers < len(files) + 1))
        if len(known):
            files[int(numbers[known[0]]) - 1].append(string[known[0] :, :2])
    for n, part in enumerate(files, 1):
        write(task, n, 2, closed(part, 2))


def plane_strings(points: np.ndarray):
    """Strings that end where the first two coordinates are zero, and whether the end was there."""
    ends = np.flatnonzero(~points[:, :2].any(axis=1))
    starts = np.concatenate([[0], ends + 1])
    for a, b in zip(starts, np.append(ends, len(points))):
        if b > a:
            yield points[a:b], b < len(points)


def filled(points: np.ndarray, interval: np.float32, dimension: int) -> list[np.ndarray]:
    """Points between the points, not more than ``interval`` apart; a string the file breaks off is not closed."""
    rows: list[np.ndarray] = []
    end = np.zeros((1, dimension), np.float32)
    for string, complete in plane_strings(points):
        rows.append(string[:1])
        for first, second in zip(string, string[1:]):
            step = second[:2] - first[:2]
            distance = np.sqrt(step[0] ** 2 + step[1] ** 2)
            part = interval / distance if distance > 0.0 else np.float32(2.0)
            at = part
            while at < np.float32(1.0):
                between = second.copy()
                between[:2] = first[:2] + at * step
                rows.append(between[np.newaxis])
                at = at + part
            rows.append(second[np.newaxis])
        if complete:
            rows.append(end)
    return rows


def thinned(points: np.ndarray, interval: np.float32, dimension: int) -> list[np.ndarray]:
    """Only points at least ``interval`` from the last one kept."""
    rows: list[np.ndarray] = []
    end = np.zeros((1, dimension), np.float32)
    for string, complete in plane_strings(points):
        last = string[0]
        rows.append(last[np.newaxis])
        for point in string[1:]:
            step = point[:2] - last[:2]
            if step[0] ** 2 + step[1] ** 2 >= interval**2:
                rows.append(point[np.newaxis])
                last = point
        if complete:
            rows.append(end)
    return rows
