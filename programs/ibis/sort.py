"""SORT: the rows of a table in the order of one or more columns. Source: ``vos/p2/prog/sort`` (C).

Each further column orders the rows that are equal so far. The method is a heap sort, whose order of equal rows is kept:
it shows in the other columns. The index column gets the number of each distinct combination.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._heapsort import heap_order_within
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text


def main(task):
    task.if_message("sort version Wed Jan  2 2008")
    with task.open_table(mode="UPDATE") as table:
        order, classes = sorted_rows(table, task.integers("SORTCOL"))
        if not task.keyword("ASCEND"):
            order, classes = order[::-1], classes[::-1]
        index_column = task.integer("INDEXCOL")
        for column in range(1, table.nc + 1):
            text = is_text(table.formats[column - 1])
            if column == index_column and not text:
                table.write(column, classes.astype(np.float64))
            else:
                table.write(column, table.read(column, None if text else "DOUB")[order])


def sorted_rows(table, columns) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers from 0 in ascending order, and the class of each place, from 1."""
    order = np.arange(table.nr)
    classes = np.ones(table.nr, int)
    for column in columns:
        if not 0 < column <= table.nc:
            raise IbisError("NOSUCHCOL", "IBISColumnSet", table.name)
        text = is_text(table.formats[column - 1])
        keys = table.read(column, None if text else "DOUB")[order]
        if text:
            keys = np.unique(keys, return_inverse=True)[1]
        edges = np.flatnonzero(np.concatenate(([True], classes[1:] != classes[:-1], [True])))
        moved = heap_order_within(keys, edges)
        order, keys = order[moved], keys[moved]
        new = (keys[1:] != keys[:-1]) | (classes[1:] != classes[:-1])
        classes = np.cumsum(np.concatenate(([1], new)))[: table.nr]
    return order, classes
