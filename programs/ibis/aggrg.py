"""AGGRG: columns of a table become the sums over runs of equal control values. Source: ``vos/p2/prog/aggrg`` (C).

The control value of a run is kept as an integer: a row whose control value has a fraction always ends its run.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import format_of, group_sums, need_number, numbers, put_numbers
from vicar.ibis.formats import is_text
from vicar.numerics.rounding import truncate


def main(task):
    task.if_message("AGGRG version 2019-08-07")
    control, index_column = task.integer("AGCOL"), task.integer("INDEXCOL")
    columns, targets = task.integers("SUMCOL"), task.integers("TOCOL")
    if targets and targets[0] == 0:
        targets = []
    with task.open_table(mode="UPDATE") as table:
        starts = run_starts(table, control)
        lengths = np.diff(np.append(starts, table.nr))
        for number, column in enumerate(columns):
            if is_text(format_of(table, column)):
                task.abend("Can't sum an alpha column")
            sums = np.repeat(group_sums(numbers(table, column), starts), lengths)
            put_numbers(table, targets[number] if number < len(targets) else column, sums)
        if index_column and index_column > 0:
            need_number(table, index_column)
            table.write(index_column, np.repeat(np.arange(1, len(starts) + 1, dtype=np.int32), lengths))


def run_starts(table, control: int) -> np.ndarray:
    if is_text(format_of(table, control)):
        values = table.read(control)
        breaks = values[1:] != values[:-1]
    else:
        values = table.read(control, "DOUB")
        breaks = values[1:] != truncate(values[:-1])
    return np.flatnonzero(np.concatenate(([True], breaks)))[: table.nr]
