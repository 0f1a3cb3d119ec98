"""WEDGE: a sector of a disc as a byte image.

Source: ``vos/p2/prog/wedge`` (Fortran). The edges are computed line by line (for two kinds of sector, sample by sample, but
used line by line: kept). The middle of the image is the centre only if X0 or Y0 was not given; 0 is the corner.

A file that cannot be opened is not reported, as the original looks at no status. known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics import libm
from vicar.numerics.rounding import truncate

FORTRAN = True
LARGEST = 2048


def main(task):
    task.message("WEDGE version 2016-06-09")
    size = task.integers("SIZE")
    nl, ns = size[2:] if size[2] else (task.integer("NL"), task.integer("NS"))
    if nl > LARGEST:
        task.abend("??E - Number of lines > 2048")
    if ns > LARGEST:
        task.abend("??E - Number of samples > 2048")
    try:
        result = task.create("OUT", nl=nl, ns=ns)
    except VicarError:
        result = None
    if task.keyword("BOWTIE"):
        task.abend("??E - Bowtie opiton has not been implemented yet")
    start, arc = task.real("STANGLE"), task.real("ARC")
    if start + arc > start + np.float32(180):
        task.abend("??E - Quad1 - The sum of stangle and arc cannot be > 180")
    if result is None or not nl:
        return
    x0 = ns // 2 if task.defaulted("X0") else task.integer("X0")
    y0 = nl // 2 if task.defaulted("Y0") else task.integer("Y0")
    low, high = (task.integer(name) & 255 for name in ("DNMIN", "DNMAX"))
    pixels = np.full((nl, ns), low, np.uint8)
    for row, first, last in zip(pixels, *sector(nl, ns, x0, y0, start, arc)):
        row[max(first - 1, 0) : max(last, 0)] = high
    result.write_window(pixels)


class Edge:
    """Sample numbers of one edge; element 0 takes what the original writes in front of its array."""

    def __init__(self):
        self.samples = np.zeros(LARGEST + 1, np.int32)

    def fill(self, first: int, last: int, centre: int, tangent) -> None:
        """Elements ``first``..``last``: rounded distance along the tangent from ``centre``."""
        i = np.arange(max(first, 0), last + 1, dtype=np.int32)
        if len(i):
            offset = truncate((centre - i).astype(np.float32) * tangent + np.float32(0.5))
            self.samples[i] = (offset.astype(np.int64) + centre).astype(np.int32)


def quadrants(start, stop) -> int:
    """Two digits: the quadrants the sector begins and ends in; 0 if it is none of the known kinds."""
    if start <= 90:
        return 11 if stop <= 90 else 12 if stop <= 180 else 13
    if start > 180:
        return 0
    return 22 if stop <= 180 and stop >= 90 else 23 if 180 <= stop <= 270 else 24 if stop >= 270 else 0


def sector(nl: int, ns: int, x0: int, y0: int, start, arc) -> tuple[list[int], list[int]]:
    """First and last sample of each line that is inside the sector; none where the last is smaller."""
    stop = start + arc
    degree = np.float32(3.14159)
    angle = start * degree / np.float32(180)
    width = arc * degree / np.float32(180)
    tangents = libm.tan(angle), libm.tan(angle + width)
    kind = quadrants(start, stop)
    first, second = Edge(), Edge()
    if kind == 11:
        edges = (first, second) if stop > start else (second, first)
        for edge, tangent in zip(edges, tangents):
            edge.fill(1, y0, y0, tangent)
    elif kind:
        spans = {"up": (1, y0, y0), "across": (x0, ns, x0), "down": (y0, nl, y0)}
        plan = {12: ("up", "across"), 13: ("up", "down"), 22: ("down", "across"), 23: ("down", "down"), 24: ("down", "up")}
        for edge, name, tangent in zip((first, second), plan[kind], tangents):
            edge.fill(*spans[name], tangent)
    line = np.arange(1, nl + 1)
    left, right = first.samples[1 : nl + 1], second.samples[1 : nl + 1]
    nowhere, whole = np.full(nl, 0), np.full(nl, ns)
    if kind == 11:
        begin, end = left, right
    elif kind in (12, 13):
        begin = np.where(line < y0, left, np.where(line > y0, right, np.minimum(left, right)))
        end = whole
    elif kind in (22, 23):
        begin, end = right, np.where(line >= y0, left, nowhere)
    elif kind == 24:
        begin, end = nowhere, np.where(line >= y0, np.maximum(left, right), right)
    else:
        begin = end = nowhere
    return begin.tolist(), end.tolist()
