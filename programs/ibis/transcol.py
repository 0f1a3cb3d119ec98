"""TRANSCOL: data of one column spread over several by an index, or several columns interleaved into one.

Source: ``vos/p2/prog/transcol`` (Fortran). All goes through single precision; the new table is all REAL and as wide as
the greatest TOCOL (or NCOL, DATACOL). NULL is not used.

known: when several columns are interleaved a source column that is not REAL and lies behind them is copied byte for byte
here as REAL; the original sets the formats of the first columns instead and takes the bytes of the cells as they are.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import create_strictly, numbers, open_strictly, raw_reals

FORTRAN = True


def main(task):
    task.if_message("TRANSCOL version 05-SEP-94")
    if task.defaulted("DATACOL"):  # XVP gives a defaulted parameter no values
        task.abend("DATA KEYWORD ABSENT - PROGRAM TERMINATED")
    data, index = task.integer("DATACOL"), task.integer("INDEXCOL")
    values, targets, sources = task.integers("VALUES"), task.integers("TOCOL"), task.integers("FROMCOL")
    columns = task.integer("NCOL")
    given = {name: not task.defaulted(name) and task.integer(name) != 0
             for name in ("INDEXCOL", "VALUES", "TOCOL", "FROMCOL", "NCOL")}  # fmt: skip
    spreading = [given["INDEXCOL"], given["VALUES"], given["TOCOL"]]
    joining = [given["FROMCOL"], given["NCOL"]]
    if all(joining) and not any(spreading):
        join(task, data, columns, sources)
    elif all(spreading) and not any(joining):
        spread(task, data, index, values, targets)
    else:
        task.abend("BAD COMBINATION OF PARAMETERS")


def spread(task, data: int, index: int, values, targets) -> None:
    with open_strictly(task) as table:
        width = max(targets)
        with create_strictly(task, nr=table.nr, nc=width, org="COLUMN") as result:
            converted = set(range(1, width + 1)) - set(targets)
            for column in sorted(converted):
                result.write(column, numbers(table, column, "REAL"))
            marks = numbers(table, index, "HALF")
            if data == index:
                source = raw_half(marks, table.nr)
            else:
                source = table.read(data, "REAL") if data in converted else raw_reals(table, data)
            for value, target in zip(values + [0] * len(targets), targets, strict=False):
                result.write(target, np.where(marks == value, source, np.float32(0)))


def raw_half(marks: np.ndarray, rows: int) -> np.ndarray:
    """Two-byte cells where four-byte ones are expected: the second half stays zero."""
    return np.frombuffer(marks.tobytes().ljust(4 * rows, b"\0"), np.float32)


def join(task, data: int, columns: int, sources) -> None:
    each = len(sources)
    with open_strictly(task) as table:
        with create_strictly(task, nr=table.nr * each, nc=max(columns, data), org="COLUMN") as result:
            cells = []
            converted: set[int] = set()
            for place, column in enumerate(sources, 1):
                numbers(table, place, "REAL")
                converted.add(place)
                cells.append(table.read(column, "REAL") if column in converted else raw_reals(table, column))
            result.write(data, np.stack(cells, axis=1).ravel())
            for column in range(1, columns + 1):
                if column != data:
                    result.write(column, np.repeat(numbers(table, column, "REAL"), each))
