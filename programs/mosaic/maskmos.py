"""MASKMOS: distance of each pixel from the edge of the data, for weights. Source: ``vos/p2/prog/maskmos`` (Fortran).

The distance counts steps to any of eight neighbours; the original grows it layer by layer, here two sweeps find it.
For an input without an output of its own the original goes on: opening, every line and closing each tell that there is no
such unit.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

FORTRAN = True
LARGEST = 1502


def main(task):
    for number in range(1, task.count("INP") + 1):
        task.primary(number)
        with task.open("INP", number, u_format="HALF") as source:
            nl, ns = source.nl, source.ns
            if nl > LARGEST - 2:
                task.abend(f" Max # lines permitted= {LARGEST:5d}", " Can recompile with new nlmax value")
            if ns > LARGEST - 2:
                task.abend(f" Max # samples permitted= {LARGEST:5d}", " Can recompile with new nsmax value")
            if number > task.count("OUT"):
                source.read_window(band=None)
                task.no_unit(nl + 2)
                continue
            with task.create("OUT", number, nl=nl, ns=ns, format="HALF", u_format="HALF") as result:
                result.write_window(distance(source.read_window(band=None) != 0).astype(np.int16))


def distance(filled: np.ndarray) -> np.ndarray:
    """Steps to the nearest pixel that is not filled; outside the image none is. int32, 0 where not filled."""
    far = sum(filled.shape)
    table = np.zeros((filled.shape[0] + 2, filled.shape[1] + 2), np.int32)
    table[1:-1, 1:-1][filled] = far
    for rows in (table, table[::-1]):
        for line in range(1, len(rows) - 1):
            above, here = rows[line - 1], rows[line]
            near = np.minimum(np.minimum(above[:-2], above[1:-1]), above[2:]) + 1
            here[1:-1] = np.minimum(here[1:-1], near)
            along(here)
            along(here[::-1])
    return table[1:-1, 1:-1]


def along(line: np.ndarray) -> None:
    """In place: no value is more than one above that before it."""
    places = np.arange(len(line), dtype=np.int32)
    line[:] = np.minimum.accumulate(line - places) + places
