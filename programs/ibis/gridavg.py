"""GRIDAVG: mean of several tie-point grids. Source: ``vos/p2/prog/gridavg`` (C, 2021-11-12).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._grids import read_columns, write_columns


def main(task):
    task.if_message("GRIDAVG version 2021-11-12")
    columns = task.integers("NEWCOLS") + task.integers("OLDCOLS")
    count = task.count("INP")
    first, sums = None, None
    for number in range(1, count + 1):
        new_line, new_sample, old_line, old_sample = read_columns(task, number, columns)
        if first is None:
            first = (new_line, new_sample)
            sums = [np.zeros(len(new_line)), np.zeros(len(new_line))]
        elif len(new_line) != len(first[0]):
            task.abend("input files of unequal length")
        elif (new_line != first[0]).any() or (new_sample != first[1]).any():
            task.abend("new part of grids not identical")
        sums = [sums[0] + old_line, sums[1] + old_sample]
    factor = 1.0 / float(count)
    write_columns(task, [*first, sums[0] * factor, sums[1] * factor])
