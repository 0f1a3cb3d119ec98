"""AGGRG2: one row for each run of equal control values. Source: ``vos/p2/prog/aggrg2`` (C).

A column becomes the maximum of the run, its sum (SUMCOL), or its value where the area column is greatest (BYAR).
Of a text area column the last text beyond the first of the run counts, not the greatest.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import format_of, group_sums, open_like
from vicar.ibis.formats import is_text


def main(task):
    task.if_message("AGGRG2 version 2019-08-07")
    summed, picked = task.integers("SUMCOL"), task.integers("BYAR")
    with task.open_table() as table:
        control = key_column(table, task.integer("AGCOL"))
        area = key_column(table, task.integer("AREA"))
        starts = np.flatnonzero(np.concatenate(([True], control[1:] != control[:-1])))[: table.nr]
        best = largest_rows(area, starts)
        with open_like(task, table, len(starts)) as target:
            for column in range(1, table.nc + 1):
                text = is_text(table.formats[column - 1])
                values = table.read(column, None if text else "DOUB")
                if column in picked:
                    result = values[best]
                elif column in summed:
                    if text:
                        task.abend("Can't sum an alpha column")
                    result = group_sums(values, starts)
                else:
                    result = text_maxima(values, starts) if text else maxima(values, starts)
                target.write(column, result)
        task.message(f"{table.nr} records in, {len(starts)} records out")


def key_column(table, column: int) -> np.ndarray:
    return table.read(column, None if is_text(format_of(table, column)) else "DOUB")


def runs(values, starts) -> list[np.ndarray]:
    return np.split(values, starts[1:]) if len(starts) else []


def largest_rows(area, starts) -> np.ndarray:
    """Row of each run where the area is greatest: the first of equals."""
    rows = []
    for start, run in zip(starts.tolist(), runs(area, starts), strict=True):
        if area.dtype.kind == "S":
            beyond = np.flatnonzero(run > run[0])
            rows.append(start + (beyond[-1] if len(beyond) else 0))
        else:
            rows.append(start + int(np.argmax(run)))
    return np.array(rows, int)


def maxima(values, starts) -> np.ndarray:
    return np.maximum.reduceat(values, starts) if len(starts) else values[:0]


def text_maxima(values, starts) -> np.ndarray:
    return np.array([max(run.tolist()) for run in runs(values, starts)], dtype=values.dtype)
