"""SRCHEDGE: the edge between a dark and a light part of an image, and its angle.

Source: ``vos/p2/prog/srchedge`` (C, 2021-11-12).

From both sides samples are looked at for the first that is brighter than the mean; the steepest step near it is a point
of the edge. A straight line is fitted again and again without its worst points, until two are left.

Kept as they are: lines of the output begin where one as long as the image is high would end; the angle is turned about
twice; of two points only no line is fitted.
accepted: with two points the angle is 180 or 0 by the direction they were found in, where the original takes memory; what
lies beyond the image is zero.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm

MARK = 20000
DEGREES = 3.14159265359


def main(task):
    task.if_message("SRCHEDGE version 2021-11-12")
    skip_ns, skip_nl, skip, cut = (task.integer(name) for name in ("SKIPNS", "SKIPNL", "DARKSKIP", "CUT"))
    source = task.open("INP", u_format="HALF")
    output = task.create("OUT", format="HALF", u_format="HALF")
    nl, ns = source.nl, source.ns
    for step, size, name in ((skip_nl, nl, "lines in image < SKIPNL"), (skip_ns, ns, "samples in image < SKIPNS")):
        if step % 2**32 >= size - 2 * cut if size - 2 * cut >= 0 else step >= 0 and step >= (size - 2 * cut) % 2**32:
            task.printf(f"\n\nERROR: No of {name}\n")
            task.abend()
    if nl < 3 * cut or ns < 3 * cut:
        task.printf(f"\n\nERROR: Image is to small.  Image size must be greater than or equal to {3 * cut}X{3 * cut}.\n")
        task.abend()
    whole = np.stack([source.read(line=line + 1) for line in range(nl)]).astype(np.uint16).astype(np.int64)
    offset, image = (0, 0), whole
    if task.string("SMALL") == "small":
        sl, ss, small_nl, small_ns = task.integers("SMALLSIZE")
        image = part(whole, sl, ss, small_nl, small_ns)
        offset, skip_nl, skip_ns, cut = (sl, ss), 1, 1, 0
    if min(skip_nl, skip_ns, skip) < 1:
        task.abend("SKIPNL, SKIPNS and DARKSKIP have to be 1 or more.")
    search = Search(image, skip_nl, skip_ns, cut, skip)
    search.columns()
    search.rows()
    points = np.array([(y + offset[0], x + offset[1]) for y, x in search.points], np.int64).reshape(-1, 2)
    if len(points) < 2:
        task.printf(f"\n\nWARNING.  {len(points)} transition edges found (check parameters and/or input image "
                    f"{task.file_name()})\n\n")  # fmt: skip
        task.abend()
    angle, kept = 0.0, points[:0]
    if len(points) == 2:
        task.printf("\nWARNING: only two transition edges discovered\n")
    else:
        angle, kept = fitted(points)
    angle = search.direction(angle)
    if angle < 0:
        task.printf("\n\nERROR: Processing Error\nAngle is less then zero when it should always be zero or greater then zeo.\n")
        task.abend()
    angle = 180 - angle if angle <= 180 else 540 - angle if angle <= 360 else angle
    flat = np.concatenate((whole.ravel(), np.zeros(max(0, (nl - 1) * nl + ns - nl * ns), np.int64)))
    for y, x in kept:
        for place in (ns * y + x - 1, ns * y + x, ns * y + x + 1):
            if 0 <= place < len(flat):
                flat[place] = MARK
    for line in range(nl):
        output.write(flat[line * nl : line * nl + ns].astype(np.uint16).view(np.int16), line=line + 1)
    task.output("ANGLE", float(angle))


def part(image: np.ndarray, sl: int, ss: int, nl: int, ns: int) -> np.ndarray:
    """A window; what is beyond the image is what follows in it line after line, then zero."""
    flat = image.ravel()
    places = np.arange(sl, sl + nl)[:, None] * image.shape[1] + np.arange(ss, ss + ns)
    inside = (places >= 0) & (places < len(flat))
    return np.where(inside, flat[np.where(inside, places, 0)], 0)


class Search:
    """Points of the edge (line, sample, from 0) in the order they are found, each once; how often from which side."""

    def __init__(self, image: np.ndarray, skip_nl: int, skip_ns: int, cut: int, skip: int):
        self.image, self.skip_nl, self.skip_ns, self.cut = image, skip_nl, skip_ns, cut
        nl, ns = image.shape
        sampled = image[cut : nl - cut : skip, cut : ns - cut : skip]
        self.mean = int(float(sampled.sum()) / sampled.size)
        self.points: list[tuple[int, int]] = []
        self.known: set[tuple[int, int]] = set()
        self.south = self.north = self.east = self.west = 0

    def add(self, point: tuple[int, int]) -> None:
        if point not in self.known:
            self.known.add(point)
            self.points.append(point)

    def columns(self) -> None:
        """Down or up the columns, towards the light."""
        nl, ns = self.image.shape
        for j in range(1 + self.cut, ns - 1 - self.cut, self.skip_ns):
            down = not self.image[0, j] > self.image[nl - 2, j]
            places = range(1 + self.cut, nl - 1 - self.cut, self.skip_nl) if down else \
                range(nl - 2 - self.cut, self.cut, -self.skip_nl)  # fmt: skip
            place = self.first(places, self.image[:, j])
            if place is None:
                continue
            self.add((place + self.steepest_in_column(place, j), j))
            self.north, self.south = self.north + down, self.south + (not down)

    def rows(self) -> None:
        """Along the lines, towards the light."""
        nl, ns = self.image.shape
        for i in range(1 + self.cut, nl - 1 - self.cut, self.skip_nl):
            ahead = not self.image[i, 0] > self.image[i, ns - 2]
            places = range(1 + self.cut, ns - 1 - self.cut, self.skip_ns) if ahead else \
                range(ns - 2 - self.cut, self.cut, -self.skip_ns)  # fmt: skip
            place = self.first(places, self.image[i])
            if place is None:
                continue
            self.add((i, place + self.steepest_in_row(i, place)))
            self.west, self.east = self.west + ahead, self.east + (not ahead)

    def first(self, places: range, values: np.ndarray) -> int | None:
        """The first place that is bright; None if that is where the search begins."""
        bright = np.flatnonzero(values[list(places)] > self.mean) if len(places) else ()
        return places[int(bright[0])] if len(bright) and bright[0] > 0 else None

    def steepest_in_column(self, i: int, j: int) -> int:
        """Lines from ``i`` to the steepest step within one skip."""
        nl, ns = self.image.shape
        skip = self.skip_nl
        if i < skip:
            begin, middle = j, i
        else:
            begin, middle = i * ns + j - skip * ns, skip
        end = i * ns + j + ((ns - i - 1) * ns if nl - i - 1 < skip else ns * skip)
        return self.steepest(begin, end, ns) - middle

    def steepest_in_row(self, i: int, j: int) -> int:
        ns, skip = self.image.shape[1], self.skip_ns
        begin, middle = (i * ns, j) if j < skip else (i * ns + j - skip, skip)
        end = (i + 1) * ns - 1 if ns - 1 - j < skip else i * ns + j + skip
        return self.steepest(begin, end, 1) - middle

    def steepest(self, begin: int, end: int, step: int) -> int:
        flat = self.image.ravel()
        places = np.arange(begin, end, step)
        here, there = (flat[np.minimum(at, len(flat) - 1)] * (at < len(flat)) for at in (places, places + step))
        return int(np.abs(here - there).argmax()) if len(places) else 0

    def direction(self, angle: float) -> float:
        """The angle of the line, turned by the side the light is on."""
        if self.west > self.east and angle > 0:
            return 360 - angle
        if self.west < self.east and angle > 0 or self.west > self.east and angle < 0:
            return 180 - angle
        if self.west < self.east and angle < 0:
            return -angle
        if self.west == 0 and self.east == 0:
            return 180 if self.north > self.south else 0
        return angle


def fitted(points: np.ndarray) -> tuple[float, np.ndarray]:
    """Angle of the line through the points, and the points that are left."""
    while True:
        y, x = points[:, 0], points[:, 1]
        count = len(points)
        sx, sy, sxy, sxx = (int(values.sum()) for values in (x, y, x * y, x * x))
        n = 1.0 * sxy - 1.0 * sx * sy / count
        d = 1.0 * sxx - 1.0 * sx * sx / count
        if d == 0:
            return 90.0, points
        slope = n / d
        base = 1.0 * sy / count - slope * sx / count
        cosine = float(libm.cos(libm.atan2(np.float64(n), np.float64(d))))
        away = y - (slope * x + base)
        distance = np.sqrt(away * away) * cosine
        distance = np.sqrt(distance * distance)
        largest = float(np.trunc(distance).max())
        kept = points[largest > distance]
        if len(kept) <= 2:
            return float(libm.atan2(np.float64(n), np.float64(d))) * 180 / DEGREES, compacted(points, kept)
        points = kept


def compacted(points: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The points with those that passed the last test moved to the front, as the original leaves them."""
    points = points.copy()
    points[: len(kept)] = kept
    return points


