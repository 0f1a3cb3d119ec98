"""Fiducial marks of the Voyager cameras: dark bars in the corners, found from the reseau marks beside them.

Source: ``vos/p2/prog/ressar77``, routines HFIDUC and VFIDUC and the tables of the main routine. There are four horizontal
and four vertical bars, each 13 pixels wide. Lines and samples count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from programs.voyager._extrapolate import weighted_mean
from vicar.numerics.prnt import prnt

REACH = 15**2  # squared distance within which border points count
f32 = np.float32

# Reseau marks (from 1) at the two ends of each bar, and the one that lies beside it.
HORIZONTAL_ENDS = ((13, 14), (22, 23), (179, 180), (188, 189))
VERTICAL_ENDS = ((13, 36), (23, 46), (156, 179), (166, 189))
HORIZONTAL_BESIDE = (2, 11, 191, 200)
VERTICAL_BESIDE = (24, 35, 167, 178)
BESIDE_REACH = 49  # squared distance of points too near to that mark

# By camera: sample and line of each end of each bar, relative to its mark. 999: the camera has no such bar.
HORIZONTAL = {
    4: ((7, -10, -7, -18), (7, -17, -7, -9), (5, 7, -4, 15), (4, 18, -6, 10)),
    5: ((8, -9, -7, -18), (999, 999, 999, 999), (999, 999, 999, 999), (7, 18, -8, 10)),
    6: ((8, -10, -7, -18), (8, -18, -7, -10), (8, 10, -8, 17), (9, 18, -3, 10)),
    7: ((8, -9, -7, -19), (7, -18, -8, -10), (9, 10, -7, 18), (5, 18, -7, 10)),
    8: ((9, -10, -8, -19), (7, -18, -7, -10), (3, 9, -7, 18), (7, 18, -2, 10)),
}
VERTICAL = {
    4: ((-9, 8, -17, -5), (9, 8, 17, -7), (-18, 7, -10, -8), (19, 6, 10, -7)),
    5: ((999, 999, 999, 999), (10, 9, 19, -8), (-17, 8, -10, -9), (18, 7, 10, -9)),
    6: ((-9, 6, -17, -8), (10, 9, 18, -7), (-18, 8, -10, -6), (17, 7, 10, -8)),
    7: ((-10, 7, -18, -7), (9, 8, 19, -5), (-19, 6, -9, -7), (18, 6, 10, -5)),
    8: ((-9, 7, -18, -7), (10, 7, 19, -6), (-18, 5, -9, -8), (19, 4, 9, -7)),
}


@dataclass
class Bar:
    """One bar: its two ends and the reseau mark beside it, as (sample, line)."""

    first: tuple[int, int]
    second: tuple[int, int]
    beside: tuple[int, int]
    due: int = 0  # line at whose arrival work on it begins


def bars(marks: np.ndarray, camera: int, ends, beside, offsets) -> list[Bar]:
    """The four bars of one direction; ``marks`` is (n, 2) of sample and line, whole numbers."""
    made = []
    for (one, two), neighbour, (x1, y1, x2, y2) in zip(ends, beside, offsets[camera], strict=True):
        first, second = marks[one - 1], marks[two - 1]
        made.append(
            Bar((int(first[0]) + x1, int(first[1]) + y1), (int(second[0]) + x2, int(second[1]) + y2),
                (int(marks[neighbour - 1][0]), int(marks[neighbour - 1][1])))
        )  # fmt: skip
    return made


def line_through(u1: int, v1: int, u2: int, v2: int) -> tuple[np.float32, np.float32]:
    """Slope and intercept of v over u, single precision."""
    with np.errstate(all="ignore"):
        slope = f32(v2 - v1) / f32(u2 - u1)
        return slope, f32(v1) - slope * f32(u1)


def whole(value: np.float32) -> int:
    """A REAL assigned to an INTEGER."""
    return int(value) if abs(value) < 2**31 else -(2**31)


def remove_horizontal(ring: Ring, bar: Bar, debug, count) -> None:
    """Remove a horizontal bar."""
    (x1, y1), (x2, y2) = bar.first, bar.second
    if abs(y2 - y1) > 30 or x1 >= x2:
        return
    slope, intercept = line_through(x1, y1, x2, y2)
    x1, x2 = max(x1, 1), min(x2, ring.ns)
    if x1 > x2:
        return
    points = [ring.point(x, y) for x, middle in (bar.first, bar.second) if 1 <= x <= ring.ns
              for y in range(middle - 5, middle + 6) if 2 <= y <= ring.nl]  # fmt: skip
    for x in range(x1, x2 + 1):
        below = whole(slope * f32(x) + intercept + f32(6.5))
        for y in (below, below - 12):
            if not 2 <= y < ring.nl:
                continue
            if (x - bar.beside[0]) ** 2 + (y - bar.beside[1]) ** 2 < BESIDE_REACH:
                continue
            del points[149:]
            points.append(ring.point(x, y))
    if debug:
        debug(*prnt("HALF", [v for point in points for v in point], "PTBUF."))
    first, last = max(min(y1, y2) - 5, 2), min(max(y1, y2) + 5, ring.nl)
    start, stop = x1, x2
    for line in range(first, last + 1):
        if slope != 0:
            start = whole((f32(line - 5) - intercept) / slope + f32(0.5))
            stop = whole((f32(line + 5) - intercept) / slope + f32(0.5))
            start, stop = sorted((start, stop))
            start, stop = max(start, x1), min(stop, x2)
        start, stop = max(start, 1), min(stop, ring.ns)
        if stop >= start:
            ring.replace(np.array(points), line, start, stop, REACH)
            count.pixels += stop - start


class Ring:
    """The lines of an image that are held at a time; the newest overwrites the oldest.

    place : buffer of the newest line, from 1; arrived : number of that line
    """

    def __init__(self, nl: int, ns: int, size: int = 45, width: int = 800):
        self.nl, self.ns, self.size = nl, ns, size
        self.lines = np.zeros((size, max(width, ns)), np.int16)
        self.place = self.arrived = 0

    def advance(self) -> np.ndarray:
        """Make room for the next line; gives its buffer with the line it still holds."""
        self.place = self.place % self.size + 1
        self.arrived += 1
        return self.newest

    @property
    def newest(self) -> np.ndarray:
        return self.lines[self.place - 1]

    def line(self, number: int) -> np.ndarray:
        """Buffer of a line."""
        return self.lines[(self.place - 1 + number - self.arrived) % self.size]

    def point(self, sample: int, line: int) -> tuple[int, int, int]:
        return sample, line, int(self.line(line)[sample - 1])

    def replace(self, points: np.ndarray, line: int, first: int, last: int, reach: int) -> None:
        """Replace samples of a line by the weighted mean of points."""
        samples = np.arange(first, last + 1)
        self.line(line)[first - 1 : last] = weighted_mean(points, np.full(len(samples), line), samples, reach)


@dataclass
class VerticalBars:
    """The vertical bars, removed line by line as the image passes.

    Border points are kept in a ring of two a line, separately for odd and even bars, as two bars may be in work at once.
    """

    ring: Ring
    bars: list[Bar]
    slopes: list = field(default_factory=lambda: [f32(0), f32(0)])
    intercepts: list = field(default_factory=lambda: [f32(0), f32(0)])
    border: np.ndarray = field(init=False)

    def __post_init__(self):
        self.border = np.zeros((2, 2 * self.ring.size, 3), np.int64)

    def pass_line(self, arrived: int, debug, count) -> None:
        """Work that is due when line ``arrived`` has been read."""
        for index, bar in enumerate(self.bars):
            if arrived < bar.due:
                continue
            half = self.ring.size // 2
            side = 1 - index % 2
            end = bar.second[1]
            starting = arrived == bar.due
            if arrived == end + half:
                bar.due = 999
            if arrived < end + 3:
                if not starting:
                    self._follow(bar, side, arrived)
                elif not self._begin(bar, side, debug):
                    bar.due = 999
                    continue
            elif arrived == end + 3:
                self._finish(side, arrived, debug)
            self._replace(side, arrived - half, count)

    def _centre(self, side: int, line: int, offset: float) -> int:
        return whole(self.slopes[side] * f32(line) + self.intercepts[side] - f32(offset))

    def _begin(self, bar: Bar, side: int, debug) -> bool:
        """Collect the border of the top and the upper half; False if nothing of it lies in the image."""
        ring, border = self.ring, self.border[side]
        (x1, y1), (x2, y2) = bar.first, bar.second
        # sample over line
        self.slopes[side], self.intercepts[side] = line_through(y1, x1, y2, x2)
        border[:, 2] = -1
        room = len(border)
        place = 2 * ring.place - 2  # from 0, of the entry before the next
        step = 1
        for line in range(y1 - 3, y1 + ring.size // 2 + 2):
            left = self._centre(side, line, 4.5)
            right = left + 10
            if line >= y1 + 1:
                left, right, step = left - 1, right + 1, 12
            for sample in range(left, right + 1, step):
                place = (place + 1) % room
                if 2 <= line < ring.nl and 1 <= sample <= ring.ns:
                    border[place] = ring.point(sample, line)
        if debug:
            debug(*prnt("HALF", border.ravel(), "VPTBUF."))
        known = next((k for k in range(room) if border[(place - k) % room, 2] != -1), None)
        if known is None:
            return False
        border[place] = border[(place - known) % room]
        for _ in range(room):  # what is missing takes its neighbour's value
            after, place = place, (place - 1) % room
            if border[place, 2] == -1:
                border[place] = border[after]
        if debug:
            debug(*prnt("HALF", border.ravel(), "VPTBUF."))
        return True

    def _follow(self, bar: Bar, side: int, arrived: int) -> None:
        """Take the two border points of the line that arrived."""
        ring, border = self.ring, self.border[side]
        sample = self._centre(side, arrived, 5.5)
        place = 2 * ring.place - 2
        before = (place - 1) % len(border)
        for _ in range(2):
            border[place] = border[before]
            if 2 <= arrived < ring.nl and 1 <= sample <= ring.ns:
                if (sample - bar.beside[0]) ** 2 + (arrived - bar.beside[1]) ** 2 >= BESIDE_REACH:
                    border[place] = sample, arrived, ring.newest[sample - 1]
            before, place = place, place + 1
            sample += 12

    def _finish(self, side: int, arrived: int, debug) -> None:
        """Collect the border below the lower end."""
        ring, border = self.ring, self.border[side]
        place = (2 * ring.place - 3) % len(border)
        for line in range(arrived - 3, arrived + 1):
            first = self._centre(side, line, 4.5)
            for sample in range(first, first + 11):
                before, place = place, (place + 1) % len(border)
                border[place] = border[before]
                if 2 <= line < ring.nl and 1 <= sample <= ring.ns:
                    border[place] = ring.point(sample, line)
        if debug:
            debug(*prnt("HALF", border.ravel(), "VPTBUF."))

    def _replace(self, side: int, line: int, count) -> None:
        """Replace the bar's pixels of one line."""
        first = self._centre(side, line, 4.5)
        last = first + 10
        first = max(first, 1)
        if first > last:
            return
        last = min(last, self.ring.ns)
        self.ring.replace(self.border[side], line, first, last, REACH)
        count.pixels += last - first
