"""Training areas of STATS: rectangles, and polygons as runs of samples.

Source: AREA of ``vos/p2/prog/stats`` (Fortran). A polygon's border is walked with one point a line; a point starts a
run, ends one, or stands alone. What earlier polygons left behind their last border point still counts, so one walker
serves all classes.
"""

from __future__ import annotations

import numpy as np

MOST_LINES = 600
START, STOP, SINGLE = 1, 2, 3
_F = np.float32


class TooLarge(ValueError):
    """More than 600 lines or samples."""


def rectangle(sl: int, ss: int, nl: int, ns: int) -> list[tuple[int, int, int]]:
    """Runs (line, sample, samples) of a rectangle."""
    if ns > MOST_LINES or nl > MOST_LINES:
        raise TooLarge
    return [(line, ss, ns) for line in range(sl, sl + nl)]


class Polygons:
    """Walks polygons; ``border`` holds (line, sample, kind) of border points, then what is left of others, of kind 0."""

    def __init__(self):
        self.border: list[tuple[int, int, int]] = []
        self.sorted: list[list[int]] = [[0, 0] for _ in range(101)]

    def runs(self, corners: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
        """Runs of the polygon with these corners (line, sample), from the line of the first corner on."""
        count = self._walk(corners)
        runs: list[list[int]] = []
        last_stop = 1
        for line in range(corners[0][0], corners[0][0] + MOST_LINES):
            points = [[kind, samp] for at, samp, kind in self.border[: count + 1] if at == line]
            if not points:
                break
            self.sorted[: len(points)] = points
            number = self._order(len(points))
            last_stop = self._collect(runs, line, number, last_stop)
        return [tuple(run) for run in runs]

    def _walk(self, corners) -> int:
        """Fill ``border``; gives the number of points."""
        points: list[list[int]] = []
        total = len(corners)
        closed = [*corners, corners[0]]
        for j in range(total):
            (line, samp), (next_line, next_samp) = closed[j], closed[j + 1]
            points.append([line, samp, 0])
            if next_line == line:
                points[-1][2] = START if samp < next_samp else STOP
                continue
            kind, step = (STOP, 1) if next_line > line else (START, -1)
            slope = _F(next_samp - samp) / _F(next_line - line)
            slope = slope if step > 0 else -slope
            points[-1][2] = SINGLE if self._peak(closed, j, slope) else kind
            across = slope
            for count in range(1, abs(next_line - line)):
                points.append([line + step * count, int(_F(samp) + across + _F(0.5)), kind])
                across = slope + across
        self.border = [tuple(point) for point in points] + [(at, samp, 0) for at, samp, _ in self.border[len(points) :]]
        while len(self.border) <= len(points):
            self.border.append((0, 0, 0))
        return len(points)

    @staticmethod
    def _peak(closed, j: int, slope) -> bool:
        """Whether a corner is the tip of a peak or a valley, one pixel wide; the first corner always is."""
        if j == 0:
            return True
        (before, samp_before), (line, samp), (after, _) = closed[j - 1], closed[j], closed[j + 1]
        limit = int(_F(abs(before - line)) * slope + _F(samp) + _F(0.5))
        if line < after and line < before:
            return samp_before <= limit
        if line > after and line > before:
            return samp_before >= limit
        return False

    def _order(self, number: int) -> int:
        """Put the points of a line in the order of their samples; equal ones become one that stands alone."""
        points = self.sorted
        for _ in range(number - 1):
            e = 1
            while True:
                if points[e][1] < points[e - 1][1]:
                    points[e], points[e - 1] = points[e - 1], points[e]
                elif points[e][1] == points[e - 1][1]:
                    points[e - 1] = [SINGLE, points[e - 1][1]]
                    number -= 1
                    if e >= number:
                        break
                    for r in range(e, number):
                        points[r] = list(points[r + 1])
                e += 1
                if e >= number:
                    break
        return number

    def _collect(self, runs: list[list[int]], line: int, number: int, last_stop: int) -> int:
        """Runs of one line; gives the number of the last point that ended one (from 1), for the next line."""
        started = stops = 0
        for place in range(1, number + 1):
            kind, samp = self.sorted[place - 1]
            until = self.sorted[last_stop - 1][1]
            if kind == START:
                started += 1
                if started >= 2:
                    if stops == 0:
                        continue
                    if until + 1 != samp:
                        self._close(runs, line, until)
                        started = 1
                        runs.append([0, samp, 0])
                    stops = 0
                    continue
                runs.append([0, samp, 0])
            elif kind == STOP:
                stops += 1
                last_stop = place
            else:
                if started:
                    self._close(runs, line, until)
                    started = stops = 0
                runs.append([line, samp, 1])
        if started:
            self._close(runs, line, self.sorted[last_stop - 1][1])
        return last_stop

    @staticmethod
    def _close(runs: list[list[int]], line: int, until: int) -> None:
        if runs:
            runs[-1][0], runs[-1][2] = line, until - runs[-1][1] + 1
