"""GRIDGEN: a table of grid intersections, or an image of the grid. Source: ``vos/p2/prog/gridgen`` (Fortran, 1 July 1994).

known: nothing. accepted: images wider than 1200 samples, which overrun the original's buffers, are drawn.
"""

from __future__ import annotations

import numpy as np

from programs.graphics import _pgrid

FORTRAN = True
MOST_NUMBERS = 1200


def main(task):
    task.message("GRIDGEN version 1 July 1994")
    step, line, sample, rows, columns, grid_dn, back_dn = (
        task.integer(name, 0) for name in ("INC", "GSL", "GSS", "NROW", "NCOL", "DNGRID", "DNBACK")
    )
    if task.keyword("IMAGE"):
        image(task, step, line, sample, rows, columns, grid_dn, back_dn)
    else:
        table(task, step, line, sample, rows, columns)
    task.message("GRIDGEN task completed")


def table(task, step: int, line: int, sample: int, rows: int, columns: int) -> None:
    """Line and sample of each intersection, in one line of an image."""
    if 2 * rows * columns > MOST_NUMBERS:
        task.messages("***Too many grid intersections", "***Reduce NROW or NCOL")
        task.abend("***GRIDGEN task canceled")
    points = np.empty((rows, columns, 2), np.float32)
    points[:, :, 0] = (line + step * np.arange(rows))[:, None]
    points[:, :, 1] = sample + step * np.arange(columns)
    task.messages(*_pgrid.lines(points))
    with task.create("OUT", nl=1, ns=2 * rows * columns, format="REAL", u_format="REAL") as result:
        result.write(points.ravel())


def image(task, step, line, sample, rows, columns, grid_dn, back_dn) -> None:
    nl, ns = line + rows * step - step // 2, sample + columns * step - step // 2
    with task.create("OUT", nl=nl, ns=ns, format="BYTE") as result:
        picture = np.full((nl, ns), back_dn, np.uint8)
        if columns and step:
            picture[:, sample - 1 :: step][:, :columns] = grid_dn
        if step:
            picture[line - 1 :: step] = grid_dn
        result.write_window(picture)
