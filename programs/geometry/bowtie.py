"""BOWTIE: takes the overlap of scans out of an image and its grid. Source: ``vos/p2/prog/bowtie`` (C, 2016-01-13) and
``cartogetline`` of ``vos/p2/sub/carto_subs``.

The grid has a point for each line of the image. Where a scan begins above the end of the one before, the points of both
are spread evenly over the overlap, column by column; each pixel is then interpolated along its column at its new place,
in the scan of its line.
Kept: a grid without overlap at either side within the first NSCAN lines is left as it is, and so is the image.

known: nothing. accepted: where a grid has less lines than the image, and the original looks behind its end, zeros stand here,
and so do they in lines of a scan cut down to one, which it never sets.
"""

from __future__ import annotations

import numpy as np

from programs.ibis.gridck import NoGrid, run_length
from vicar.numerics.rounding import truncate

_TOLERANCE = 0.9
_EDGE = 0.99999  # a grid line or column counts from here on as reached


def main(task):
    task.if_message("bowtie version 2016-01-13")
    columns, scan = task.integers("COLS"), task.integer("NSCAN")
    with task.open_table("INP", 2, mode="UPDATE") as table:
        if table.nc < 4:
            task.abend("need at least four columns")
        if len(columns) < 4:
            task.abend("COLS must name four columns")
        line, sample, x, y = (table.read(column, "DOUB") for column in columns)
        across = grid_width(task, line, sample)
        down = len(line) // across
        task.if_message(f"gridnah,gridnav {across - 1} {down - 1}")
        offset = first_overlap(x.reshape(down, across), scan)
        task.if_message(f"offset={offset}")
        with task.open("INP", 1, u_format="HALF") as source:
            if source.format not in ("BYTE", "HALF"):
                task.abend("only for byte or halfword images")
            with task.create("OUT", nl=source.nl, ns=source.ns, u_format="HALF") as result:
                image = source.read_window(1, 1, source.nl, source.ns)
                if offset > 0:
                    grid = [padded(v.reshape(down, across), max(source.nl, down)) for v in (x, y)]
                    moved = spread(*grid, source.nl, scan, offset)
                    for column, values in zip(columns[2:], moved, strict=True):
                        table.write(column, values[:down].ravel())
                    places = line.reshape(down, across)[:, 0], sample.reshape(down, across)
                    image = resample(image, places, grid, moved, scan, offset)
                result.write_window(image)


def grid_width(task, line: np.ndarray, sample: np.ndarray) -> int:
    """Points in a row of the grid."""
    count = len(line)
    try:
        across = run_length(line.tolist(), sample.tolist(), 0, 1, count, _TOLERANCE) + 1
    except NoGrid:
        task.abend("problem with first line of grid")
    if count % across:
        task.abend("problem with first line of grid..")
    return across


def padded(values: np.ndarray, rows: int) -> np.ndarray:
    return np.pad(values, ((0, rows - len(values)), (0, 0)))


def first_overlap(x: np.ndarray, scan: int) -> int:
    """Lines of the first, perhaps partial, scan: where x does not fall at either side; -1 if nowhere."""
    x = padded(x, max(len(x), scan + 1))
    for row in range(1, scan + 1):
        if not (x[row, 0] < x[row - 1, 0] or x[row, -1] < x[row - 1, -1]):
            return row
    return -1


def spread(x: np.ndarray, y: np.ndarray, nl: int, scan: int, offset: int) -> tuple[np.ndarray, np.ndarray]:
    """The grid with the points of each overlap at even distances."""
    new_x, new_y = x.copy(), y.copy()
    for column in range(x.shape[1]):
        heights = x[:, column].tolist()
        for last in range(offset - 1, offset - 1 + (nl + scan - offset - 1) // scan * scan, scan):
            first = last + 1
            upper = range(last, max(0, last - scan) - 1, -1)
            lower = range(first, min(nl - 1, first + scan - 1) + 1)
            begin = next((row for row in upper if not heights[row] < heights[first]), last)
            end = next((row for row in lower if not heights[row] > heights[last]), first)
            steps = end - begin
            if steps > 2:
                part = np.arange(1, steps) / float(steps)
                for old, new in ((x, new_x), (y, new_y)):
                    start = old[begin, column]
                    new[begin + 1 : end, column] = start + part * (old[end, column] - start)
    return new_x, new_y


def resample(image: np.ndarray, places, grid, moved, scan: int, offset: int) -> np.ndarray:
    """The image, int16, at the moved points."""
    grid_line, grid_sample = places
    nl, ns = image.shape
    areas = grid_sample.shape[1] - 1
    left = np.array([left_point(grid_sample[0], areas, sample) for sample in range(ns)])
    result, all_samples = np.zeros_like(image), np.arange(ns)
    for line in range(nl):
        band = (line + scan - offset) // scan
        top, bottom = max(band * scan + offset - scan, 0), min(band * scan + offset, nl) - 1
        if bottom <= top:
            continue
        row = next((i for i in range(len(grid_line) - 1) if not grid_line[i] < line + _EDGE), len(grid_line) - 1)
        with np.errstate(all="ignore"):
            start = grid_sample[row, left]
            part = (all_samples + 1 - start) / (grid_sample[row, left + 1] - start)
            point = [(1.0 - part) * m[row, left] + part * m[row, left + 1] for m in moved]
            ends = [v[top : bottom + 1, side] for side in (left, left + 1) for v in grid]
            doubled = doubled_area(point, ends)
            passed = doubled[:-1] < 0.000001
            found = np.argmax(passed, axis=0)
            above = np.where(passed.any(axis=0), np.maximum(found - 1, 0), bottom - top - 1)
            x1, y1, x2, y2 = ends
            distance = np.abs(doubled) / np.sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1))
            first, second = distance[above, all_samples], distance[above + 1, all_samples]
            upper, lower = (image[top + above + k, all_samples].astype(np.float64) for k in (0, 1))
            result[line] = truncate((second * upper + first * lower) / (first + second) + 0.5, np.int16)
    return result


def left_point(row: np.ndarray, areas: int, sample: int) -> int:
    """The grid column at the left of a sample (from 0)."""
    reached = next((i for i in range(areas) if not row[i] < sample + _EDGE), None)
    return areas - 1 if reached is None else max(0, reached - 1)


def doubled_area(point, ends) -> np.ndarray:
    """Twice the area of the triangles of a point and two ends; positive on one side."""
    (xp, yp), (x1, y1, x2, y2) = point, ends
    return xp * y1 - x1 * yp + x1 * y2 - x2 * y1 + x2 * yp - xp * y2
