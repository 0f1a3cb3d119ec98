"""Geometry of GEOMA: quadrilaterals of tiepoints, which of them each output sample lies in, and where it comes from.

Source: ``vos/p2/prog/geoma``. Areas are numbered from 0, left to right and top to bottom; lines and samples from 1.
Borders are straight lines in single precision, positions double precision, stepped by addition along each stretch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics import linpack

f32 = np.float32


class AreaError(Exception):
    """No area contains the point."""


class SingularError(Exception):
    """The tiepoints of an area do not define a transformation."""


@dataclass
class Stretch:
    """Samples ``first`` to ``last`` of an output line, in one area."""

    first: int
    last: int
    area: int


class Grid:
    """Tiepoints arranged in rows and columns, and the areas between them.

    ``points`` is float32 ((nav+1)*(nah+1), 4): output line and sample, input line and sample.
    """

    def __init__(self, points: np.ndarray, nah: int, nav: int, lines: int, samples: int):
        self.nah, self.nav, self.lines, self.samples = nah, nav, lines, samples
        self.areas = nah * nav
        self.coefficients = self._coefficients(points.astype(float))
        self._borders(points.astype(float).reshape(nav + 1, nah + 1, 4))

    # -- transformations ------------------------------------------------------------------------------------------------

    def _corners(self, points: np.ndarray) -> np.ndarray:
        """Points of the four corners of each area: (areas, 4, 4), upper left, upper right, lower left, lower right."""
        grid = points.reshape(self.nav + 1, self.nah + 1, 4)
        corners = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:]], axis=2)
        return corners.reshape(self.areas, 4, 4)

    def _coefficients(self, points: np.ndarray) -> np.ndarray:
        """Eight coefficients of each area, float64 (areas, 8): sample = 0 s + 1 l + 2 + 6 sl, line = 3 s + 4 l + 5 + 7 sl."""
        corners = self._corners(points)
        line, sample = corners[:, :, 0], corners[:, :, 1]
        matrix = np.zeros((self.areas, 8, 8))
        for row, first in ((slice(0, 8, 2), 0), (slice(1, 8, 2), 3)):
            matrix[:, row, first], matrix[:, row, first + 1], matrix[:, row, first + 2] = sample, line, 1
        matrix[:, 0::2, 6] = matrix[:, 1::2, 7] = sample * line
        right = np.zeros((self.areas, 8))
        right[:, 0::2], right[:, 1::2] = corners[:, :, 3] - sample, corners[:, :, 2] - line
        triangle = self._make_triangles(matrix, right, line, sample)
        result, singular = np.zeros((self.areas, 8)), np.zeros(self.areas, bool)
        for chosen, rank in ((~triangle, 8), (triangle, 6)):
            if chosen.any():
                result[chosen, :rank], singular[chosen] = linpack.solve(matrix[chosen, :rank, :rank], right[chosen, :rank])
        if singular.any():
            raise SingularError
        result[:, 0] += 1
        result[:, 4] += 1
        return result

    @staticmethod
    def _make_triangles(matrix, right, line, sample) -> np.ndarray:
        """Areas two of whose neighbouring corners coincide: the fourth corner takes the place of one of them."""
        triangle = np.zeros(len(matrix), bool)
        for one, other in ((0, 1), (1, 3), (2, 0), (3, 2)):
            same = (line[:, one] == line[:, other]) & (sample[:, one] == sample[:, other]) & ~triangle
            triangle |= same
            if 3 not in (one, other):
                rows = slice(2 * one, 2 * one + 2)
                matrix[same, rows] = matrix[same, 6:8]
                right[same, rows] = right[same, 6:8]
        right[triangle, 6:8] = 0
        return triangle

    # -- borders --------------------------------------------------------------------------------------------------------

    def _borders(self, grid: np.ndarray) -> None:
        """Slope and offset of the upper border of each area (and the lower of the last), line over sample, and of the right
        border, sample over line; those of the image's edge are straight."""
        line, sample = grid[:, :, 0], grid[:, :, 1]
        upper = _straight(sample[:, :-1], line[:, :-1], sample[:, 1:], line[:, 1:])
        upper[0] = 0, 1
        upper[-1] = 0, self.lines
        right = _straight(line[:-1, 1:], sample[:-1, 1:], line[1:, 1:], sample[1:, 1:])
        right[:, -1] = 0, self.samples
        self.level = np.moveaxis(upper, -1, 0).reshape(2, -1)  # borders above, by area; then below the last row
        self.right = np.moveaxis(right, -1, 0).reshape(2, -1)
        self.slopes, self.offsets = list(self.level[0]), list(self.level[1])  # as numpy's numbers: quick to pick one of
        self.starts = [float(self.level[0, self.nah * row] + self.level[1, self.nah * row]) for row in range(1, self.nav + 1)]

    def stretches(self, first: int, count: int):
        """The stretches of ``count`` output lines from ``first`` on, left to right, line by line; `AreaError` ends it."""
        lines = np.arange(first, first + count).astype(f32)[:, None]
        with np.errstate(all="ignore"):
            crossings = _whole((lines - self.level[1]) / self.level[0])
            crossings[:, self.level[0] == 0] = self.samples
            edges = self.right[0] * lines + self.right[1]
        for line, *numbers in zip(range(first, first + count), crossings.tolist(), edges.tolist(), _whole(edges).tolist()):
            row = next(n for n, start in enumerate(self.starts) if line <= start)
            yield _Walk(self, line, *numbers).run(self.nah * row)

    def sources(self, lines: list[tuple[int, list[Stretch]]]) -> Sources:
        """Where stretches of output lines, given with their numbers, come from."""
        parts = [part for _, stretches in lines for part in stretches]
        areas = np.array([part.area for part in parts])
        first = np.array([part.first for part in parts], float)
        lengths = np.array([min(part.last, self.samples) - part.first + 1 for part in parts])
        counts = [len(stretches) for _, stretches in lines]
        y = np.repeat([float(line) for line, _ in lines], counts)
        a, b, d, e, f, h, c, g = self.coefficients[areas].T
        steps = np.stack([a + c * y, e + g * y], axis=1)
        starts = steps * first[:, None] + np.stack([d + b * y, h + f * y], axis=1)
        rows = np.repeat(np.arange(len(lines)), counts)
        return Sources(np.stack([rows, first.astype(np.int64) - 1, lengths], axis=1), starts, steps)


@dataclass
class Sources:
    """``stretches``: line and first sample from 0, and length of each; ``starts``, ``steps``: float64, input sample and line."""

    stretches: np.ndarray
    starts: np.ndarray
    steps: np.ndarray

    def positions(self) -> tuple[np.ndarray, np.ndarray]:
        """Input sample and line of each output sample, float64 (lines * samples,)."""
        lengths = self.stretches[:, 2]
        inside = np.arange(lengths.max()) < lengths[:, None]
        return tuple(_stepped(self.starts[:, n], self.steps[:, n], inside) for n in (0, 1))


def _straight(u1, v1, u2, v2) -> np.ndarray:
    """Slope and offset of v over u through two points, float32 (..., 2); level where u does not change."""
    with np.errstate(all="ignore"):
        run = u2 - u1
        slope, offset = (v2 - v1) / run, (u2 * v1 - v2 * u1) / run
    slope, offset = np.where(run == 0, 0, slope), np.where(run == 0, v1, offset)
    return np.moveaxis(np.stack([slope, offset]).astype(f32), 0, -1)


def _whole(values: np.ndarray) -> np.ndarray:
    """REAL assigned to INTEGER."""
    far = ~(np.abs(values) < 2**31)
    result = np.where(far, 0, values).astype(np.int64)
    result[far] = -(2**31)
    return result


def _stepped(start: np.ndarray, step: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """start, start + step, start + step + step ... of each row, those inside joined."""
    table = np.repeat(step[:, None], inside.shape[1], axis=1)
    table[:, 0] = start
    return np.add.accumulate(table, axis=1)[inside]


class _Walk:
    """Finds the areas along one output line: from one to the next over the border that is crossed first."""

    def __init__(self, grid: Grid, line: int, crossings: list[int], edge: list[float], ends: list[int]):
        self.grid, self.line = grid, line
        self.crossings, self.edge, self.ends = crossings, edge, ends
        self.flat_line = f32(line)

    def run(self, area: int) -> list[Stretch]:
        grid, parts, sample = self.grid, [], 1
        tried: set[int] = set()
        while True:
            area = self._find(area, sample, tried)
            last, step = self._next(area, sample)
            parts.append(Stretch(sample, last, area))
            sample = last + 1
            if sample > grid.samples:
                return parts
            area += step
            if 0 <= area < grid.areas:
                tried = set()
            else:
                area = self._untried(tried)

    def _find(self, area: int, sample: int, tried: set[int]) -> int:
        """The area of a sample, searched from ``area``."""
        grid, nah = self.grid, self.grid.nah
        slopes, offsets, along = grid.slopes, grid.offsets, f32(sample)
        while True:
            if area < grid.areas - nah and self.flat_line > slopes[area + nah] * along + offsets[area + nah]:
                step = nah
            elif area >= nah and self.flat_line < slopes[area] * along + offsets[area]:
                step = -nah
            elif (area + 1) % nah and sample > self.edge[area]:
                step = 1
            else:
                return area
            tried.add(area)
            if area + step not in tried:
                area += step
            elif (area + 1) % nah and area + 1 not in tried:
                area += 1
            else:
                area = self._untried(tried)

    def _untried(self, tried: set[int]) -> int:
        area = next((n for n in range(self.grid.areas) if n not in tried), None)
        if area is None:
            raise AreaError
        return area

    def _next(self, area: int, sample: int) -> tuple[int, int]:
        """Last sample in the area, and the step to the next one."""
        grid, nah = self.grid, self.grid.nah
        above, right, below = (
            value if value >= sample else grid.samples
            for value in (self.crossings[area], self.ends[area], self.crossings[area + nah])
        )
        if right > above and below > above:
            return above, -nah
        if above >= right and below > right:
            return right, 1 if (area + 1) % nah else 1 - nah
        return below, nah
