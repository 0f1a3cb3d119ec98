"""CONCOMPI: numbers the connected regions of an image that touch marked pixels of another. Source: ``vos/p2/prog/concompi``
(C, 2016-01-13).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.transforms import _components

MOST = 800000


def main(task):
    task.if_message("concompi version 2016-01-13")
    with task.open("INP", 1, u_format="FULL") as source, task.open("INP", 2, u_format="BYTE") as marks:
        if (marks.nl, marks.ns) != (source.nl, source.ns):
            task.abend("input images must be same (nl,ns)")
        start = task.integer("STARTCMP")
        part = _components.read_window(task, source)
        edge = task.keyword("ZEDGE")
        with _components.create(task, 2, part) as result:
            found = _components.scan([source, marks], part, edge, MOST, result)
            if isinstance(found, int):
                task.if_message(f"line {found} nregion {MOST + 1}")
                task.abend("too many regions")
        numbers, marked, highest = _components.final_numbers(found, edge, task.integer("THRESH"))
        task.if_message(f"{found.count} preliminary, {highest} final regions")
        _components.write(task, found, part, np.where((numbers != 0) & marked[numbers], numbers + np.int32(start - 1), 0))
    task.output("LASTCMP", highest + start - 1)
