"""From reseau marks to the grid of tiepoints that removes the distortion. Source: ``vos/p2/prog/resloc`` (interg, triag).

The marks lie in 23 rows, staggered. Rows are completed: even ones get a point at either end, odd ones that have only their
outer marks get points between the marks above and below. Points are then doubled so that the quadrilaterals between rows
become triangles.

The older way (`nominal_grid`, source ``vos/p2/sub/geomav`` and ``interg``) differs in where it puts the added points.
"""

from __future__ import annotations

import numpy as np

from vicar.missions.reseau import ROW_ENDS, ROW_STARTS, object_space
from vicar.numerics import linpack
from vicar.numerics.prnt import prnt

f32 = np.float32
ROWS, POINTS = 23, 24


def grid(image: np.ndarray, target: np.ndarray, report, older: bool = False) -> tuple[np.ndarray, list]:
    """Tiepoints float32 (552, 4), object-space line and sample and image line and sample, and the rows they came from.

    ``image`` and ``target`` are the marks' places in image and object space, float32 (202, 2).
    """
    points, rows = np.zeros((ROWS, POINTS, 4), f32), []
    for row in range(1, ROWS + 1):
        places, targets = complete_row(row, image, target, report, older)
        rows.append((places, targets))
        order = (np.arange(POINTS) + (3 if row % 2 == 0 else 2)) // 2 - 1
        points[row - 1, :, :2], points[row - 1, :, 2:] = targets[order], places[order]
    return points.reshape(-1, 4), rows


def nominal_grid(camera: int, image: np.ndarray, report) -> np.ndarray:
    """The grid GEOMAV makes from the marks of an image, float32 (23, 24, 4): rows of tiepoints as `grid` gives them."""
    return grid(image, object_space(camera), report, older=True)[0].reshape(ROWS, POINTS, 4)


def complete_row(row: int, image, target, report, older: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Places of a row in image and object space, float32 (12 or 13, 2)."""
    start, end = ROW_STARTS[row - 1] - 1, ROW_ENDS[row - 1]
    if row % 2 == 0:
        left = [n - 1 for n in ROW_STARTS[row - 2 : row + 1]]
        right = [n - 1 for n in ROW_ENDS[row - 2 : row + 1]]
        ends = [_end_point(image, target, marks, report, older) for marks in (left, right)]
        inner = image[start:end], target[start:end]
        return tuple(np.concatenate([ends[0][n][None], inner[n], ends[1][n][None]]) for n in (0, 1))
    if row <= 3 or row >= 21:
        return image[start:end].copy(), target[start:end].copy()
    above, below = ROW_STARTS[row - 2], ROW_STARTS[row]
    level = (target[start + 1, 0] + target[end - 2, 0]) / f32(2) if older else None
    between = [
        _inner_point(image, target, [above + n, above + n + 1, below + n, below + n + 1], report, level) for n in range(8)
    ]
    return tuple(
        np.concatenate([whole[start : start + 2], np.stack([point[n] for point in between]), whole[end - 2 : end]])
        for n, whole in ((0, image), (1, target))
    )


def _end_point(image, target, marks: list[int], report, older: bool):
    """A point midway between the outer marks above and below; the older one in the row's line, under the mark above."""
    place = (target[marks[0]] + target[marks[2]]) / f32(2)
    if older:
        place = np.array([target[marks[1], 0], target[marks[0], 1]])
    return _placed(image, target, marks, place, report), place


def _inner_point(image, target, marks: list[int], report, level):
    """A point in the middle of four marks; the older one in line ``level``, in the middle of the two above."""
    place = (target[marks[0]] + target[marks[1]] + target[marks[2]] + target[marks[3]]) / f32(4)
    if level is not None:
        place = np.array([level, (target[marks[0], 1] + target[marks[1], 1]) / f32(2)])
    return _placed(image, target, marks, place, report), place


def _placed(image, target, marks: list[int], place, report) -> np.ndarray:
    """Image place of a point of object space, from an affine or bilinear function through marks."""
    line, sample = target[marks, 0], target[marks, 1]
    columns = [np.ones(len(marks), f32), sample, line]
    if len(marks) == 4:
        columns.append(sample * line)
    matrix = np.stack(columns, axis=1)
    found = np.zeros(2, f32)
    for n in (0, 1):
        b, singular = linpack.solve(matrix[None], image[marks, n][None])
        b = b[0]
        if singular[0]:
            for text in prnt("HALF", marks[0] + 1, "***simq err at mark."):
                report(text)
            b = image[marks, n]
        found[n] = b[0] + b[1] * place[1] + b[2] * place[0]
        if len(marks) == 4:
            found[n] = found[n] + b[3] * place[1] * place[0]
    return found
