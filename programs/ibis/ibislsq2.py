"""IBISLSQ2: least squares fits of columns of a table, a fit for each run of equal control values.

Source: ``vos/p2/prog/ibislsq2`` (C). Double precision; a fit whose solution is all zeros counts as none.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import numbers, put_numbers
from vicar.numerics.cformat import sprintf
from vicar.numerics.leastsquares import in_order
from vicar.numerics.lsqfit import fit_runs

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
        starts = np.flatnonzero(np.concatenate(([True], control[1:] != control[:-1])))[: table.nr]
        solutions, errors = fit_runs(x.T, y, starts, 1e-7, np.zeros(len(columns)))
        shown = np.where(errors[:, None] == 0, solutions, NOTHING)
        if not task.keyword("NOPRINT"):
            for run, start in enumerate(starts.tolist()):
                show(task, control[start], columns, shown[run])
        which = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, table.nr)))
        coefficients = shown[which]
        modelled = in_order(np.vstack((np.zeros((1, table.nr)), (solutions[which] * x).T)))
        residuals = np.where(errors[which] == 0, y - modelled, 0.0)
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
