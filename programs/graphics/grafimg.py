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
BREAK = (0, 0, 0)


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
    write_graphics(task, np.concatenate([np.zeros((0, 3), _F), *surface.rows]))


class Surface:
    """The mesh ``z`` (256 lines, 256 samples, zero beyond what is used) and the rows drawn so far.

    The rows, float32 (line, sample, height), are kept in parts.
    """

    def __init__(self, task):
        self.rows: list[np.ndarray] = []
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

    def strokes(self, line, samp, looked, limits, points: bool = False) -> None:
        """Points of the mesh, int arrays (strokes, points) that count from 1, and a break behind each stroke.

        ``looked``: line and sample where each is looked up (as the original does, exchanged); values outside ``limits`` break the
        stroke. ``points``: a break behind each point.
        """
        value = self.z[looked[1] - 1, looked[0] - 1]
        inside = ~((value < limits[0]) | (value > limits[1]))
        cells = np.zeros((len(line), line.shape[1] + 1, 3), _F)
        drawn = cells[:, :-1]
        with np.errstate(all="ignore"):
            drawn[..., 0], drawn[..., 1] = self.yscale * line.astype(_F), self.xscale * samp.astype(_F)
            np.multiply(self.zscale, self.z[line - 1, samp - 1], out=drawn[..., 2])
        drawn[~inside] = BREAK
        cells = cells.reshape(-1, 3)
        if points:
            cells = np.insert(cells, np.flatnonzero(np.pad(inside, ((0, 0), (0, 1)))) + 1, BREAK, axis=0)
        self.rows.append(cells)

    def across(self, points: bool) -> None:
        line, samp = to_and_fro(self.nl, self.ns)
        self.strokes(line, samp, (line - (line + 1) % 2, samp), (self.low, self.high), points)

    def down(self) -> None:
        samp, line = to_and_fro(self.ns, self.nl)
        self.strokes(line, samp, (line, samp - (samp + 1) % 2), (self.low, self.high))

    def border(self) -> None:
        """The profile around the mesh, within ZBTM to ZTOP."""
        nl, ns = self.nl, self.ns
        down, right = np.arange(1, nl + 1), np.arange(1, ns + 1)
        line = np.concatenate([down, np.full(ns, nl), down[::-1], np.ones(ns, int)])[None]
        samp = np.concatenate([np.ones(nl, int), right, np.full(nl, ns), right[::-1]])[None]
        self.strokes(line, samp, (line, samp), (self.bottom, self.top))

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
        corners = [self.zscale * self.z[place] for place in
                   ((0, 0), (0, self.nl - 1), (self.ns - 1, self.nl - 1), (self.ns - 1, 0))]  # fmt: skip
        for stroke in (
            ((y[0], x[0], corners[0]), (y[0], x[0], level), (y[0], x[1], level), (y[0], x[1], corners[1])),
            ((y[0], x[1], level), (y[1], x[1], level), (y[1], x[1], corners[2])),
            ((y[1], x[1], level), (y[1], x[0], level), (y[1], x[0], corners[3])),
            ((y[1], x[0], level), (y[0], x[0], level)),
        ):
            self.rows.append(np.array((*stroke, BREAK), _F))


def to_and_fro(count: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of strokes and of the points along them (strokes, points); every second stroke goes back."""
    stroke, along = np.mgrid[1 : count + 1, 1 : length + 1]
    along[1::2] = along[1::2, ::-1].copy()
    return stroke, along


def mesh(size: int, step: int) -> tuple[int, int]:
    """Points of the mesh along one side, and the step between them."""
    count = int((size - 1) / step) + 1
    if count > MESH:
        step = size // MESH + 1
        count = int((size - 1) / step) + 1
    return max(count, 0), step
