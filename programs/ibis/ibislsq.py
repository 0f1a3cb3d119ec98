"""IBISLSQ: least squares fits of columns of a table, a fit for each run of equal control values.

Source: ``vos/p2/prog/ibislsq`` (Fortran). All single precision. Column numbers count the REAL columns only. Of each set as
many rows of the solution columns are filled as there are independent columns, the others stay zero; the solution of a
set shorter than that is overwritten by the next. What is printed behind a solution is left over from the heading.

known: a control column that is not REAL is compared by the bit patterns of its first bytes, as in the original; a control
value that is not a number makes a set of one row (the original never ends).
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import open_strictly, raw_reals
from vicar.ibis.errors import IbisError
from vicar.numerics import fortran
from vicar.numerics.leastsquares import NO_MESSAGE, in_order, llsq

FORTRAN = True
MOST_ROWS, MOST_IN_SET = 10000, 5000
NOTHING = np.float32(-999.0)


def main(task):
    task.if_message("IBISLSQ version 2-JAN-95")
    independent, dependent = task.integers("INDCOL"), task.integers("DEPCOL")
    residual_columns, solution_columns = (
        [] if task.defaulted(name) else task.integers(name) for name in ("RESCOL", "SOLCOL")
    )
    if residual_columns and len(residual_columns) != len(dependent):
        task.abend("NUMBER OF RESIDUAL COLS MUST EQUAL NUMBER OF DEP. COLS")
    if solution_columns and len(solution_columns) != len(dependent):
        task.abend("NUMBER OF SOLUTION COLS MUST EQUAL NUMBER OF DEP. COLS")
    with open_strictly(task, mode="UPDATE") as table:
        if table.nr > MOST_ROWS:
            task.abend("COLUNM LENGTH TOO LONG")
        control = control_values(task, table)
        reals = table.find("FORMAT:REAL")
        if not reals:
            raise IbisError("EMPTYGRP", "IBISColumnFind", table.name)
        values = {column: real_column(table, reals, column) for column in (*independent, *dependent)}
        x, y = (np.stack([values[c] for c in columns], axis=1) for columns in (independent, dependent))
        residuals = np.zeros_like(y)
        solutions = np.zeros((table.nr + len(independent), len(dependent)), np.float32)
        starts = np.flatnonzero(np.concatenate(([True], control[1:] != control[:-1])))[: table.nr]
        for number, (start, stop) in enumerate(zip(starts, [*starts[1:], table.nr], strict=True), 1):
            if stop - start > MOST_IN_SET:
                task.abend("SET LENGTH TOO LONG")
            solution, left = fit(task, x[start:stop], y[start:stop])
            residuals[start:stop] = left
            solutions[start : start + len(solution)] = solution
            if not task.keyword("NOPRINT"):
                show(task, number, solution)
        for columns, results in ((residual_columns, residuals), (solution_columns, solutions[: table.nr])):
            for place, column in enumerate(columns):
                if 0 < column <= len(reals):
                    table.write(reals[column - 1], results[:, place])


def control_values(task, table) -> np.ndarray:
    """The control column as the original reads it: four bytes a row, without conversion."""
    if task.defaulted("CONCOL"):
        return np.zeros(table.nr, np.float32)
    return raw_reals(table, task.integer("CONCOL"))


def real_column(table, reals: list[int], column: int) -> np.ndarray:
    if not 0 < column <= len(reals):
        return np.zeros(table.nr, np.float32)
    return table.read(reals[column - 1])


def fit(task, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Solution (independent, dependent) and residuals (rows, dependent) of a set."""
    rows, count = x.shape
    if rows < count:
        return np.full((count, y.shape[1]), NOTHING), np.zeros_like(y)
    solution, error = llsq(x, y, 1e-7)
    if error:
        if error == -2:
            task.message(NO_MESSAGE)
        task.message("MATRIX RANK TOO SMALL")
        return np.full((count, y.shape[1]), NOTHING), np.zeros_like(y)
    left = [in_order(np.vstack((y[None, :, k], -(x * solution[:, k]).T))) for k in range(y.shape[1])]
    return solution, np.stack(left, axis=1)


def show(task, number: int, solution: np.ndarray) -> None:
    line = fortran.edit("(A,I3)", " SOLUTION FOR SET: ", number, width=78)
    task.message(line)
    for row in solution:
        text = "".join(fortran.exponent(value, 12, 5) + "  " for value in row)
        line = (text + line[len(text) :])[:78]
        task.message(line)
    task.message(" ")
