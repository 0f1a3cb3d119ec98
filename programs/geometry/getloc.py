"""GETLOC: part of the 27 x 27 grid intersections of a theodolite file. Source: ``vos/p2/prog/getloc`` (Fortran).

The file is one line of pairs of REAL; a part that reaches over the right edge goes on in the next row of the grid.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
SIDE = 27


def main(task):
    task.if_message("GETLOC version 31-OCT-94")
    row, column, rows, columns = (task.integer(name) for name in ("SR", "SC", "NR", "NC"))
    with task.open("INP") as image:
        with task.create("OUT", nl=1, ns=2 * rows * columns, format="REAL", u_format="REAL") as result:
            data = image.read().tobytes()[: 8 * SIDE * SIDE].ljust(8 * SIDE * 2 * SIDE, b"\0")
            grid = np.frombuffer(data, np.float32).reshape(-1, 2)
            starts = (row - 1 + np.arange(rows)) * SIDE + column - 1
            result.write(np.concatenate([grid[start : start + columns].ravel() for start in starts.tolist()]))
