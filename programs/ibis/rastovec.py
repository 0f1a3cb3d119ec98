"""RASTOVEC: polygons around the regions of equal pixels. Source: ``vos/p2/prog/rastovec`` (Fortran, 2017-08-11).

Three steps: number the regions (image of numbers, table of classes and areas), find the segments of their boundaries
(table), follow them around each region (points in a table or a graphics file, table of facts about the polygons).

Kept: islands are left out of the points without ZINGER, though they move the centre; a label that belongs with two
others forgets one of them, which can leave a region in two parts; a negative pixel is taken for a link between labels.
accepted: images of 32767 samples and more, and links between labels that lead nowhere or in circles, are refused with a
sentence; the original reads outside its buffers or never ends. Tables an ABEND leaves have the label and cells of a
finished table; the original's have what was flushed by then.
"""

from __future__ import annotations

import numpy as np

from programs.ibis import _polygon_kernels as polygons
from programs.ibis._graphics import write_graphics
from vicar.errors import VicarError
from vicar.ibis.errors import IbisError, ReportedError
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt

FORTRAN = True
OUTSIDE = -9999
EVERY = 100  # lines between two signs of life
MOST_SAMPLES = 32766
ENDS = {
    polygons.TRACE_FULL: "***MAXSIZE exceeded",
    polygons.RING_FULL: "MAXSIZE exceeded",
    polygons.SAME_POINT: " ABEND IN REDUCE",
}


def main(task):
    task.message("RASTOVEC version 2017-08-11")
    with task.open("INP", u_format="FULL") as source:
        window = size_field(task, source)
        area = window[2] * window[3]
        most = limits(task, area)
        labels, classes, areas = label_regions(task, source, window, most[0])
    if task.keyword("FIRST"):
        return
    segments, xy = compute_segments(task, labels, most[1])
    if task.keyword("SECOND"):
        return
    cycle_polygons(task, segments, xy, classes, areas, most[2])


def show(task, title: str, value: int) -> None:
    task.messages(*prnt("FULL", np.int64(value).astype(np.int32), title))


def buffers(task, *lengths: int) -> None:
    """Say how much memory the buffers of a step take; none may be empty (STACKA)."""
    show(task, "Total bytes of memory requested=.", sum(lengths))
    if min(lengths) <= 0:
        task.abend("***STACKA ERROR")


def new_table(task, instance: int, rows: int, columns: int):
    """A new table; where no output is given for it, the library's word about a file without a unit."""
    if instance > task.count("OUT"):
        task.no_unit()
        raise ReportedError(VicarError("NOSCHUN", "XVPIXSIZE"), "IBISFileUnitOpen")
    return task.create_table("OUT", instance, nr=rows, nc=columns, org="ROW")


def size_field(task, source) -> tuple[int, int, int, int]:
    """Starting line and sample, lines and samples, cut at the edges of the image."""
    window = task.size_field(source)
    sl, ss, nl, ns, nli, nsi = window.sl, window.ss, window.nl, window.ns, window.nli, window.nsi
    task.message(edit("('Input image size is',I5,' X ',I5)", nli, nsi))
    if nl > nli - sl + 1:
        nl = nli - sl + 1
        task.message("***Output lines truncated")
    if ns > nsi - ss + 1:
        ns = nsi - ss + 1
        task.message("***Output samples truncated")
    task.message(edit("('Ouput image size is',I5,' X ',I5)", nl, ns))
    return sl, ss, nl, ns


def limits(task, area: int) -> tuple[int, int, int]:
    """Most regions, most vertices, and most vertices of a polygon."""
    regions, vertices = task.integer("MAXPOLY"), task.integer("MAXVERT")
    regions = max(area // 10, 3000) if regions is None else regions
    show(task, "MAXPOLY=.", regions)
    vertices = max(area // 3, 10000) if vertices is None else vertices
    show(task, "MAXVERT=.", vertices)
    one = int(task.real("LARGEST") * np.float32(vertices))
    show(task, "MAXSIZE=.", one)
    return regions, vertices, one


def signs_of_life(task, lines: int) -> None:
    for line in range(EVERY, lines + 1, EVERY):
        task.printf(f" Line={line:5d}")


# -------------------------------------------------------------------------------------------------- step 1
def label_regions(task, source, window, most: int):
    """The numbers of the regions, lines x samples int32, and class and pixels of each region (index 0 unused)."""
    sl, ss, nl, ns = window
    task.message("Step 1: REGION LABELING")
    buffers(task, 8 * ns, 16 * most)
    image = task.create("OUT", 1, nl=nl, ns=ns, format="FULL", u_format="FULL")
    if ns > MOST_SAMPLES:
        task.abend(f"***More than {MOST_SAMPLES} samples a line")
    pixels = source.read_window(sl, ss, nl, ns)
    labels, links = np.zeros((nl, ns), np.int32), np.zeros(max(most, 0) + 1, np.int32)
    count, done = polygons.first_labels.best(pixels.size)(np.ascontiguousarray(pixels), links, labels)
    signs_of_life(task, done)
    if count < 0:
        image.write_window(labels[:done])
        refuse(task, count)
    task.message("Begin second pass of region labeling")
    numbers, classes, areas = (np.zeros(len(links), np.int32) for _ in range(3))
    count = polygons.final_labels.best(pixels.size)(labels, links, numbers, classes, areas)
    if count < 0:
        refuse(task, count)
    signs_of_life(task, nl)
    image.write_window(labels)
    image.close()
    task.message("Writing polygon description file")
    show(task, " Number of polygon regions=.", count)
    classes, areas = classes[: count + 1], areas[: count + 1]
    with task.create_table("OUT", 2, nr=count, nc=2, org="ROW", formats=["FULL", "FULL"]) as table:
        table.write(1, classes[1:])
        table.write(2, areas[1:])
    return labels, classes, areas


def refuse(task, error: int):
    if error == polygons.FULL:
        task.abend("***Maximum number of polygons exceeded")
    task.abend("***Negative pixels lead from label to label without an end")


# -------------------------------------------------------------------------------------------------- step 2
def compute_segments(task, labels: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Segments (start, end, right, left) and corners of the regions (x, y); rows 0 unused. Written to the third
    output.
    """
    lines, samples = labels.shape
    task.message("Step 2:  COMPUTE SEGMENTS")
    buffers(task, 8 * (samples + 2), 4 * most)
    vertices = find_vertices(labels)
    signs_of_life(task, lines + 1)
    table = new_table(task, 3, most, 10)
    for column in range(1, 11):
        table.set_format(column, "FULL")
    segments = find_segments(vertices)
    if len(vertices) >= most:
        enlarge(task, table, segments_before(most, vertices, segments), most)
        task.abend("***Maximum number of vertices exceeded")
    xy = np.zeros((len(vertices) + 1, 2), np.int16)
    xy[1:, 0] = vertices[:, 1]
    xy[1:, 1] = lines - vertices[:, 0].astype(np.int16)
    enlarge(task, table, len(segments) - 1, most)
    write_segments(table, segments[1:], xy)
    show(task, " Number of segments=.", len(segments) - 1)
    show(task, " Number of vertices=.", len(vertices))
    meeting = (vertices[:, 2:] != np.roll(vertices[:, 2:], -1, axis=1)).sum(axis=1)
    show(task, " Number of high order vertices=.", np.count_nonzero(meeting >= 3))
    return segments, xy


def find_vertices(labels: np.ndarray) -> np.ndarray:
    """Corners where boundaries begin, end or meet, line by line: line, sample (from 0), and the labels around them.

    The labels are those above left, above right, below right and below left.
    """
    framed = np.pad(labels, 1, constant_values=OUTSIDE)
    around = framed[:-1, :-1], framed[:-1, 1:], framed[1:, 1:], framed[1:, :-1]
    a, b, c, d = around
    found = np.nonzero(((a != d) | (b != c)) & ((a != b) | (c != d)))
    return np.stack([*found, *(part[found] for part in around)], axis=1)


def find_segments(vertices: np.ndarray) -> np.ndarray:
    """Segments (start, end, right, left) in the original's order: of each line those along it, then those down to
    it.
    """
    line, sample, a, b, c, d = vertices.T
    starts, ends = np.flatnonzero(b != c), np.flatnonzero(a != d)
    along = np.stack([starts + 1, ends + 1, d[ends], a[ends]], axis=1)
    order = np.argsort(sample, kind="stable")
    above = np.zeros(len(vertices), np.int64)
    above[order[1:]] = order[:-1]
    low = np.flatnonzero(a != b)
    down = np.stack([above[low] + 1, low + 1, a[low], b[low]], axis=1)
    order = np.argsort(np.concatenate((line[ends], line[low])), kind="stable")
    return np.concatenate((np.zeros((1, 4), np.int64), np.concatenate((along, down))[order]))


def segments_before(vertex: int, vertices: np.ndarray, segments: np.ndarray) -> int:
    """How many segments are done when a vertex is met: all of the lines before, and of its line those that ended."""
    line = vertices[:, 0]
    start, end = segments[1:, 0] - 1, segments[1:, 1] - 1
    along = (line[start] == line[end]) & (end < vertex - 1)
    return int(np.count_nonzero(along | (line[end] < line[vertex - 1])))


def enlarge(task, table, segments: int, most: int) -> None:
    """Give the table a tenth more rows until the segments fit; fewer than ten rows do not grow."""
    while segments > most:
        task.message("WSERL increased MAXSEG")
        if most < 10:
            raise IbisError("LASTROW", "IBISRecordWrite")
        most = int(np.float32(1.1) * np.float32(most))
        table.set_length(most)


def write_segments(table, segments: np.ndarray, xy: np.ndarray) -> None:
    """Number, vertices, regions and coordinates; the table gets the length it needs."""
    start, end, right, left = segments.T
    table.set_length(len(segments))
    columns = np.arange(1, len(segments) + 1), start, end, right, left, *xy[start].T, *xy[end].T
    for column, values in enumerate(columns, start=1):
        table.write(column, values.astype(np.int32))
    table.close()


# -------------------------------------------------------------------------------------------------- step 3
def cycle_polygons(task, segments, xy, classes, areas, most: int) -> None:
    """Follow the segments around each region and write the points and what is known of the polygons."""
    count, vertices = len(segments) - 1, len(xy) - 1
    task.message("Step 3: POLYGON CYCLING")
    buffers(task, 16 * count + 20 * vertices, 12 * most)
    shown = None if task.keyword("GR1") else new_table(task, 4, vertices, 2)
    facts = new_table(task, 5, len(classes) - 1, 10)
    info = np.zeros((len(classes), 10), np.float32)
    points = np.zeros((6 * count + 4 * len(classes), 2), np.float32)
    around, coordinates = segments_around(segments, vertices), xy.astype(np.int32)
    low = np.minimum(*coordinates[segments[:, :2].T, 1])
    segments = np.asfortranarray(segments, np.int32)  # the search for islands runs down one column
    task.printf(f" Begin loop thru{len(classes) - 1:10d} polygon regions...")
    trace = polygons.trace_all.best(20 * count)
    unwind, zinger = task.keyword("UNWIND"), task.keyword("ZINGER")
    filled, islands = trace(segments, low, around, coordinates, most, unwind, zinger, points, info)
    met = info[:, 1] > 0
    reached = len(info) if islands >= 0 else np.max(np.flatnonzero(met), initial=0) + 2
    for number in range(10000, reached, 10000):
        task.printf(f" Polygon region={number:10d}")
    write_points(task, shown, points[:filled])
    info[met, 2], info[met, 9] = classes[met], areas[met]
    for column in range(10):
        facts.write(column + 1, info[1:, column])
    facts.close()
    if islands < 0:
        task.abend(ENDS[islands])
    show(task, "MAX_IVCNT=.", islands)


def segments_around(segments: np.ndarray, vertices: int) -> np.ndarray:
    """The segments at each vertex in their order, (vertices + 1, 4); negative where there are more than two (CCP)."""
    ends = segments[1:, :2].reshape(-1)
    order = np.argsort(ends, kind="stable")
    first = np.cumsum(np.bincount(ends, minlength=vertices + 1)) - np.bincount(ends, minlength=vertices + 1)
    place = np.arange(len(ends)) - first[ends[order]]
    around = np.zeros((vertices + 1, 4), np.int32)
    around[ends[order], place] = order // 2 + 1
    around[around[:, 2] != 0] *= -1
    return around


def write_points(task, table, points: np.ndarray) -> None:
    """The points as a graphics file, or into a table whose rows grow by halves."""
    if table is None:
        write_graphics(task, points, "OUT", 4)
        return
    rows = table.nr
    while len(points) > rows:
        rows = int(np.float32(1.5) * np.float32(rows))
        table.set_length(rows)
        task.message("OPVR increased MAXVERT")
    table.set_length(len(points))
    for column in range(2):
        table.write(column + 1, points[:, column])
    table.close()
