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
        found = _components.scan(_components.read_part(source, part), _components.read_part(marks, part), edge, MOST)
        if isinstance(found, int):
            task.if_message(f"line {found} nregion {MOST + 1}")
            task.abend("too many regions")
        _components.write(task, 2, found.pixels)
        numbers, marked, highest = _components.final_numbers(found, edge, task.integer("THRESH"))
        task.if_message(f"{found.count} preliminary, {highest} final regions")
        values = numbers[found.pixels]
        _components.write(task, 1, np.where((values == 0) | ~marked[values], 0, values + (start - 1)).astype(np.int32))
    task.output("LASTCMP", highest + start - 1)
