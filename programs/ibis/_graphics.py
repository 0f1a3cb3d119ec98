"""Graphics files (GRAPHICS-1) as programs write them point by point. Source: ``vos/p1/sub/ibisgr`` (WRGR, PUTGR, CLGR)."""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import open_strictly
from vicar.ibis.errors import IbisError

START = 128  # rows of the file before the first point; shows in N2 of the label


def write_graphics(task, cells: np.ndarray, name: str = "OUT", instance: int = 1) -> None:
    """A new graphics file of single-precision rows (rows, dimension)."""
    rows, columns = cells.shape
    with task.create_table(name, instance, nr=START, nc=columns, org="ROW", version=1) as table:
        label = table.image.label
        table.flush()
        label.delete("TYPE")
        label.add("TYPE", "GRAPH1", format="STRING")
        table.set_length(rows)
        for column in range(columns):
            table.write(column + 1, cells[:, column])


def read_graphics(task, name: str = "INP", instance: int = 1, columns: int = 3, strictly: bool = False) -> np.ndarray:
    """All rows of a graphics file, float32 (rows, columns). ``strictly`` after XVEACTION('SA'). Source: RDGR, GETGR."""
    opened = open_strictly if strictly else type(task).open_table
    with opened(task, name, instance, nc=columns) as table:
        if table.nc < columns:
            raise IbisError("NOSUCHCOL", "IBISColumnFind", table.name)
        return np.stack([table.read(column, format="REAL") for column in range(1, columns + 1)], axis=1)


def lines_of(cells: np.ndarray) -> list[np.ndarray]:
    """The sets of rows between rows of zeros (NEXTGR)."""
    filled = np.flatnonzero((cells != 0).any(axis=1))
    if not len(filled):
        return []
    breaks = np.flatnonzero(np.diff(filled) > 1) + 1
    return [cells[part[0] : part[-1] + 1] for part in np.split(filled, breaks)]
