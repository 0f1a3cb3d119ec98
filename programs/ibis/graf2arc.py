"""GRAF2ARC: the lines of a graphics file as text for ARC/INFO. Source: ``vos/p2/prog/graf2arc`` (Fortran, 05-Feb-2010).

Kept: of every line only the first point is written, once for each of its points. That an input is missing or an output there
already is told on the terminal only.
accepted: points of two coordinates have a third one of 0, where the original has what its memory holds. Bad FIELDS and 'DEB work;
the original dies of them.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import read_graphics
from vicar.errors import VicarError
from vicar.numerics.fortran import fixed, integer

FORTRAN = True

f32 = np.float32


def main(task):
    task.message(" GRAF2ARC version 05-Feb-2010")
    fields = task.integers("FIELDS")
    if len(fields) != 3:
        task.abend("FIELDS  - incomplete format information.  Please correct.")
    if 0 in fields:
        task.abend("FIELDS  - incorrect format information. Please correct.")
    deep = task.keyword("THREE_D")
    if task.keyword("DEB"):
        task.messages("    ", "GRAF2ARC - Revision D ", "    ")
    try:
        cells = read_graphics(task, columns=3 if deep else 2)
    except VicarError as error:
        task.printf(f"GRAF2ARC: {error}\n")
        return
    name = task.string("OUT").rstrip(" ")
    if (task.directory / name).exists():
        task.printf(f"GRAF2ARC: the file {name} exists already\n")
        return
    writer = Writer(task, fields)
    strings(task, cells, writer, deep)
    writer.lines += ["END"] * (2 if writer.point else 1)
    try:
        (task.directory / name).write_text("".join(line + "\n" for line in writer.lines), "latin-1")
    except OSError as error:
        task.printf(f"GRAF2ARC: cannot write {name}: {error.strerror}\n")
        return
    if task.keyword("DEB"):
        task.message("Task completed")


def strings(task, cells: np.ndarray, writer: Writer, deep: bool) -> None:
    """Give the lines that are ended by zeros to the writer, up to the first point at the height HIGH."""
    low, high, group = task.integer("LOW"), task.integer("HIGH"), task.integer("GROUP")
    scale, xoff, yoff = task.real("SCALE"), task.real("XOFFSET"), task.real("YOFFSET")
    points = []
    for row in cells:
        if row.any():
            height = row[2] if deep else f32(0)
            if height < f32(low):
                continue
            if height == f32(high):
                break
            with np.errstate(all="ignore"):
                points.append((row[0] / scale + xoff, row[1] / scale + yoff))
            group = int(height) if deep else group
        elif points:
            writer.write(group, points[0], len(points))
            if task.keyword("DEB") and len(points) >= 2:
                segment = "Point line " if writer.point else "Line segment"
                task.message(segment if len(points) == 2 else "Line string ")
            points = []
            group += not writer.point and not deep


class Writer:
    """Text of elements: number and one pair of coordinates, or a number, pairs, and an end."""

    def __init__(self, task, fields: list[int]):
        self.width, self.real_width, self.decimals = fields
        self.point, self.flip, self.height = task.keyword("POINT"), task.keyword("FLIP"), task.integer("NLINES", 0)
        self.lines: list[str] = []

    def write(self, group: int, first: tuple, count: int) -> None:
        x, y = first
        if self.flip:
            x, y = y, f32(self.height) - x if self.height else x
        pair = fixed(x, self.real_width, self.decimals) + fixed(y, self.real_width, self.decimals)
        number = integer(group, self.width)
        self.lines += [number + pair] if self.point else [number, *[pair] * count, "END"]
