"""IMGSUM: counts and sums of the positive, negative and zero values of an image.

Source: ``vos/p2/prog/imgsum`` (Fortran). Sums are double precision in the order of the pixels, given back in single. Pixels of a
window that reaches beyond the image count as zero.

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs._reading import next_lines

FORTRAN = True
FORMATS = ("BYTE", "HALF", "WORD", "FULL", "REAL")
GROUPS = ("ROW", "NUMPIX", "NUMPOS", "SUMPOS", "NUMNEG", "SUMNEG", "NUMZERO")
PIXELS_AT_ONCE = 1 << 19


def main(task):
    task.message("IMGSUM version 2015-11-05")
    source = task.open("INP", u_format="REAL")
    if source.nb > 1:
        task.abend("??E - Multiband images not supported")
    if source.format not in FORMATS:
        task.abend("??E - Unknown data format for input image")
    window = task.size_field(source)
    nl, ns = window.nl or source.nl, window.ns or source.ns
    sums = Sums()
    step = max(1, PIXELS_AT_ONCE // max(source.ns, 1))
    for line in range(1, source.nl + 1, step):
        dn = next_lines(source, min(step, source.nl - line + 1))
        first, last = max(window.sl - line, 0), max(window.sl + nl - line, 0)
        sums.add(dn[first:last, window.ss - 1 : window.ss - 1 + ns])
    source.close()
    pixels = nl * ns
    zeros = pixels - sums.negative - sums.positive
    if task.count("OUT"):
        write_table(task, [1, pixels, sums.positive, sums.above, sums.negative, sums.below, zeros])
    task.output("SUM", np.float32(sums.total))
    task.output("SUMPOS", np.float32(sums.above))
    task.output("SUMNEG", np.float32(sums.below))
    task.output("NUMZERO", zeros)
    task.output("NUMPOS", sums.positive)
    task.output("NUMNEG", sums.negative)
    task.output("NUMPIX", pixels)


class Sums:
    """Counts, and sums in double precision that grow pixel by pixel."""

    def __init__(self):
        self.positive = self.negative = 0
        self.above = self.below = self.total = 0.0

    def add(self, dn: np.ndarray) -> None:
        values = dn.ravel().astype(np.float64)
        values = values[values != 0.0]
        low = values[values < 0.0]
        high = values[~(values < 0.0)]
        self.negative += len(low)
        self.positive += len(high)
        self.total = continued(self.total, values)
        self.below = continued(self.below, low)
        self.above = continued(self.above, high)


def continued(start: float, values: np.ndarray) -> float:
    return float(np.add.accumulate(np.concatenate(([start], values)))[-1])


def write_table(task, row: list) -> None:
    """One row of an IBIS table with a named group for each column."""
    with task.create_table("OUT", nr=1, nc=7, org="ROW", formats=["REAL"] * 7) as table:
        table.set_type("IMGSUM CATALOG")
        for column, (name, value) in enumerate(zip(GROUPS, row), 1):
            table.new_group(name, [column])
            table.write(column, np.array([value], np.float32))
