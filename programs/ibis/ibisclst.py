"""IBISCLST: the largest cluster of points, for each value of a control column. Source: ``vos/p2/prog/ibisclst`` (C).

Points nearer than THRESH are neighbours. The cluster begins at the point with the most neighbours counted through later
rows (with repetition, in 32 bits) and takes what is reached going down the rows.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import need_number
from vicar.numerics import libm
from vicar.numerics.rounding import wrap_int32


def main(task):
    task.if_message("ibisclst version 2017-08-08")
    with task.open_table(mode="UPDATE") as table:
        control = task.integer("CONCOL", 0)
        if control > 0:
            groups = control_groups(column_values(task, table, control))
        else:
            groups = [np.arange(table.nr)]
        values = np.array([column_values(task, table, column) for column in task.integers("COLS")])
        column, marks = task.integer("OUTCOL"), np.zeros(table.nr)
        for rows in groups:
            marks[rows] = largest_cluster(values[:, rows], task.double("THRESH"))
        column_values(task, table, column)
        table.write(column, marks)


def column_values(task, table, column: int) -> np.ndarray:
    """A numeric column; BYTE is signed."""
    if not 0 < column <= table.nc or table.formats[column - 1][0] in "AC":
        task.abend()
    need_number(table, column)
    values = table.read(column)
    return (values.view(np.int8) if values.dtype == np.uint8 else values).astype(float)


def control_groups(values: np.ndarray) -> list[np.ndarray]:
    return [np.flatnonzero(values == value) for value in dict.fromkeys(values.tolist())]


def neighbours(values: np.ndarray, row: int, threshold: float) -> np.ndarray:
    """Which of the rows behind ``row`` are near."""
    total = np.zeros(values.shape[1] - row - 1)
    for coordinate in values:
        difference = coordinate[row] - coordinate[row + 1 :]
        total = total + difference * difference
    return libm.pow(total, 0.5) < threshold


def largest_cluster(values: np.ndarray, threshold: float) -> np.ndarray:
    """True for each point of the cluster."""
    count = values.shape[1]
    reach = np.zeros(count, np.int64)
    for row in range(count - 1, -1, -1):
        reach[row] = wrap_int32(int((reach[row + 1 :] + 1)[neighbours(values, row, threshold)].sum()))
    inside = np.zeros(count, bool)
    if count:
        root = int(np.argmax(reach))
        inside[root] = True
        for row in range(root, count):
            if inside[row]:
                inside[row + 1 :] |= neighbours(values, row, threshold)
    return inside
