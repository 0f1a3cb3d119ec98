"""ILIST: rows of a table, a line for each cell with a label. Source: ``vos/p2/prog/ilist`` (C).

Cells are taken without conversion: a REAL cell is the lower half of a double, a HALF or BYTE cell the lower part of an
integer, whose other bytes are those of the cell before it.

accepted: these other bytes begin as zero; in the original as whatever its memory holds. Text of more than 50 characters
is printed; the original overwrites its variables.
"""

from __future__ import annotations

import math
import struct

from programs.ibis._columns import format_of
from vicar.ibis.formats import is_text
from vicar.numerics.cformat import sprintf

_REAL, _WHOLE = struct.Struct("<d"), struct.Struct("<i")


def main(task):
    task.if_message("ilist version 2016-05-16")
    columns, labels = task.integers("COLS"), task.strings("LABELS")
    first, numbered = task.integer("SR"), task.keyword("PRNT_REC")
    with task.open_table() as table:
        rows = range(first, first + min(task.integer("NR"), table.nr - first + 1))
        cells: dict[int, Cells] = {}
        real, whole = bytearray(8), bytearray(8)
        for row in rows:
            if numbered:
                task.if_message(f"{'record number':>20} = {row}")
            for place, column in enumerate(columns):
                label = labels[place] if place < len(labels) else ""
                if column not in cells:
                    cells[column] = Cells(table, column, rows)
                task.if_message(f"{label[:49]:>20} = {cells[column].text(row, real, whole)}")


class Cells:
    """The cells of a column in some rows; rows below 1 are the first one."""

    def __init__(self, table, column: int, rows: range):
        self.form, self.start = format_of(table, column), max(rows[0], 1)
        wanted = max(rows[-1], 1) - self.start + 1
        if is_text(self.form):
            self.texts = table.texts(column, self.start, wanted)
        else:
            values = table.read(column, first=self.start, count=wanted)
            self.size, self.data = values.dtype.itemsize, values.tobytes()

    def text(self, row: int, real: bytearray, whole: bytearray) -> str:
        place = max(row, 1) - self.start
        if is_text(self.form):
            return self.texts[place]
        held = real if self.form[0] in "DR" else whole
        held[: self.size] = self.data[place * self.size : (place + 1) * self.size]
        if held is whole:
            return str(_WHOLE.unpack_from(held)[0])
        value = _REAL.unpack(held)[0]
        return f"{value:f}" if math.isfinite(value) else sprintf("%f", value)
