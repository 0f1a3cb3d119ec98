"""IBISLSQ2: least squares fits of columns of a table, a fit for each run of equal control values.

Source: ``vos/p2/prog/ibislsq2`` (C). Double precision; a fit whose solution is all zeros counts as none.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import numbers, put_numbers
from vicar.numerics.cformat import sprintf
from vicar.numerics.leastsquares import in_order, lsqfit

NOTHING = -999.0


def main(task):
    task.if_message("IBISLSQ2 version 2019-09-05")
    columns, targets = task.integers("INDCOL"), task.integers("COEFFCOL")
    residual_column, control_column = task.integer("RESCOL"), task.integer("CONCOL")
    if len(columns) != len(targets) and not task.defaulted("COEFFCOL"):
        task.abend("Count for parameter COEFFCOL wrong")
    with task.open_table(mode="UPDATE") as table:
        x = np.stack([numbers(table, column) for column in columns], axis=1)
        y = numbers(table, task.integer("DEPCOL"))
        control = np.ones(table.nr, np.float32)
        if control_column > 0:
            control = numbers(table, control_column, "REAL")
        coefficients, residuals, solution = np.zeros_like(x), np.zeros(table.nr), np.zeros(len(columns))
        starts = np.flatnonzero(np.concatenate(([True], control[1:] != control[:-1])))[: table.nr]
        for start, stop in zip(starts, [*starts[1:], table.nr], strict=True):
            solution, error = lsqfit(x[start:stop], y[start:stop], 1e-7, solution)
            shown = np.full(len(columns), NOTHING) if error else solution
            if not task.keyword("NOPRINT"):
                show(task, control[start], columns, shown)
            coefficients[start:stop] = shown
            if not error:
                terms = (solution * x[start:stop]).T
                residuals[start:stop] = y[start:stop] - in_order(np.vstack((np.zeros((1, stop - start)), terms)))
        if targets[0] != 0:
            for place, target in enumerate(targets):
                put_numbers(table, target, coefficients[:, place])
        if residual_column != 0:
            put_numbers(table, residual_column, residuals)


def show(task, control, columns, solution) -> None:
    task.if_message("seq  concol  datcol    solution coefficient")
    for place, (column, value) in enumerate(zip(columns, solution, strict=True), 1):
        task.if_message(sprintf("%3d %7.2f %7d %24.10f", place, control, column, value))
    task.if_message("")
