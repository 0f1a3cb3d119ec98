"""XYZPIC: an image of the points of a graphics file. Source: ``vos/p2/prog/xyzpic`` (Fortran, 13-DEC-96).

Kept: only the lines are sorted, samples and values stay in the order of the file, so points that do not come in the order of
their lines are drawn in wrong places.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import read_graphics
from vicar.numerics.rounding import nint

FORTRAN = True
POINTS_AT_ONCE = 1999999


def main(task):
    task.if_message("XYZPIC version 13-DEC-96")
    nl, ns = task.integer("NL"), task.integer("NS")
    with task.create("OUT", nl=nl, ns=ns, format=task.string("FORMAT"), u_format="REAL") as result:
        picture = np.zeros((result.nl, result.ns), np.float32)
        for line in range(1, nl + 1):
            result.write(picture[0], line=line)
        cells = read_graphics(task)
        line, sample = nint(cells[:, 0]), nint(cells[:, 1])
        filled = (cells != 0).any(axis=1) & (line >= 1) & (line <= nl) & (sample >= 1) & (sample <= ns)
        line, sample, value = line[filled], sample[filled], cells[filled, 2]
        for first in range(0, len(line), POINTS_AT_ONCE):
            part = slice(first, first + POINTS_AT_ONCE)
            picture[np.sort(line[part]) - 1, sample[part] - 1] = value[part]
        result.write_window(picture)
