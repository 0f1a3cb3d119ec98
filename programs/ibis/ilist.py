"""ILIST: rows of a table, a line for each cell with a label. Source: ``vos/p2/prog/ilist`` (C).

Cells are taken without conversion: a REAL cell is the lower half of a double, a HALF or BYTE cell the lower part of an
integer, whose other bytes are those of the cell before it.

accepted: these other bytes begin as zero; in the original as whatever its memory holds. Text of more than 50 characters
is printed; the original overwrites its variables.
"""

from __future__ import annotations

import struct

from programs.ibis._columns import format_of
from vicar.ibis.formats import is_text
from vicar.numerics.cformat import sprintf


def main(task):
    task.if_message("ilist version 2016-05-16")
    columns, labels = task.integers("COLS"), task.strings("LABELS")
    first, numbered = task.integer("SR"), task.keyword("PRNT_REC")
    with task.open_table() as table:
        real, whole = bytearray(8), bytearray(8)
        for row in range(first, first + min(task.integer("NR"), table.nr - first + 1)):
            if numbered:
                task.if_message(f"{'record number':>20} = {row}")
            for place, column in enumerate(columns):
                label = labels[place] if place < len(labels) else ""
                text = cell_text(table, column, row, real, whole)
                task.if_message(f"{label[:49]:>20} = {text}")


def cell_text(table, column: int, row: int, real: bytearray, whole: bytearray) -> str:
    form = format_of(table, column)
    if is_text(form):
        return table.texts(column, row, 1)[0]
    raw = table.read(column, first=row, count=1).tobytes()
    held = real if form[0] in "DR" else whole
    held[: len(raw)] = raw
    if held is real:
        return sprintf("%f", struct.unpack("<d", held)[0])
    return str(struct.unpack("<i", held[:4])[0])
