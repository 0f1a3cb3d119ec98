"""Graphics files (GRAPHICS-1) as programs write them point by point. Source: ``vos/p1/sub/ibisgr`` (WRGR, PUTGR, CLGR)."""

from __future__ import annotations

import numpy as np

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
