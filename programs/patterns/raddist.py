"""RADDIST: coordinates of a grid with radial distortion. Source: ``vos/p2/prog/raddist`` (Fortran, 1.15.97).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True


def main(task):
    task.message("RADDIST VERSION 1.15.97")
    rows, columns, step = task.integer("NROW"), task.integer("NCOL"), task.integer("INCR")
    constant, centre_line, centre_sample = task.real("CONSTANT"), task.real("CL"), task.real("CS")
    if rows * columns == 0:
        task.abend("GRID SIZE MUST BE GT ZERO")
    if rows * columns > 900:
        task.abend("NUMBER OF COORDINATES MUST NOT EXCEED 900")
    line, sample = np.meshgrid(
        (step * np.arange(1, rows + 1)).astype(np.float32), (step * np.arange(1, columns + 1)).astype(np.float32), indexing="ij"
    )  # fmt: skip
    down, across = line - centre_line, sample - centre_sample
    square = down * down + across * across
    moved = np.stack([line + down * constant * square, sample + across * constant * square], axis=-1)
    with task.create("OUT", nl=1, ns=2 * rows * columns, format="REAL", u_format="REAL") as result:
        result.write(moved.ravel())
        result.label.add("GRID_NROW", rows, task="", format="INT")
        result.label.add("GRID_NCOL", columns, task="", format="INT")
        result.label.add("CONSTANT", constant, task="", format="REAL")
