"""XYZPIC2: an image of the points of a graphics file. Source: ``vos/p2/prog/xyzpic2`` (C, 2016-06-09).

Kept: points are taken in the order of their lines, and the first one whose line is not a whole number of 1 or more, or lies
outside, ends the drawing. The sort exchanges rows, so which of two points on one pixel wins is the original's too.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.ibis.formats import is_text
from vicar.numerics.conversion import to_int32


def main(task):
    task.if_message("XYZPIC2 version 2016-06-09")
    nl, ns, kind = task.integer("NL"), task.integer("NS"), task.string("FORMAT")
    try:
        table = task.open_table("INP", 1)
    except VicarError:
        task.abend(
            "Error while opening input file - 2:\n"
            "Possible error: check to see if IBIS input file is IBIS-2 graphics(ROW) file."
        )
    if any(map(is_text, table.formats)):
        task.abend("Error while setting IBIS column formats.")
    if table.org != "ROW":
        task.abend("Input ibis file must be a graphics file (row-ordered).")
    if table.version != "IBIS-2":
        task.abend("Input ibis file must be IBIS-2 file.")
    task.primary(0)
    with table, task.create("OUT", nl=nl, ns=ns, format=kind, u_format="DOUB") as result:
        for number, name in enumerate(("1st", "2nd", "3rd"), start=1):
            if number > table.nc:
                task.abend(f"Error while reading {name} column of IBIS file.")
        lines, samples, values = (table.read(column, format="DOUB") for column in (1, 2, 3))
        order = selection_order(lines, samples)
        lines, samples, values = lines[order], samples[order], values[order]
        usable = (lines >= 1) & (lines <= nl) & (lines == np.floor(lines))
        count = len(lines) if usable.all() else int(usable.argmin())
        places = to_int32(samples[:count] - 0.5)
        picture = np.zeros((nl, ns))
        for line, place, value in zip(lines[:count].astype(int).tolist(), places.tolist(), values[:count].tolist()):
            if 0 <= place < ns:
                picture[line - 1, place] = value
        result.write_window(picture)


def selection_order(lines: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Rows in ascending order of ``lines``; equal ones as a selection sort by exchanges leaves them."""
    if len(np.unique(np.stack([lines, samples]), axis=1).T) == len(lines):
        return np.argsort(lines, kind="stable")
    order, keys = np.arange(len(lines)), lines.copy()
    for place in range(len(keys)):
        least = place + int(keys[place:].argmin())
        keys[[place, least]], order[[place, least]] = keys[[least, place]], order[[least, place]]
    return order
