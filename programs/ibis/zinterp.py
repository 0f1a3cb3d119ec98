"""ZINTERP: a surface through scattered points, by inverse distance. Source: ``vos/p2/prog/zinterp`` (Fortran, 31-OCT-94).

Every pixel takes the NUMN nearest of the points in a swath of lines around it; where too few of those lie within the search
radius, the swath grows point by point, and stays that large up to the end of the line. Points that tie, up to one part in
100000, are taken in the order of their lines as MATH77's quicksort leaves it. A pixel that is a point has its height.

Kept: LINECOL, SAMPCOL and ZCOL are looked at, but lines, samples and heights always come from columns 1, 2 and 3. Heights
beyond FORMAT=BYTE are not cut off (they wrap); the other formats cut.

known: nothing. accepted: points on lines above the image by more than the search radius may make the original read behind
its lists; here nothing is there.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import open_strictly
from vicar.numerics import libm
from vicar.numerics.compiled import kernel
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import anint
from vicar.numerics.sorting import pointer_order

FORTRAN = True
f32 = np.float32
MOST_POINTS = 5000
STABLE_UP_TO = 10  # longer lists go through the quicksort
NEAR, TIE = f32(1.0e-12), f32(1.00001)
LIMITS = {"BYTE": None, "HALF": f32(32767), "FULL": f32(2147483647), "REAL": f32(1.0e30)}
NAMES = {"BYTE": "BYTE", "HALF": "HALFWORD", "FULL": "FULLWORD", "REAL": "REAL"}


def main(task):
    task.if_message("ZINTERP version 31-OCT-94")
    nl, ns, neighbours = task.integer("NL"), task.integer("NS"), task.integer("NUMN")
    with open_strictly(task) as table:
        if table.nr > MOST_POINTS:
            task.abend("Too many control points !!!", "Maximum # is 3000")
        if table.nr < max(neighbours, 1):
            task.abend("Not enough control points given !",
                       edit("('Must be >= ',I6,' Only ',I5,' control points found.')", neighbours, table.nr))
        if max(task.integer("LINECOL"), task.integer("SAMPCOL"), task.integer("ZCOL")) > table.nc:
            task.abend("An invalid column number has been requested")
        points = [table.read(c, format="REAL") if c <= table.nc else np.zeros(table.nr, f32) for c in (1, 2, 3)]
    points = [v * task.real(f"{axis}SCALE") + task.real(f"{axis}OFFSET") for axis, v in zip("LSZ", points)]
    neighbours = neighbours or 5
    radial, radius = task.real("RADIUS") > 0, task.real("RADIUS")
    if not radial:
        radius = np.sqrt(f32(neighbours) / (f32(len(points[0])) / f32(nl * ns)))
    further = task.real("RADEXP")
    further = further if further > 0 else radius / f32(3.14159264)
    search = Search(points, neighbours, radius, further, radial, nl * ns)
    form, limit = output_form(task.string("FORMAT"), points[2])
    result = task.create("OUT", nl=nl, ns=ns, format=form, u_format="REAL")
    task.messages(" ", f"    The output data set is a {NAMES[form]} image.", " ")
    clipped, least, most = draw(task, search, result, limit)
    task.messages(" ", "  Interpolated surface generated successfully.", " ")
    if clipped:
        task.message(edit("('Total number of pixels over ',F8.0,': ',I10)", limit, clipped))
    for key, text in (
        ("COMMENTS", edit("('MINZ:',F7.2,' MAXZ:',F7.2,'   # Control points:',I5)", least, most, len(points[0]))),
        ("PARAMETER", edit("('NUMN:',I4,' RADIUS:',F5.1,' RADEXP:',F5.1,' EXPONENT:',F4.1)", neighbours, radius, further,
                           task.real("EXPONENT"))),
    ):
        result.label.add(key, text, task="", format="STRING")
        task.message(text)
    task.message(" ")
    result.close()


def output_form(wanted, heights):
    """Format of the output, and what heights are clipped to; None if the format was chosen for them."""
    if wanted in LIMITS:
        return wanted, LIMITS[wanted]
    greatest = max(heights.max(), f32(-1.0e20))
    return ("BYTE" if greatest <= 255 else "HALF" if greatest <= 32767 else
            "FULL" if greatest == LIMITS["FULL"] else "REAL"), None


def draw(task, search, result, limit):
    """All lines; how many pixels were clipped, the smallest and the greatest height."""
    power = task.real("EXPONENT") / f32(2)
    trace = Trace(task, result.nl * result.ns) if task.integer("TRON") >= 1 else None
    clipped, least, most = 0, f32(1.0e20), f32(-1.0e20)
    for line in range(1, result.nl + 1):
        z = heights(*search.line(line, result.ns), power)
        least, most = np.fmin.reduce(z, initial=least), np.fmax.reduce(z, initial=most)
        if limit != LIMITS["REAL"]:
            z = anint(z)
        if limit is not None:
            over = z > limit
            clipped += int(over.sum())
            z[over] = limit
        if trace:
            trace.line(line, result.ns)
        result.write(z)
    return clipped, least, most


def heights(distances, elevations, counts, power):
    """Weighted means. Rows are pixels, columns their points from near to far, of which ``counts`` hold."""
    rows = np.arange(len(counts))
    above, below = np.zeros(len(rows), f32), np.zeros(len(rows), f32)
    at_point = np.zeros(len(rows), bool)
    for n in range(distances.shape[1]):
        weight, height = libm.pow(distances[:, n], np.full(len(rows), power)), elevations[:, n]
        here = n < counts
        on = here & ((distances[:, n] <= NEAR) | ~(weight > NEAR))
        first = on & ~at_point
        above[first] = below[first] = 0
        at_point |= on
        off = here & ~on & ~at_point
        above[on], below[on] = above[on] + height[on], below[on] + f32(1)
        above[off], below[off] = above[off] + height[off] / weight[off], below[off] + f32(1) / weight[off]
    return above / below


class Trace:
    """What TRON reports: pixels done, every so many or every so many percent."""

    def __init__(self, task, pixels):
        self.task, step = task, f32(task.integer("TRON"))
        percent = task.integer("TRONMODE") == 1
        self.every = f32(pixels) * (step / f32(100)) if percent else step
        self.percent = self.increment = step if percent else (step / f32(pixels)) * f32(100)
        self.done = self.since = 0
        self.task.messages(" ", "      ++++++++++  TRace ON  ++++++++++", " ")

    def line(self, line, ns):
        for sample in range(1, ns + 1):
            self.done, self.since = self.done + 1, self.since + 1
            if self.since >= self.every:
                self.since = 0
                self.task.message(edit("('Line: ',I6,' Sample: ',I6,' Pixel #',I7,F6.1,'% done')", line, sample, self.done,
                                       self.percent))
                self.percent = self.percent + self.increment


class Search:
    """Finds the points near each pixel of a line; lines are asked for in order."""

    def __init__(self, points, neighbours, radius, further, radial, pixels):
        lines, samples, elevations = points
        order = pointer_order(lines)
        self.lines, self.samples, self.elevations = (np.ascontiguousarray(v[order]) for v in (lines, samples, elevations))
        self.neighbours, self.radial = neighbours, radial
        self.within, self.fringe = radius * radius, (radius + further) * (radius + further)
        low, high = f32(1) - radius, f32(1) + radius
        self.bounds = np.array([low - further, low, high, high + further], f32)
        self.swath = moved([0, 0, min(1, len(lines) - 1), 1], self.lines, self.bounds)
        self.nearest = np.zeros(neighbours, f32), np.zeros(neighbours, f32)
        self.kernel = _line.best(len(lines) * pixels)

    def line(self, line, ns):
        """Squared distances and elevations (pixels, points) from near to far, and how many points each pixel has."""
        distances, elevations = np.full((ns, self.neighbours), np.inf, f32), np.ones((ns, self.neighbours), f32)
        counts = np.zeros(ns, np.int64)
        self.kernel(f32(line), np.arange(1, ns + 1, dtype=f32), np.array(self.swath), self.lines, self.samples, self.elevations,
                    self.within, self.fringe, self.radial, *self.nearest, distances, elevations, counts, TIE)
        self.bounds = self.bounds + f32(1)
        self.swath = moved(self.swath, self.lines, self.bounds)
        order = np.argsort(distances, axis=1, kind="stable")
        for pixel in np.flatnonzero(counts > STABLE_UP_TO):
            order[pixel, : counts[pixel]] = pointer_order(distances[pixel, : counts[pixel]])
        return np.take_along_axis(distances, order, 1), np.take_along_axis(elevations, order, 1), counts


def moved(swath, lines, bounds):
    """The swath (first and last point of its fringe and of itself, from 0) moved on to new bounds, as the original moves it."""
    _, low, high, _ = swath
    count = len(lines)
    while 0 < low and not (low < count and lines[low] < bounds[1]):
        low -= 1
    if low < count and lines[low] < bounds[1]:
        low += 1
    below = np.flatnonzero(lines[:low] < bounds[0])
    bottom = below[-1] + 1 if len(below) else low
    while high < count - 1 and not (high >= 0 and lines[high] > bounds[2]):
        high += 1
    if high >= 0 and lines[high] > bounds[2]:
        high -= 1
    above = np.flatnonzero(lines[high + 1 :] > bounds[3])
    top = high + above[0] if len(above) else high
    return [int(bottom), int(low), int(high), int(top)]


@kernel(above=100_000)
def _line(line, places, swath, lines, samples, elevations, within, fringe, radial, near, near_z, distances, heights, counts, tie):
    """Points of every pixel of a line, unsorted. ``near`` and ``near_z`` are the list of the pixel before."""
    bottom, low, high, top = swath
    old_bottom, old_top = bottom, top
    count, most = len(lines), len(near)
    for pixel in range(len(counts)):
        here = places[pixel]
        found, far = 0, 0
        step, grown = 0, False
        swath_size = high - low + 1
        start, stop = low, high + 1
        while True:
            # 0: the swath; 1: below it; 2: above it
            for i in range(start, min(stop, count)):
                across, down = samples[i] - here, lines[i] - line
                distance = across * across + down * down
                if found < most:
                    near[found], near_z[found] = distance, elevations[i]
                    if distance > near[far]:
                        far = found
                    found += 1
                elif tie * distance < near[far]:
                    near[far], near_z[far] = distance, elevations[i]
                    for k in range(found):
                        if near[k] > near[far]:
                            far = k
            if step == 0 and (found < most or grown):
                step = 1
                if bottom != low:
                    start, stop = bottom, low
                    swath_size += (1 if bottom != old_bottom else 0) if grown else low - bottom
                    continue
            if step == 1:
                step = 2
                if high != top:
                    start, stop = high + 1, top + 1
                    swath_size += (1 if top != old_top else 0) if grown else top - high
                    continue
            inside = outside = 0
            for i in range(found):
                if near[i] <= within:
                    inside += 1
                elif near[i] <= fringe:
                    outside += 1
            wanted = (inside + outside < most and swath_size < count) or (near[far] < fringe and radial)
            if not wanted or (bottom == 0 and top == count - 1):
                break
            grown = False
            if bottom > 0:
                low = bottom
                if low > 0:
                    bottom = low - 1
                    grown = True
            if top < count - 1:
                high = top
                if high < count - 1:
                    top = high + 1
                    grown = True
            if not grown:
                break
            step, start, stop = 0, 0, 0
        everything = inside + outside < most
        used = 0
        for i in range(found):
            if everything or near[i] <= within:
                distances[pixel, used], heights[pixel, used] = near[i], near_z[i]
                used += 1
        if not everything and inside < most:
            for i in range(found):
                if within < near[i] <= fringe:
                    distances[pixel, used], heights[pixel, used] = near[i], near_z[i]
                    used += 1
        counts[pixel] = used
