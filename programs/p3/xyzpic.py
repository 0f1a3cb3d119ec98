"""XYZPIC of the p3 library: an image of the points of a graphics file. Source: ``vos/p3/prog/xyzpic`` (Fortran, 02-JAN-95).

known: of several points on one pixel the last one in the file counts; the original's sort may leave another.
accepted: files of more than a hundred thousand points are drawn in one go.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import read_graphics
from vicar.numerics.rounding import nint

FORTRAN = True


def main(task):
    task.if_message("XYZPIC version 02-JAN-95")
    nl, ns = task.integer("NL"), task.integer("NS")
    picture = np.zeros((nl, ns), np.float32)
    with task.create("OUT", nl=nl, ns=ns, format=task.string("FORMAT"), u_format="REAL") as result:
        cells = read_graphics(task)
        line, sample = nint(cells[:, 0]), nint(cells[:, 1])
        filled = (cells != 0).any(axis=1) & (line >= 1) & (line <= nl) & (sample >= 1) & (sample <= ns)
        picture[line[filled] - 1, sample[filled] - 1] = cells[filled, 2]
        result.write_window(picture)
