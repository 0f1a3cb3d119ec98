"""COMPJECT: puts a column of a table into an image of component numbers. Source: ``vos/p2/prog/compject`` (C, 2015-10-23).

Kept: the lines and samples read are always the first ones, whatever SL and SS say.
accepted: component numbers outside 0..799999 are no components; the original dies of them.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import numbers
from vicar.image.sweep import line_blocks
from vicar.numerics.rounding import truncate

MOST = 800000


def main(task):
    task.if_message("compject version 2015-10-23")
    columns = task.integers("COLS")
    if len(columns) != 2:
        task.abend("requires two columns")
    lookup = read_lookup(task, columns)
    with task.open("INP", 1, u_format="FULL") as source:
        nl, ns = task.integer("NL"), task.integer("NS")
        nl, ns = nl if nl >= 1 else source.nl, ns if ns >= 1 else source.ns
        for name in ("SL", "SS"):
            if task.integer(name) < 1:
                task.abend(f"parameter {name.lower()} < 1")
        for name, value, most in (("nl", nl, source.nl), ("ns", ns, source.ns)):
            if value > most:
                task.abend(f"parameter {name} larger than image")
        with task.create("OUT", nl=nl, ns=ns, u_format="FULL", format=task.string("FORMAT")) as result:
            for done, pixels in line_blocks(source, 1, 1, nl, ns, band=None):
                values = lookup.take(pixels, mode="clip")  # numbers behind the table take its last entry
                values[pixels < 0] = lookup[-1]
                result.write_window(values, done + 1)


def read_lookup(task, columns: list[int]) -> np.ndarray:
    """Value of each component number from 0, int32; the last entry is that of all others."""
    lookup = np.full(MOST + 1, task.integer("BACKGRND"), np.int32)
    with task.open_table("INP", 2) as table:
        if table.nc < max(columns):
            task.abend("column number exceeds last file column")
        components, values = numbers(table, columns[0], "FULL"), numbers(table, columns[1], "REAL")
    inside = (components >= 0) & (components < MOST)
    lookup[components[inside]] = truncate(values[inside].astype(np.float64) + 0.5)
    return lookup
