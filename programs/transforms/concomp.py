"""CONCOMP: numbers the connected regions of an image. Source: ``vos/p2/prog/concomp`` (C, Jul 3 2014).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.transforms import _components

MOST = 20000000


def main(task):
    task.if_message("concomp version Thu Jul  3 2014")
    with task.open("INP", 1, u_format="FULL") as source:
        start = task.integer("STARTCMP")
        part = _components.read_window(task, source)
        edge = task.keyword("ZEDGE")
        with _components.create(task, 2, part) as result:
            found = _components.scan([source], part, edge, MOST, result)
            if isinstance(found, int):
                task.printf(f"line {found} nregion {MOST + 1}")
                task.abend("too many regions")
        numbers, _, highest = _components.final_numbers(found, edge, task.integer("THRESH"))
        task.printf(f"{found.count} preliminary, {highest} final regions")
        _components.write(task, found, part, np.where(numbers == 0, 0, numbers + np.int32(start - 1)))
    task.output("LASTCMP", highest + start - 1)
