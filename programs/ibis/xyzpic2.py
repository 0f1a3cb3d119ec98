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

PIXELS_AT_ONCE = 1 << 20


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
    try:
        result = task.create("OUT", nl=nl, ns=ns, format=kind, u_format="DOUB")
    except VicarError:
        task.abend("Error while opening output file - 2")
    with table, result:
        for number, name in enumerate(("1st", "2nd", "3rd"), start=1):
            if number > table.nc:
                task.abend(f"Error while reading {name} column of IBIS file.")
        lines, samples, values = (table.read(column, format="DOUB") for column in (1, 2, 3))
        places = to_int32(samples - 0.5)
        order = selection_order(lines, places)
        lines, places, values = lines[order], places[order], values[order]
        usable = (lines >= 1) & (lines <= nl) & (lines == np.floor(lines))
        count = len(lines) if usable.all() else int(usable.argmin())
        lines, places, values = lines[:count].astype(int) - 1, places[:count], values[:count]
        seen = (places >= 0) & (places < ns)
        lines, places, values = lines[seen], places[seen], values[seen]
        block = max(1, PIXELS_AT_ONCE // max(ns, 1))
        for start in range(0, nl, block):
            picture = np.zeros((min(block, nl - start), ns))
            here = slice(*np.searchsorted(lines, (start, start + len(picture))))
            picture[lines[here] - start, places[here]] = values[here]  # the last of those on one pixel
            result.write_window(picture, start + 1)


def selection_order(lines: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Rows in ascending order of ``lines``, those of one pixel as a selection sort by exchanges leaves them, NaN where it is."""
    numbers = not np.isnan(lines).any()
    if numbers and len(np.unique(np.stack([lines, places]), axis=1).T) == len(lines):
        return np.argsort(lines, kind="stable")
    order, keys = np.arange(len(lines)), np.where(np.isnan(lines), np.inf, lines)
    for place in range(len(keys)):
        if numbers or not np.isnan(lines[order[place]]):
            least = place + int(keys[place:].argmin())
            keys[[place, least]], order[[place, least]] = keys[[least, place]], order[[least, place]]
    return order
