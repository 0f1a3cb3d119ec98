"""SARGONB: arithmetic, constants or interpolation inside polygons of an image.

Source: ``vos/p2/prog/sargonb`` (Fortran). Polygons are worked on one after the other in the output file. Interpolation is the
mean of points around the polygon, weighted with the inverse square of their distance, in single precision.

Kept as they are: with fewer than 100 per cent of the points the original takes their coordinates for real numbers and loses
them, so that the whole polygon gets the first pixel of the next line; limits of an interpolation hold for the areas after it;
constants not given are those of the area before.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np

from vicar.numerics.prnt import prnt
from vicar.numerics.random import Rangen

FORTRAN = True
F32 = np.float32
AREAS, BUFFER, SEED = 25, 40000, 15289
FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}
LIMITS = {"BYTE": (0.0, 255.0), "HALF": (-32768.0, 32767.0)}
FUNCTIONS = ("INTERP", "ZERO", "SETTO", "MULT", "ADD", "SUBTRACT", "DIVIDE")


class NoPoints(Exception):
    """Nothing to interpolate from."""


def main(task):
    task.if_message("SARGONB version 2016-05-26")
    source = task.open("INP")
    if source.format not in FORMATS:
        task.message("??E - Unknown data format for input image")
        task.abend()
    fmt, nl, ns = FORMATS[source.format], source.nl, source.ns
    source.close()
    source = task.open("INP", u_format="REAL")
    limits = [F32(v) for v in LIMITS.get(fmt, (-999999999.0, 2147483647.0))]
    areas = read_areas(task, limits)
    with source, task.create("OUT", format=fmt, u_format="REAL") as result:
        for _ in range(nl):
            record = source.read()
            result.write(record)
    with task.open("OUT", op="UPDATE", u_format="REAL") as image:
        work = Polygons(task, image, nl, ns, limits)
        work.line[: len(record)] = record
        for function, constants, vertices in areas:
            if not np.any((vertices[:-1, 0] <= ns) & (vertices[:-1, 1] <= nl)):
                task.message("??E - Polygon is completely outside of image")
                task.message("**** ABEND")
                task.abend()
            try:
                work.operate(function, constants, vertices)
            except NoPoints:
                task.message("??E - No pts in range min to max")
                task.message("??E - Error return from COLECT or OPRATE")
                task.abend()


def read_areas(task, limits) -> list[tuple[str, list, np.ndarray]]:
    """Function, constants and closed polygon (sample, line) of each area."""
    areas = []
    last = [F32(0)] * 4
    for number in range(1, AREAS + 1):
        if not task.count(f"FUNC{number}") or task.defaulted(f"FUNC{number}"):
            break
        word = task.string(f"FUNC{number}")
        function = next((name for name in FUNCTIONS if name in word or name.lower() in word), "")
        if not function:
            task.message("??E - Illegal function string")
            task.abend()
        given = list(task.reals(f"CONST{number}")) if function != "ZERO" else []
        last[: len(given)] = given
        constants = [F32(200), F32(30), *limits] if function == "INTERP" else [F32(0)] * 4
        if function == "INTERP":
            constants[: len(given)] = given
        elif function != "ZERO":
            constants[0] = last[0]
        vertices = np.array(task.reals(f"VERT{number}"), F32)
        if len(vertices) % 2:
            task.message("??E - Vertices have to be in pairs")
            task.abend()
        if len(vertices) < 6:
            task.message("??E - Needs to be at least 3 pairs of vertices")
            task.abend()
        vertices = vertices.reshape(-1, 2)[:, ::-1]
        if np.any(vertices[0] != vertices[-1]):
            vertices = np.concatenate((vertices, vertices[:1]))
        areas.append((function, constants, vertices))
    return areas


class Polygons:
    """Works on polygons of an image, one after the other."""

    def __init__(self, task, image, nl: int, ns: int, limits):
        self.task, self.image, self.nl, self.ns = task, image, nl, ns
        self.low, self.high = limits
        self.line = np.zeros(BUFFER, F32)
        self.random = Rangen(SEED, task.message)
        self.chosen: list[int] = []
        self.debug = task.keyword("DBUG")

    def operate(self, function: str, constants, vertices: np.ndarray) -> None:
        corners = [(int(x), int(y)) for x, y in vertices]
        segments, around = self.segments(corners, vertices)
        points = self.points(function, constants, corners, vertices, around) if function == "INTERP" else None
        self.line[:] = constants[0]
        for line, ss, es in segments:
            count = es - ss + 1
            if function == "INTERP":
                self.line[:count] = interpolated(points, line, ss, es, constants[0] * constants[0])
            elif function not in ("SETTO", "ZERO"):
                self.read(line, ss, count)
                self.compute(function, constants[0], self.line[: max(count, 0)])
            self.image.write(self.line[: max(count, 0)], line=line, samp=ss, nsamps=count)

    def read(self, line: int, ss: int, count: int) -> None:
        dn = self.image.read(line=line, samp=ss, nsamps=count)[: max(0, self.image.n1 - max(ss, 1) + 1)]
        self.line[: len(dn)] = dn

    def compute(self, function: str, constant, dn: np.ndarray) -> None:
        if function == "MULT":
            dn *= constant
        elif function == "ADD":
            dn += constant
        elif function == "SUBTRACT":
            dn -= constant
        elif constant == 0:
            self.task.message("??E - Invalid CONST value.")
            self.task.message("***SARGONB task cancelled")
            self.task.abend()
        else:
            dn /= constant
        np.clip(dn, self.low, self.high, out=dn)

    def show(self, title: str, values, kind: str = "FULL") -> None:
        if self.debug:
            self.task.messages(*prnt(kind, values, title))

    # -- outline --------------------------------------------------------------------------------------------------------

    def segments(self, corners, vertices: np.ndarray) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
        """Parts of lines inside the polygon (line, first, last sample), and the points (sample, line) left and right."""
        crossings = sorted(outline(corners))
        self.show("Aft line.", np.array(crossings, np.int32).view(np.int16).ravel()[: 2 * len(crossings)], "HALF")
        self.show("No intrsctn pts.", len(crossings))
        found: list[tuple[int, int, int]] = []
        around: list[tuple[int, int]] = []
        for line, group in groupby(crossings, key=lambda crossing: crossing[0]):
            samples = [sample for _, sample in group]
            if len(samples) % 2:
                self.repair(line, samples, vertices)
            at = 0
            while at < len(samples):
                first, place = samples[at], at + 1
                if place < len(samples) - 1 and samples[place] == samples[place + 1]:
                    # one part ends where the next begins: joined, but only once
                    place, at = place + 2, at + 2
                last = samples[place]
                found.append((line, first, last))
                if first > 1:
                    around.append((first - 1, line))
                if last < self.ns:
                    around.append((last + 1, line))
                at += 2
        self.show("No line segments.", len(found))
        self.show("Segm buf.", np.array(found, np.int32).view(np.int16).ravel()[: 3 * len(found)], "HALF")
        return found, around

    def repair(self, line: int, samples: list[int], vertices: np.ndarray) -> None:
        """Of an odd number of crossings, drop the first of even number that is a vertex."""
        message = self.task.message
        message(f"{len(samples):2d} Intersection points for line {line:4d}")
        for at in range(1, len(samples), 2):
            if np.any((vertices[:-1, 1] == line) & (vertices[:-1, 0] == samples[at])):
                del samples[at]
                message("??I - Fixup successful")
                self.task.messages(*prnt("FULL", len(samples), "Pts on line."))
                return
        message("??E - No even points were vertices")
        message("??E - Pathological figure....TRY AGAIN")
        self.task.abend()

    # -- points to interpolate from --------------------------------------------------------------------------------------

    def points(self, function, constants, corners, vertices, around) -> np.ndarray:
        """Sample, line and value of the points around the polygon that are used."""
        percent = int(constants[1])
        self.low, self.high = constants[2], constants[3]
        self.above_and_below(corners, vertices, around)
        self.show("No pts total.", len(around))
        raw = np.zeros((len(around), 3), F32)
        raw[:, :2] = np.array(around, F32).reshape(-1, 2)
        self.show("Aft samp.", raw.view(np.int16).ravel()[: 3 * len(raw)], "HALF")
        if percent != 100:
            around = [(0, 0)] * self.weed(percent, len(around))
        self.show("Npts aft weed.", len(around))
        points = self.values(sorted((line, sample) for sample, line in around))
        if not (self.low == -9999 and self.high == 32768):
            points = self.within(points)
        if not points:
            raise NoPoints
        self.show("Npts aft thresh.", len(points))
        table = np.array(points, F32).reshape(-1, 3)
        self.show("PTBUF.", table.view(np.int16).ravel()[: 3 * len(table)], "HALF")
        return table

    def above_and_below(self, corners, vertices, around: list[tuple[int, int]]) -> None:
        by_sample: dict[int, list[int]] = {}
        for sample, line in around:
            by_sample.setdefault(sample, []).append(line)

        def add(sample: int, line: int) -> None:
            around.append((sample, line))
            by_sample.setdefault(sample, []).append(line)

        for (ss, sl), (es, el) in zip(corners, corners[1:]):
            if es == ss:
                top, bottom = min(sl, el), max(sl, el)
                if top != 1:
                    add(ss, top - 1)
                if bottom != self.nl:
                    add(ss, bottom + 1)
                continue
            slope = F32(el - sl) / F32(es - ss)
            for sample in range(ss, es, 1 if es > ss else -1):
                at = slope * F32(sample - ss) + F32(sl)
                if at == 1 or at == self.nl:
                    continue
                line = int(at - F32(0.001))
                if inside(F32(sample), at - F32(1), vertices[:-1]):
                    line = int(at + F32(1))
                if not any(abs(line - other) <= 1 for other in by_sample.get(sample, ())):
                    add(sample, line)

    def weed(self, percent: int, count: int) -> int:
        """How many points are drawn; the numbers drawn last time block their own places."""
        wanted = int(percent * count / 100)
        self.random.seed = SEED
        before, self.chosen = self.chosen, []
        taken: set[int] = set()
        while len(self.chosen) < wanted:
            number = int(self.random() * F32(count))
            place = len(self.chosen)
            stale = before[place] if place < len(before) else 0
            if 1 <= number <= count and (not place or number not in taken and number != stale):
                taken.add(number)
                self.chosen.append(number)
        self.chosen += before[len(self.chosen) :]
        return wanted

    def values(self, places: list[tuple[int, int]]) -> list[list]:
        points = []
        lines: dict[int, list[int]] = {}
        for line, sample in places:
            lines.setdefault(line, []).append(sample)
        for line, samples in lines.items():
            self.read(line, samples[0], samples[-1] - samples[0] + 1)
            points += [[F32(sample), F32(line), self.line[sample - samples[0]]] for sample in samples]
        return points

    def within(self, points: list[list]) -> list[list]:
        """Points within the limits; the last takes the place of one that is not."""
        points, at = list(points), 0
        while at < len(points):
            if self.low <= points[at][2] <= self.high:
                at += 1
            else:
                points[at] = points[-1]
                points.pop()
        return points


def outline(corners: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the sides of the polygon meet lines: (line, sample). Corners at the top or bottom count twice."""
    found = []
    sides = len(corners) - 1
    for number in range(sides):
        (ss, sl), (es, el) = corners[number], corners[number + 1]
        before = corners[number - 1 if number else sides - 1][1]
        if before != sl and el != sl and sl in (min(before, sl, el), max(before, sl, el)):
            found.append((sl, ss))
        if el == sl:
            found.append((sl, ss))
            continue
        slope = F32(es - ss) / F32(el - sl)
        for line in range(sl, el, 1 if el > sl else -1):
            found.append((line, int(slope * F32(line - sl) + F32(ss) + F32(0.5))))
    return found


def inside(x, y, corners: np.ndarray) -> bool:
    """INSIDE: whether a point is in a polygon or on its edge (``vos/p2/sub/inside``)."""
    crossed = 0
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0)):
        low, high = min(y1, y2), max(y1, y2)
        if y < low or y > high or x > max(x1, x2):
            continue
        if y1 == y2:
            if x >= min(x1, x2):
                return True
            continue
        if y == low and x < (x2 if y2 < y1 else x1):
            crossed += 1
            continue
        cut = (y - y2) * (x2 - x1) / (y2 - y1) + x2
        if x == cut:
            return True
        if y not in (y1, y2) and x < cut:
            crossed += 1
    return crossed % 2 == 1


def interpolated(points: np.ndarray, line: int, ss: int, es: int, radius) -> np.ndarray:
    """Weighted means of the points for the samples of a line, summed in the order of the points."""
    samples = np.arange(ss, es + 1).astype(F32)[:, np.newaxis]
    down = F32(line) - points[:, 1]
    squares = (samples - points[:, 0]) ** 2 + down * down
    here = squares == 0
    near = ~(squares > radius) & ~here
    divisor = np.where(near, squares, F32(1))
    weighted = np.add.accumulate(np.where(near, points[:, 2] / divisor, F32(0)), axis=1)[:, -1]
    weights = np.add.accumulate(np.where(near, F32(1) / divisor, F32(0)), axis=1)[:, -1]
    some = (weighted != 0) & (weights != 0)
    values = np.where(some, weighted / np.where(some, weights, F32(1)) + F32(0.5), F32(0))
    return np.where(here.any(axis=1), points[here.argmax(axis=1), 2], values)
