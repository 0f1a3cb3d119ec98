"""ROWOP: rows of a table whose key columns lie in ranges are deleted or selected, and copied n times.

Source: ``vos/p2/prog/rowop`` (Fortran). Keys are single precision unless some column is DOUB; the ranges always are.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import need_number, need_record, numbers, open_like
from vicar.errors import VicarError
from vicar.ibis.errors import ReportedError

FORTRAN = True


def main(task):
    keys, ranges = task.integers("KEYCOL"), task.reals("RANGE")
    copies, index_column = (task.integers("NCOPY") + [0])[:2]
    with task.open_table(nc=task.integer("GR1DIM")) as table:
        kind = "DOUB" if "DOUB" in table.formats else "REAL"
        need_record(table, keys)
        if 2 * len(keys) != len(ranges):
            task.abend("The number of ranges must equal the number of key columns.")
        kept = wanted_rows(task, table, keys, ranges, kind)
        copy_rows(task, table, kept, copies, index_column)


def wanted_rows(task, table, keys, ranges, kind) -> np.ndarray:
    """Row numbers from 0 that go to the output."""
    margin = task.real("PREC")
    inside = []
    for key, lower, upper in zip(keys, ranges[::2] - margin, ranges[1::2] + margin, strict=True):
        values = numbers(table, key, kind, "IBISRecordOpen")
        inside.append((values >= lower) & (values <= upper))
    if task.keyword("DELETE"):
        return np.flatnonzero(~np.any(inside, axis=0))
    if task.keyword("SELECT"):
        return np.flatnonzero(np.all(inside, axis=0))
    return np.flatnonzero(np.any(inside, axis=0))


def copy_rows(task, table, kept, copies: int, index_column: int) -> None:
    count = copies * len(kept)
    if count < 0:
        file = task.file_name("OUT")
        raise ReportedError(VicarError("BADSAMP", "XVWRITE", file, line=1), "IBISColumnWrite")
    copies = max(copies, 0)
    with open_like(task, table, count, org=table.org) as target:
        for column in range(1, table.nc + 1):
            if column == index_column:
                need_number(target, column)
                values = np.repeat(np.arange(1, copies + 1, dtype=np.int32), len(kept))
            else:
                values = np.tile(table.read(column)[kept], copies)
            target.write(column, values)
