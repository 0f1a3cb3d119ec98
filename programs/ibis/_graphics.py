"""Graphics files (GRAPHICS-1) as programs write them point by point. Source: ``vos/p1/sub/ibisgr`` (WRGR, PUTGR, CLGR)."""

from __future__ import annotations

import numpy as np


def write_graphics(task, cells: np.ndarray, name: str = "OUT", instance: int = 1) -> None:
    """A new graphics file of single-precision rows (rows, dimension)."""
    rows, columns = cells.shape
    with task.create_table(name, instance, nr=rows, nc=columns, org="ROW", version=1) as table:
        for column in range(columns):
            table.write(column + 1, cells[:, column])
