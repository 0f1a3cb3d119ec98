"""IMCORNER: corners of the area of an image that holds data. Source: ``vos/p2/prog/imcorner`` (C, 2021-05-19).

The ends of lines are the candidates: first of some lines only, then of the lines near those found. The corners are
those that together lie farthest apart, or with CORRFOOT those of the largest square. With a second image, what lies
outside that one's data does not count.

accepted: an image without any data ends with a sentence, where the original shows memory; the lines CORRFOOT prints
to the terminal for two images are left out.
known: nothing.
"""

from __future__ import annotations

import math

import numpy as np

from vicar import geotiff
from vicar.numerics import libm
from vicar.numerics.compiled import kernel
from vicar.numerics.heapsort import heapsort

OUTPUTS = (("1", 0), ("2", 1), ("3", 3), ("4", 2))  # corners clockwise from the upper left; 3 and 4 go left to right


def main(task):
    task.if_message("IMCORNER version 2021-05-19")
    square = task.keyword("CORRFOOT")
    search = Search(task.integer("THRESH"), square)
    fence, size = None, (0, 0)
    if task.count("INP") > 1:
        first, second = mapping(task, 1, "primary"), mapping(task, 2, "secondary")
        size, points = search.image(task, 2, (0, 0), 0, -1.0, None)
        fence = enlarged(carried(clockwise(points), first, second))
    centre = size[0] // 2, size[1] // 2
    (nl, ns), points = search.image(task, 1, centre, None, 0.0, fence)
    corners = clockwise(points)
    box = [search.top, search.left, search.bottom, search.right]
    if square:
        box = [points[0][0], points[0][1], points[2][0], points[1][1]]
    inside = task.integer("INSIDE")
    if inside:
        corners = moved(corners, inside)
        box = [box[0] + inside, box[1] + inside, box[2] - inside, box[3] - inside]
    for number, place in OUTPUTS:
        task.output(f"LINE{number}", float(corners[place][0]))
        task.output(f"SAMP{number}", float(corners[place][1]))
    task.output("BOUND2_1", int(search.outside))
    task.output("SLDAT", int(box[0]))
    task.output("SSDAT", int(box[1]))
    task.output("NLDAT", int(box[2] - box[0]) + 1)
    task.output("NSDAT", int(box[3] - box[1]) + 1)


def mapping(task, number: int, which: str):
    label = geotiff.read_label(task, "INP", number)
    found = geotiff.read_mapping(geotiff.upper(label.text), label.nl, label.ns)
    if found is None:
        task.abend(f"Failed to get mapping from {which} GeoTIFF label")
    return found


class Search:
    """The candidates of an image; what it remembers of one image it has for the next."""

    def __init__(self, threshold: int, square: bool):
        self.threshold, self.square = threshold, square
        self.top = self.left = self.bottom = self.right = 0
        self.coarse = [0, 0, 0, 0]  # lines of the top, left, bottom and right ends of the coarse pass
        self.outside = False

    def image(self, task, number: int, centre, reach, least: float, fence):
        """Size and four points (line, sample) of input ``number``; ``reach`` is the distance that edges have to beat."""
        with task.open("INP", number, u_format="HALF") as source:
            if source.format not in ("BYTE", "HALF"):
                task.abend("Invalid input data format.  Use BYTE or HALF.")
            nl, ns = source.nl, source.ns
            reach = nl + ns if reach is None else reach
            edges = [reach] * 4
            if number == 1:
                self.outside = False
            near: list[int] = []
            step = math.isqrt(nl)
            points = [(0, 0)] * 4
            for coarse in (True, False):
                lines = range(0, nl, step) if coarse else [
                    line for line in range(nl) if any(abs(place - line - 1) < step for place in (*near, *self.coarse))
                ]  # fmt: skip
                ends = []
                for line in lines:
                    span = self.line(source.read(line=line + 1), line, fence)
                    if span is None:
                        continue
                    ends.append((line + 1, span[0] + 1, span[1] + 1))
                    self.update(edges, line, span, nl, ns, coarse)
                points = self.corners(ends, points, centre, least)
                near = [place for place, _ in points]
            if not ends:
                task.abend("No pixel is above THRESH.")
        return (nl, ns), points

    def line(self, values: np.ndarray, line: int, fence):
        """First and last sample (from 0) with data; None without."""
        data = values > self.threshold
        if fence is not None:
            kept = within(line, np.arange(len(values), dtype=np.float64), fence)
            self.outside |= bool((data & ~kept).any())
            data &= kept
        found = np.flatnonzero(data)
        return (int(found[0]), int(found[-1])) if len(found) else None

    def update(self, edges: list[int], line: int, span, nl: int, ns: int, coarse: bool) -> None:
        """The outermost lines and samples so far."""
        for side, distance in enumerate((line, span[0], nl - line - 1, ns - span[1] - 1)):
            if distance >= edges[side]:
                continue
            edges[side] = distance
            if coarse:
                self.coarse[side] = line + 1
            if side == 0:
                self.top = line + 1
            elif side == 1:
                self.left = span[0] + 1
            elif side == 2:
                self.bottom = line + 1
            else:
                self.right = span[1] + 1

    def corners(self, ends, points, centre, least: float):
        if not ends:
            return points
        ends = np.array(ends)
        if self.square:
            found = largest_square.best(len(ends) ** 2)(ends, least)
            if found[0] == 0:
                return points
            top, bottom, left, right = (int(value) for value in found)
            return [(top, left), (top, right), (bottom, right), (bottom, left)]
        lines = np.repeat(ends[:, 0], 2).astype(np.float64)
        samples = ends[:, 1:].ravel().astype(np.float64)

        def squares(point):
            return (lines - point[0]) ** 2 + (samples - point[1]) ** 2

        def farthest(distances):
            at = int(distances.argmax())
            return int(lines[at]), int(samples[at])

        one = farthest(squares(centre))
        two = farthest(squares(one))
        legs = np.sqrt(squares(one)) + np.sqrt(squares(two))
        three = farthest(legs)
        return [one, two, three, farthest(legs + np.sqrt(squares(three)))]


@kernel(above=200_000)
def largest_square(ends, least):
    """Top, bottom, left and right of the largest square between two lines; zeros if none beats ``least``.

    ``ends`` (lines, 3): line, first and last sample. Of equal squares the last counts.
    """
    best = least
    top, bottom, left, right = 0, 0, 0, 0
    for i in range(len(ends)):
        width = float(ends[i, 2] - ends[i, 1])
        if width < best:
            continue
        for j in range(i):
            other, high = float(ends[j, 2] - ends[j, 1]), float(ends[i, 0] - ends[j, 0])
            begin, end = float(max(ends[j, 1], ends[i, 1])), float(min(ends[j, 2], ends[i, 2]))
            common = end - begin
            if other < best or high < best or common < best:
                continue
            best = min(width, min(other, min(high, common)))
            spare = (common - best) * 0.5
            top, bottom = ends[j, 0], ends[i, 0]
            left, right = int(begin + spare), int(end - spare)
    return top, bottom, left, right


def clockwise(points):
    """The four points in clockwise order around their middle."""
    middle = [sum(point[axis] for point in points) * 0.25 for axis in (0, 1)]
    angles = []
    for line, sample in points:
        angle = 6.2832 - float(libm.atan2(np.float64(sample - middle[1]), np.float64(line - middle[0])))
        angles.append(angle - 7.8540 if angle > 7.8540 else angle)
    return [points[place] for place in heapsort(angles)[1]]


def carried(points, first, second):
    """Points of the second image in the first."""
    t, back = second.forward, first.inverse
    result = []
    for line, sample in points:
        east, north = t[0] * line + t[1] * sample + t[2], t[3] * line + t[4] * sample + t[5]
        result.append((back[0] * east + back[1] * north + back[2], back[3] * east + back[4] * north + back[5]))
    return result


def enlarged(points):
    """Every corner half a pixel farther from the middle."""
    line, sample = ((points[0][axis] + points[1][axis] + points[2][axis] + points[3][axis]) * 0.25 for axis in (0, 1))
    result = []
    for y, x in points:
        distance = math.sqrt((y - line) * (y - line) + (x - sample) * (x - sample))
        result.append((y + 0.5 * (y - line) / distance, x + 0.5 * (x - sample) / distance) if distance else (math.nan, math.nan))
    return result


def moved(points, inside: int):
    """Every corner ``inside`` pixels nearer to the middle, rounded."""
    line, sample = (sum(point[axis] for point in points) * 0.25 for axis in (0, 1))
    result = []
    for y, x in points:
        distance = math.sqrt((y - line) * (y - line) + (x - sample) * (x - sample))
        if not distance:
            result.append((-(2**31), -(2**31)))
            continue
        share = inside / distance
        result.append((int((1.0 - share) * y + share * line + 0.5), int((1.0 - share) * x + share * sample + 0.5)))
    return result


def within(line: int, samples: np.ndarray, fence) -> np.ndarray:
    """Whether points lie in a convex quadrilateral."""
    kept = np.ones(len(samples), bool)
    for (y1, x1), (y2, x2) in zip(fence, [*fence[1:], fence[0]]):
        kept &= ~((line - y1) * (x2 - x1) - (samples - x1) * (y2 - y1) < 0)
    return kept
