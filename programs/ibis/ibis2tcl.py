"""IBIS2TCL: cells of a table into variables of the procedure. Source: ``vos/p2/prog/ibis2tcl`` (Fortran).

A cell is taken as VARTYPE says, whatever its column holds: the bytes of a REAL cell read as an integer are an integer.
A type wider than the cell keeps the rest of the cell read before it.

accepted: a cell wider than its type is cut; the original overwrites what lies behind it, such as the number of columns.

known: a text cell of an IBIS-2 table is taken from a text column only; the original takes the bytes of any.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import need_text, open_strictly
from vicar.ibis.formats import is_text
from vicar.numerics.rounding import nint

FORTRAN = True
DOUBLE, REAL, INTEGER, TEXT = -1, 0, 1, 2
KINDS = {DOUBLE: np.float64, REAL: np.float32, INTEGER: np.int32}


def main(task):
    task.if_message("IBIS2TCL version 2-FEB-00")
    places, kinds = task.integers("IBISLOC"), task.integers("VARTYPE")
    with open_strictly(task) as table:
        pairs = list(zip(places[::2], places[1::2], strict=False))
        if task.defaulted("IBISLOC"):
            pairs = [divmod(n, table.nc) for n in range(task.integer("VARCNT") or 0)]
            pairs = [(row + 1, column + 1) for row, column in pairs]
        held = {kind: bytearray(8) for kind in KINDS}
        for number, (row, column) in enumerate(pairs, 1):
            if not (1 <= row <= table.nr and 1 <= column <= table.nc):
                row, column = f"{row:5d}", f"{column:2d}"
                task.message(f" Location: ({row if len(row) < 6 else '*****'},{column if len(column) < 3 else '**'})"
                             "  (row,column) does not exist.")
                continue
            kind = kinds[number - 1] if number <= len(kinds) else REAL
            task.output(f"V{number}", cell(table, row, column, kind, held))
        task.output("VNCOL", table.nc)
        task.output("VCLEN", table.nr)


def cell(table, row: int, column: int, kind: int, held):
    if kind == TEXT:
        if table.old:
            table.set_format(column, "A4")
        need_text(table, column, "IBISColumnRead")
        return table.texts(column, row, 1)[0][:80].rstrip(" ")
    buffer = held[kind if kind in held else REAL]
    value = table.read(column, first=row, count=1)
    raw = value.tobytes() if not is_text(table.formats[column - 1]) else value[0]
    buffer[: min(len(raw), 8)] = raw[:8]
    number = np.frombuffer(bytes(buffer), KINDS.get(kind, np.float32), 1)[0]
    return int(nint(number)) if kind > TEXT else number
