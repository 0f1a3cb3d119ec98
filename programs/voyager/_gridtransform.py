"""One place from image to object space or back, over a grid of tiepoints. Source: ``vos/p2/sub/tritra``, ``inside``.

The quadrilateral (or triangle, where two points of the grid coincide) around the place is looked for near the nearest point;
the function through its corners is solved anew for each coordinate. All in single precision.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics import linpack

f32 = np.float32
FAR = f32(1.0e20)
OBJECT, IMAGE = slice(0, 2), slice(2, 4)


class GridError(ValueError):
    """The grid cannot be used there; the text is the original's."""


@dataclass
class GridTransform:
    """``points`` : float32 (rows, columns, 4), object-space line and sample, image line and sample."""

    points: np.ndarray

    def to_object(self, line: float, sample: float) -> tuple[np.float32, np.float32]:
        """Object-space line and sample of a place in the image. Raises `GridError`."""
        return self._transform(self.points[..., IMAGE], self.points[..., OBJECT], f32(line), f32(sample))

    def to_image(self, line: float, sample: float) -> tuple[np.float32, np.float32]:
        """Line and sample in the image of a place in object space. Raises `GridError`."""
        return self._transform(self.points[..., OBJECT], self.points[..., IMAGE], f32(line), f32(sample))

    def _transform(self, source, target, line, sample):
        row, column = self._nearest(source, line, sample)
        area = self._around(source, row, column, line, sample) or self._outside(source, row, column, line, sample)
        corners = self._corners(source, *area)
        size = len(corners[0])
        terms = [np.ones(size, f32), source[corners][:, 1], source[corners][:, 0]]
        if size == 4:
            terms.append(terms[1] * terms[2])
        found = []
        for axis in (0, 1):
            factors, singular = linpack.solve(np.stack(terms, axis=1)[None], target[corners][None, :, axis])
            if singular[0]:
                raise GridError("SIMQ MATRIX IS SINGULAR")
            b = factors[0]
            value = b[0] + b[1] * sample + b[2] * line
            found.append(value + b[3] * line * sample if size == 4 else value)
        return tuple(found)

    @staticmethod
    def _nearest(source, line, sample) -> tuple[int, int]:
        """The nearest point; of several the last. A point in the column of the one before it does not count."""
        lines, samples = source[..., 0].ravel(), source[..., 1].ravel()
        distance = (line - lines) ** 2 + (sample - samples) ** 2
        distance[1:][samples[1:] == samples[:-1]] = np.inf
        last = len(distance) - 1 - int(np.argmin(distance[::-1]))
        return divmod(last, source.shape[1])

    def _around(self, source, row: int, column: int, line, sample) -> tuple[int, int] | None:
        """The area the place lies in, among those near a point."""
        down, across = source.shape[0] - 1, source.shape[1] - 1
        for r in range(max(row - 2, 0), min(row + 1, down - 1) + 1):
            for c in range(max(column - 2, 0), min(column + 2, across - 1) + 1):
                outline = self._outline(source, r, c)
                if len(outline) < 3:
                    raise GridError(f"DEGENERATE QUADRILATERAL AT AH={c + 1:3d}    AV={r + 1:3d}")
                if inside(line, sample, outline):
                    return r, c
        return None

    @staticmethod
    def _outline(source, r: int, c: int) -> list:
        """Corners of an area in order, those that coincide once."""
        corners = [source[r, c]]
        if source[r, c, 1] != source[r, c + 1, 1]:
            corners.append(source[r, c + 1])
        corners.append(source[r + 1, c + 1])
        if source[r + 1, c, 1] != source[r + 1, c + 1, 1]:
            corners.append(source[r + 1, c])
        return corners

    @staticmethod
    def _outside(source, row: int, column: int, line, sample) -> tuple[int, int]:
        """The area that serves for a place outside all: beside the nearest point, on the place's side."""
        down, across = source.shape[0] - 1, source.shape[1] - 1
        point = source[row, column]
        if line > point[0]:
            r, right = row, sample > point[1]
        else:
            r, right = max(row - 1, 0), sample > point[1]
        if right:
            c = column
            if c < across and source[r, c, 1] == source[r, c + 1, 1]:
                c += 1
        else:
            c = max(column - 1, 0)
        return min(r, down - 1), min(c, across - 1)

    @staticmethod
    def _corners(source, r: int, c: int) -> tuple[np.ndarray, np.ndarray]:
        """Indices of the corners whose function serves: four, or three of a triangle, in the original's order."""
        upper, lower = source[r, c, 1] == source[r, c + 1, 1], source[r + 1, c, 1] == source[r + 1, c + 1, 1]
        if not upper and not lower:
            places = [(r, c), (r, c + 1), (r + 1, c), (r + 1, c + 1)]
        else:
            second = (r + 1, c + 1) if not lower else (r, c + 1)
            places = [(r, c), second, (r + 1, c)]
        return tuple(np.array(places).T)


def inside(line, sample, corners: list) -> bool:
    """Whether a place lies in a polygon or on its edge: a ray to the right crosses an odd number of edges."""
    crossings = 0
    for first, second in zip(corners, corners[1:] + corners[:1], strict=True):
        (y1, x1), (y2, x2) = first, second
        if line < min(y1, y2) or line > max(y1, y2) or sample > max(x1, x2):
            continue
        if y1 == y2:
            if sample >= min(x1, x2):
                return True
            continue
        if line == min(y1, y2) and sample < (x2 if y2 < y1 else x1):
            crossings += 1
            continue
        cut = (line - y2) * (x2 - x1) / (y2 - y1) + x2
        if sample == cut:
            return True
        if line not in (y1, y2) and sample < cut:
            crossings += 1
    return crossings % 2 != 0
