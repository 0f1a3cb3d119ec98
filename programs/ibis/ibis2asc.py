"""IBIS2ASC: columns of a table as a text file. Source: ``vos/p2/prog/ibis2asc`` (C).

Of SEP the first character counts. Numbers near PENUPVAL become blanks.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import need_number
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text
from vicar.numerics.cformat import sprintf

# first letter of the format -> conversion and width
LAYOUTS = {"D": ("%19.12e", 19), "R": ("%15.8e", 15), "F": ("%11.0f", 11)}
SHORT = ("%6.0f", 6)


def main(task):
    task.if_message("IBIS2ASC version 2019-09-05")
    separator = (task.string("SEP") or "")[:1]
    with task.open_table() as table:
        first = task.integer("SR") or 1
        rows = task.integer("NR") or table.nr - first + 1
        if rows < 0:
            task.abend("malloc failed")
        fields = [column_texts(task, table, column, first, rows) for column in task.integers("COLS")]
    with open(task.directory / task.string("OUT"), "w", encoding="latin-1", newline="") as result:
        for cells in zip(*fields, strict=True):
            result.write("".join(cell + separator for cell in cells) + "\n")


def column_texts(task, table, column: int, first: int, rows: int) -> list[str]:
    """The cells of a column as they are printed."""
    if not 0 < column <= table.nc:
        raise IbisError("NOSUCHCOL", "IBISColumnSet", table.name)
    form = table.formats[column - 1]
    if is_text(form):
        texts = table.texts(column, first, rows)
        return [f'"{text}"' for text in texts] if task.keyword("QUOTE") else texts
    need_number(table, column)
    values = table.read(column, "DOUB", first, rows)
    layout, width = LAYOUTS.get(form[0], SHORT)
    blank = near_pen_up(values, task.double("PENUPVAL"))
    finite = np.isfinite(values).all()
    texts = [layout % v for v in values.tolist()] if finite else [sprintf(layout, v) for v in values.tolist()]
    for place in np.flatnonzero(blank).tolist():
        texts[place] = " " * width
    return texts


def near_pen_up(values: np.ndarray, pen_up: float) -> np.ndarray:
    margin = 0.0001 if abs(pen_up) < 0.1 else abs(0.001 * pen_up)
    return np.abs(values - pen_up) < margin
