"""MFD: one arithmetic or logical operation on the double-precision columns of a table.

Source: ``vos/p3/prog/mfd`` (Fortran). Columns are counted among those of format DOUB only, as the original opens them as a
group.

accepted: without such a column, or without the second column of SUB and DIV, the original dies.
known: a number beyond the last of them is a zero that is not kept (the original's buffer keeps what was put there).
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import open_strictly
from vicar.ibis.errors import IbisError

FORTRAN = True
COMPARISONS = {
    "EQ": np.equal, "NE": np.not_equal, "LE": np.less_equal, "LT": np.less, "GE": np.greater_equal, "GT": np.greater,
}  # fmt: skip
EACH = {"INT": np.trunc, "ABS": np.abs, "SQR": np.sqrt}


def main(task):
    task.if_message("*** mfd version 2017-08-09 ***")
    inputs, outputs = task.integers("INCOLS"), task.integers("OUTCOLS")
    table = open_strictly(task, "INP", mode="UPDATE")
    columns = table.find("FORMAT:DOUB")
    if not columns:
        raise IbisError("EMPTYGRP", "IBISRecordOpen", table.name)
    rows = Rows(table, columns)
    if table.nr:
        with np.errstate(all="ignore"):
            operate(task, task.string("FUNC"), rows, inputs, outputs)
        rows.store()
    table.close()


class Rows:
    """The columns by their number among the DOUB columns."""

    def __init__(self, table, columns: list[int]):
        self.table, self.columns = table, columns
        self.values = {n: table.read(column, "DOUB").astype(np.float64) for n, column in enumerate(columns, 1)}

    def __getitem__(self, number: int) -> np.ndarray:
        return self.values.get(number, np.zeros(self.table.nr))

    def __setitem__(self, number: int, values) -> None:
        self.values[number] = np.broadcast_to(np.asarray(values, np.float64), self.table.nr)

    def all(self) -> list[np.ndarray]:
        return [self[n] for n in range(1, self.table.nc + 1)]

    def store(self) -> None:
        for number, column in enumerate(self.columns, 1):
            self.table.write(column, self.values[number])


def operate(task, function: str, rows: Rows, inputs: list[int], outputs: list[int]) -> None:
    """Set the output columns one after the other; a later one sees what an earlier one was set to."""
    if function in EACH and len(inputs) != len(outputs):
        task.abend("INPUT/OUTPUT COLUMN COUNT MUST BE THE SAME")
    extreme = None
    if function in ("MIN", "MAX"):
        extreme = extreme_of(rows.all(), np.less if function == "MIN" else np.greater)
    for index, output in enumerate(outputs):
        if function in ("ADD", "MULT"):
            result = np.full(rows.table.nr, 0.0 if function == "ADD" else 1.0)
            for column in inputs:
                result = result + rows[column] if function == "ADD" else result * rows[column]
        elif function == "SUB":
            result = rows[inputs[0]] - rows[second(inputs)]
        elif function == "DIV":
            result = rows[inputs[0]] / rows[second(inputs)]
        elif function in EACH:
            result = EACH[function](rows[inputs[index]])
        elif extreme is not None:
            result = extreme
        elif function == "SET":
            result = task.double("VALUE")
        elif function == "INDEX":
            result = np.arange(1.0, rows.table.nr + 1)
        else:
            result = COMPARISONS[function](rows[inputs[0]], task.double("VALUE"))
        rows[output] = result


def extreme_of(columns: list[np.ndarray], beats) -> np.ndarray:
    """One column after the other; what is no number beats nothing, and stays where it comes first."""
    result = columns[0]
    for column in columns[1:]:
        result = np.where(beats(column, result), column, result)
    return result


def second(inputs: list[int]) -> int:
    """The second column, 0 (no column) if there is none."""
    return inputs[1] if len(inputs) > 1 else 0
