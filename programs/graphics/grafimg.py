"""GRAFIMG: an image as a surface of lines in a graphics file. Source: ``vos/p2/prog/grafimg`` (Fortran, 06-MAR-95).

The mesh is the window taken every LINC-th line and SINC-th sample, at most 256 by 256. Its lines are drawn to and
fro; values outside ZMIN to ZMAX break a line.

Kept as they are: whether a point is within ZMIN to ZMAX is looked up with line and sample exchanged; the ticks are
never drawn.
accepted: lines of more than 1024 samples are read whole, where the original writes through memory; what is right of
the image is zero, where it reads memory.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import write_graphics

FORTRAN = True
MESH = 256
_F = np.float32
BREAK = (_F(0), _F(0), _F(0))


def main(task):
    task.if_message("GRAFIMG version 06-MAR-95")
    surface = Surface(task)
    mode = task.string("MODE")[:4]
    if mode in ("BOTH", "XONL"):
        surface.across(points=False)
    if mode in ("DOTS", "PRDT"):
        surface.across(points=True)
    if mode in ("BOTH", "YONL"):
        surface.down()
    if mode in ("PREV", "PRDT"):
        surface.border()
    cube = task.string("CUBE")
    if cube in ("CUBE", "FIT"):
        surface.cube(fit=cube == "FIT")
    write_graphics(task, np.array(surface.rows, np.float32).reshape(-1, 3))


class Surface:
    """The mesh ``z`` (256 lines, 256 samples, zero beyond what is used) and the rows drawn so far: line, sample, height."""

    def __init__(self, task):
        self.rows: list[tuple] = []
        self.xscale, self.yscale, self.zscale = (task.real(f"{axis}SCALE") for axis in "XYZ")
        self.low, self.high, self.top, self.bottom = (task.real(name) for name in ("ZMIN", "ZMAX", "ZTOP", "ZBTM"))
        with task.open("INP", u_format="REAL") as source:
            window = task.size_field(source)
            sinc, linc = task.integer("SINC"), task.integer("LINC")
            if sinc == 0 or linc == 0:
                task.abend("LINC or SINC is zero.")
            self.ns, sinc = mesh(window.ns, sinc)
            self.nl, linc = mesh(window.nl, linc)
            self.z = np.zeros((MESH, MESH), np.float32)
            for row in range(self.nl):
                line = source.read(window.sl + row * linc, window.ss, window.ns)
                taken = line[::sinc][: self.ns] if sinc > 0 else line[: self.ns]
                self.z[row, : len(taken)] = taken

    def put(self, y, x, z) -> None:
        self.rows.append((y, x, z))

    def point(self, line: int, samp: int) -> None:
        """A point of the mesh; line and sample count from 1."""
        self.put(self.yscale * _F(line), self.xscale * _F(samp), self.zscale * self.z[at(line, samp)])

    def break_line(self) -> None:
        self.rows.append(BREAK)

    def inside(self, line: int, samp: int) -> bool:
        value = self.z[samp - 1, line - 1]  # exchanged, as in the original
        return not (value < self.low or value > self.high)

    def stroke(self, places, test, points: bool = False) -> None:
        """Points one after the other; ``test`` gives where each is looked up."""
        for line, samp in places:
            if not self.inside(*test(line, samp)):
                self.break_line()
                continue
            self.point(line, samp)
            if points:
                self.break_line()
        self.break_line()

    def across(self, points: bool) -> None:
        for line in range(1, self.nl + 1, 2):
            self.stroke(((line, samp) for samp in range(1, self.ns + 1)), lambda y, x: (y, x), points)
            if line < self.nl:
                self.stroke(((line + 1, samp) for samp in range(self.ns, 0, -1)), lambda y, x: (y - 1, x), points)

    def down(self) -> None:
        for samp in range(1, self.ns + 1, 2):
            self.stroke(((line, samp) for line in range(1, self.nl + 1)), lambda y, x: (y, x))
            if samp < self.ns:
                self.stroke(((line, samp + 1) for line in range(self.nl, 0, -1)), lambda y, x: (y, x - 1))

    def border(self) -> None:
        """The profile around the mesh, within ZBTM to ZTOP."""
        nl, ns = self.nl, self.ns
        places = [(line, 1) for line in range(1, nl + 1)] + [(nl, samp) for samp in range(1, ns + 1)]
        places += [(line, ns) for line in range(nl, 0, -1)] + [(1, samp) for samp in range(ns, 0, -1)]
        for line, samp in places:
            value = self.z[samp - 1, line - 1]
            if value < self.bottom or value > self.top:
                self.break_line()
            else:
                self.point(line, samp)
        self.break_line()

    def cube(self, fit: bool) -> None:
        """Edges from the corners down to ZBTM, and up to ZTOP unless that is zero."""
        used = self.z[: self.nl, : self.ns]
        if fit:
            bottom = np.fmin.reduce(used, None, initial=_F(999999))
            top = np.fmax.reduce(used, None, initial=_F(-999999))
        else:
            bottom, top = self.bottom, self.top
        near, far = (self.yscale, _F(self.nl) * self.yscale), (self.xscale, _F(self.ns) * self.xscale)
        self.frame(near, far, bottom * self.zscale)
        if top != 0:
            self.frame(near, far, top * self.zscale)

    def frame(self, y, x, level) -> None:
        corners = [self.zscale * self.z[at(*place)] for place in
                   ((1, 1), (1, self.nl), (self.ns, self.nl), (self.ns, 1))]  # fmt: skip
        for stroke in (
            ((y[0], x[0], corners[0]), (y[0], x[0], level), (y[0], x[1], level), (y[0], x[1], corners[1])),
            ((y[0], x[1], level), (y[1], x[1], level), (y[1], x[1], corners[2])),
            ((y[1], x[1], level), (y[1], x[0], level), (y[1], x[0], corners[3])),
            ((y[1], x[0], level), (y[0], x[0], level)),
        ):
            self.rows.extend(stroke)
            self.break_line()


def at(line: int, samp: int) -> tuple[int, int]:
    return line - 1, samp - 1


def mesh(size: int, step: int) -> tuple[int, int]:
    """Points of the mesh along one side, and the step between them."""
    count = int((size - 1) / step) + 1
    if count > MESH:
        step = size // MESH + 1
        count = int((size - 1) / step) + 1
    return max(count, 0), step
