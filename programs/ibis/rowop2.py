"""ROWOP2: rows of a table whose key columns lie in ranges are deleted or selected. Source: ``vos/p2/prog/rowop2`` (C).

Keys and ranges are double precision; a row with a key that is no number is never inside.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import format_of, open_like
from vicar.ibis.formats import is_text


def main(task):
    task.if_message("rowop2 version 2015-12-16")
    keys, ranges, margin = task.integers("KEYCOL"), task.doubles("RANGE"), task.double("PREC")
    if len(ranges) != 2 * len(keys):
        task.abend("need two range values for each key column")
    with task.open_table() as table:
        inside = []
        for key, lower, upper in zip(keys, ranges[::2], ranges[1::2], strict=True):
            if not table.nr:
                break
            if is_text(format_of(table, key)):
                task.abend("cannot use alphabetic column in rowop")
            values = table.read(key, "DOUB")
            inside.append((lower - margin <= values) & (values <= upper + margin))
        kept = np.flatnonzero(chosen(task, inside)) if inside else np.zeros(0, int)
        with open_like(task, table, len(kept)) as target:
            for column in range(1, table.nc + 1):
                values = table.read(column, None if is_text(table.formats[column - 1]) else "DOUB")
                target.write(column, values[kept])
        task.printf(f"{table.nr} records in, {len(kept)} records out")


def chosen(task, inside) -> np.ndarray:
    if task.keyword("SELECT"):
        return np.all(inside, axis=0)
    return ~np.any(inside, axis=0) if task.keyword("DELETE") else np.any(inside, axis=0)
