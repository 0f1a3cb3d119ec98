"""SARGONB: changes the pixels inside polygons. Source: ``vos/p2/prog/sargonb`` (Fortran, 2016-05-26).

Kept: unless all points around a polygon are used (PERCENT 100), INTERP loses their coordinates and weighs the first
pixel of the next line of the file for each; limits given for INTERP stay in force for the polygons after it; a constant that is
not given is that of the polygon before.
known: nothing. accepted: PERCENT above 100, with which the original never ends, is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vicar.numerics.polygon import inside, outline
from vicar.numerics.prnt import prnt

f32 = np.float32
LIMITS = {"BYTE": (0.0, 255.0), "HALF": (-32768.0, 32767.0), "FULL": (-999999999.0, 2147483647.0),
          "REAL": (-999999999.0, 2147483647.0)}  # fmt: skip
FUNCTIONS = ("INTERP", "ZERO", "SETTO", "MULT", "ADD", "SUBTRACT", "DIVIDE")
POLYGONS = 25


@dataclass
class Area:
    """One polygon: what to do, its constants, and its vertices (n, 2) as line and sample."""

    function: str
    constants: list
    vertices: np.ndarray

    @property
    def corners(self) -> np.ndarray:
        """Whole-numbered vertices."""
        return self.vertices.astype(np.int32)


@dataclass
class State:
    """What lasts from polygon to polygon."""

    low: np.float32
    high: np.float32
    debug: bool
    nl: int
    ns: int
    segments: np.ndarray = field(default_factory=lambda: np.zeros((0, 3), np.int32))


def main(task):
    task.if_message("SARGONB version 2016-05-26")
    source = task.open("INP", u_format="REAL")
    kind = {"WORD": "HALF"}.get(source.format, source.format)
    if kind not in LIMITS:
        task.abend("??E - Unknown data format for input image")
    low, high = map(f32, LIMITS[kind])
    state = State(low, high, task.keyword("DBUG"), source.nl, source.ns)
    areas = list(read_areas(task, state))
    with source, task.create("OUT", format=kind, u_format="REAL") as result:
        for _ in range(state.nl):
            result.write(source.read())
    with task.open("OUT", op="UPDATE", u_format="REAL") as result:
        for area in areas:
            if not ((area.vertices[:, 1] <= state.ns) & (area.vertices[:, 0] <= state.nl)).any():
                task.abend("??E - Polygon is completely outside of image", "**** ABEND")
            points = collect(task, area, state, result)
            if points is None:
                task.abend("??E - Error return from COLECT or OPRATE")
            operate(task, area, state, result, points)


# -- parameters ---------------------------------------------------------------------------------------------------------


def read_areas(task, state: State):
    """Polygons up to the first function that is not given."""
    values = [f32(0)] * 4
    for number in range(1, POLYGONS + 1):
        if task.defaulted(f"FUNC{number}") or not task.count(f"FUNC{number}"):
            return
        text = task.string(f"FUNC{number}")
        function = next((name for name in FUNCTIONS if name in text or name.lower() in text), None)
        constants = [f32(0)] * 4
        if function is None:
            task.abend("??E - Illegal function string")
        if function != "ZERO":
            given = list(task.reals(f"CONST{number}"))
            values[: len(given)] = given
            constants = [values[0], f32(0), f32(0), f32(0)]
            if function == "INTERP":
                constants = [*values[: len(given)], *[f32(200), f32(30), state.low, state.high][len(given) :]]
        vertices = task.reals(f"VERT{number}")
        if len(vertices) % 2:
            task.abend("??E - Vertices have to be in pairs")
        if len(vertices) < 6:
            task.abend("??E - Needs to be at least 3 pairs of vertices")
        vertices = vertices.reshape(-1, 2)
        if (vertices[0] == vertices[-1]).all():
            vertices = vertices[:-1]
        yield Area(function, constants, vertices)


# -- outlines -----------------------------------------------------------------------------------------------------------


def collect(task, area: Area, state: State, image) -> np.ndarray | None:
    """Find the segments inside; for INTERP also the points around (float32 (n, 3): sample, line, value), or None."""
    crossings = outline(area.corners)
    debug = task.messages if state.debug else lambda *texts: None
    debug(*prnt("HALF", crossings.view(np.int16).ravel()[: 2 * len(crossings)], "Aft line."))
    debug(*prnt("FULL", len(crossings), "No intrsctn pts."))
    segments = []
    for line in range(int(crossings[0, 0]), int(crossings[-1, 0]) + 1):
        samples = crossings[crossings[:, 0] == line, 1].tolist()
        if len(samples) % 2:
            samples = repair(task, line, samples, area)
        segments += [(line, *pair) for pair in pairs(samples)]
    state.segments = np.array(segments, np.int32)
    debug(*prnt("FULL", len(segments), "No line segments."))
    debug(*prnt("HALF", state.segments.view(np.int16).ravel()[: 3 * len(segments)], "Segm buf."))
    if area.function != "INTERP":
        return np.zeros((0, 3), np.float32)
    return surroundings(task, area, state, image, debug)


def repair(task, line: int, samples: list[int], area: Area) -> list[int]:
    """An odd number of crossings: one that is a vertex, at an even place, is dropped."""
    task.message(f"{len(samples):2d} Intersection points for line {line:4d}")
    vertices = {(float(l), float(s)) for l, s in area.vertices}
    place = next((n for n in range(1, len(samples), 2) if (float(line), float(samples[n])) in vertices), None)
    if place is None:
        task.abend("??E - No even points were vertices", "??E - Pathological figure....TRY AGAIN")
    samples = samples[:place] + samples[place + 1 :]
    task.message("??I - Fixup successful")
    task.messages(*prnt("FULL", len(samples), "Pts on line."))
    return samples


def pairs(samples: list[int]):
    """First and last sample of each segment; two that meet in a point are one."""
    place, count = 0, len(samples)
    while place < count:
        first, end = samples[place], place + 1
        if place + 1 != count - 1 and samples[end] == samples[end + 1]:
            end += 2
            place += 2
        yield first, samples[end]
        place += 2


# -- interpolation ------------------------------------------------------------------------------------------------------


def surroundings(task, area: Area, state: State, image, debug) -> np.ndarray | None:
    """Points just outside the outline with values in the wanted range; None if there are none."""
    percent = int(area.constants[1])
    state.low, state.high = area.constants[2:4]
    points = beside_segments(state)
    for start, end in zip(area.corners, np.roll(area.corners, -1, axis=0)):
        add_edge(points, start.tolist(), end.tolist(), area, state)
    debug(*prnt("FULL", len(points), "No pts total."))
    table = np.zeros((len(points), 3), np.float32)
    table[:, :2] = points
    debug(*prnt("HALF", table.view(np.int16).ravel()[: 3 * len(points)], "Aft samp."))
    if percent > 100:
        task.abend("??E - PERCENT must not exceed 100")
    if percent != 100:
        # the original moves whole numbers into its array of real ones, where they are as good as zero
        table = np.zeros((percent * len(points) // 100, 3), np.float32)
    debug(*prnt("FULL", len(table), "Npts aft weed."))
    table = with_values(table, image, state)
    if not len(table):
        task.message("??E - No pts in range min to max")
        return None
    debug(*prnt("FULL", len(table), "Npts aft thresh."))
    debug(*prnt("HALF", table.view(np.int16).ravel()[: 3 * len(table)], "PTBUF."))
    return table


def beside_segments(state: State) -> list[tuple[int, int]]:
    """Sample and line left and right of each segment."""
    points = []
    for line, first, last in state.segments.tolist():
        if first > 1:
            points.append((first - 1, line))
        if last < state.ns:
            points.append((last + 1, line))
    return points


def add_edge(points: list[tuple[int, int]], start: list[int], end: list[int], area: Area, state: State) -> None:
    """Points above or below one side of the polygon, sample by sample."""
    (sl, ss), (el, es) = start, end
    if ss == es:
        if min(sl, el) != 1:
            points.append((ss, min(sl, el) - 1))
        if max(sl, el) != state.nl:
            points.append((ss, max(sl, el) + 1))
        return
    taken: dict[int, list[int]] = {}
    for sample, line in points:
        taken.setdefault(sample, []).append(line)
    slope = f32(el - sl) / f32(es - ss)
    corners = area.vertices[:, ::-1]
    for sample in range(ss, es, 1 if es > ss else -1):
        height = slope * f32(sample - ss) + f32(sl)
        if height in (1, state.nl):
            continue
        below = inside(sample, height - f32(1), corners)
        line = int(height + f32(1)) if below else int(height - f32(0.001))
        near = taken.setdefault(sample, [])
        if all(abs(line - other) > 1 for other in near):
            near.append(line)
            points.append((sample, line))


def with_values(table: np.ndarray, image, state: State) -> np.ndarray:
    """Points in the order of lines and samples, with the values there that are within the limits."""
    whole = table[:, :2].astype(np.int32)
    whole = whole[np.lexsort((whole[:, 0], whole[:, 1]))]
    found = np.zeros((len(whole), 3), np.float32)
    found[:, :2] = whole
    for line in np.unique(whole[:, 1]).tolist():
        on_line = whole[:, 1] == line
        samples = whole[on_line, 0]
        first = int(samples[0])
        values = image.read(line=line, samp=first, nsamps=int(samples[-1]) - first + 1)
        found[on_line, 2] = values[samples - first]
    if state.low == -9999 and state.high == 32768:
        return found
    rows = list(found)
    place = 0
    while place < len(rows):
        if state.low <= rows[place][2] <= state.high:
            place += 1
        else:
            rows[place] = rows[-1]
            rows.pop()
    return np.array(rows, np.float32).reshape(-1, 3)


def extrapolated(line: int, first: int, last: int, points: np.ndarray, radius_squared) -> np.ndarray:
    """Means of the points within the radius, weighted by their inverse squared distance."""
    samples = np.arange(first, last + 1).astype(np.float32)
    over, under = np.zeros(len(samples), np.float32), np.zeros(len(samples), np.float32)
    exact, values = np.zeros(len(samples), bool), np.zeros(len(samples), np.float32)
    with np.errstate(all="ignore"):
        for x, y, value in points:
            across, down = samples - x, f32(line) - y
            square = across * across + down * down
            hit = (square == 0) & ~exact
            values[hit] = value
            exact |= hit
            near = square <= radius_squared
            over = np.where(near, over + value / square, over)
            under = np.where(near, under + f32(1) / square, under)
        mean = over / under + f32(0.5)
    return np.where(exact, values, np.where((over == 0) | (under == 0), f32(0), mean))


# -- changes ------------------------------------------------------------------------------------------------------------


def operate(task, area: Area, state: State, image, points: np.ndarray) -> None:
    """Change the segments of a polygon in the file."""
    constant = area.constants[0]
    for line, first, last in state.segments.tolist():
        count = last - first + 1
        if area.function == "INTERP":
            values = extrapolated(line, first, last, points, constant * constant)
        elif area.function in ("SETTO", "ZERO"):
            values = np.full(max(count, 0), constant, np.float32)
        else:
            values = changed(task, area.function, image.read(line=line, samp=first, nsamps=count), constant)
            values = np.maximum(np.minimum(values, state.high), state.low)
        image.write(values, line=line, samp=first, nsamps=count)


def changed(task, function: str, values: np.ndarray, constant) -> np.ndarray:
    if function == "MULT":
        return values * constant
    if function == "ADD":
        return values + constant
    if function == "SUBTRACT":
        return values - constant
    if constant == 0:
        task.abend("??E - Invalid CONST value.", "***SARGONB task cancelled")
    return values / constant
