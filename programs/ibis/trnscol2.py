"""TRNSCOL2: data of one column spread over several by an index, or several columns interleaved into one.

Source: ``vos/p2/prog/trnscol2`` (C). All goes through single precision; the new table is all REAL.

accepted: NCOL together with TOCOL always ends the program; the original compares it with a number it has not read yet.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import numbers


def main(task):
    task.if_message("trnscol2 version Fri Dec 28 2007")
    values, targets, sources = task.integers("VALUES"), task.integers("TOCOL"), task.integers("FROMCOL")
    if len(values) != len(targets):
        task.abend("data values should equal destination cols")
    if sources[0] > 0:
        interleave(task, values, targets, sources)
    else:
        spread(task, values, targets)


def new_table(task, rows: int, columns: int):
    return task.create_table(nr=rows, nc=columns, org="COLUMN", default_format="REAL")


def spread(task, values, targets) -> None:
    if task.integer("NCOL") > 0:
        task.abend("can't change ncol for this case")
    with task.open_table() as table:
        data = numbers(table, task.integer("DATACOL"))
        index = numbers(table, task.integer("INDEXCOL"), "FULL")
        wanted = dict(zip(targets, values, strict=True))
        with new_table(task, table.nr, table.nc) as result, np.errstate(over="ignore"):
            for column in range(1, table.nc + 1):
                if column in wanted:
                    cells = np.where(index == wanted[column], data, task.double("NULL")).astype(np.float32)
                else:
                    cells = numbers(table, column, "REAL")
                result.write(column, cells)


def interleave(task, values, targets, sources) -> None:
    for given, name in ((task.integer("INDEXCOL"), "indexcol"), (values[0], "values"), (targets[0], "tocol")):
        if given != 0:
            task.abend(f"don't allow {name} for fromcol case")
    with task.open_table() as table:
        columns, each = max(task.integer("NCOL"), table.nc), len(sources)
        data = np.zeros((table.nr, each), np.float32)
        taken = 0
        with new_table(task, table.nr * each, columns) as result, np.errstate(over="ignore"):
            for column in range(1, columns + 1):
                cells = numbers(table, column) if column <= table.nc else np.zeros(table.nr)
                if column in sources:
                    data[:, taken] = cells
                    taken += 1
                stretched = data.ravel() if column == task.integer("DATACOL") else np.repeat(cells, each)
                result.write(column, stretched.astype(np.float32))
