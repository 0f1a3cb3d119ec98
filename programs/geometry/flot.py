"""FLOT: flip, rotate or transpose an image.

Source: ``vos/p2/prog/flot`` (Fortran). Bands are handled one after the other and records written in that order, so that an
output that is not BSQ has its lines out of place, as in the original.

known: BIP files (the original leaves most of each line unset).
"""

from __future__ import annotations

import numpy as np

from vicar.image.records import write_rows
from vicar.image.sweep import line_blocks, read_line

FORTRAN = True
TURNS = {
    "ROT180": lambda dn: dn[::-1, ::-1],
    "VERT": lambda dn: dn[::-1],
    "HORIZ": lambda dn: dn[:, ::-1],
    "CLOCK": lambda dn: dn[::-1].T,
    "COUNTER": lambda dn: dn.T[::-1],
    "TRANS": lambda dn: dn.T,
}
KEEP_SHAPE = ("ROT180", "VERT", "HORIZ")


def main(task):
    task.if_message("FLOT version May 21 2015")
    source = task.open("INP")
    window = task.size_field(source)
    mode = task.string("MODE") or "CLOCK"
    bands = range(1, source.nb + 1)
    if task.count("BAND") and not task.defaulted("BAND"):
        band = task.integer("BAND")
        bands = range(band, band + 1)
        if not 1 <= band <= source.nb:
            task.message("BAND OUT OF RANGE")
            task.abend()
        if source.org != "BSQ":
            task.message("ORG MUST BE BSQ")
            task.abend()
    nl, ns = (window.nl, window.ns) if mode in KEEP_SHAPE else (window.ns, window.nl)
    with source, task.create("OUT", nl=nl, ns=ns, nb=len(bands)) as result:
        for band in bands:
            if mode in KEEP_SHAPE and (source.short or window.sl + window.nl - 1 > source.nl):
                one_by_one(source, result, window, band, mode)
                continue
            blocks = [block for _, block in line_blocks(source, window.sl, window.ss, window.nl, window.ns, band)]
            lines = np.concatenate(blocks) if blocks else np.zeros((0, window.ns), source.dtype)
            write_rows(result, np.ascontiguousarray(TURNS[mode](lines)))
            task.progress(band, bands[-1])


def one_by_one(source, result, window, band: int, mode: str) -> None:
    """Line after line, in the order of the output, where there may be an error: the lines before it are written."""
    numbers = range(window.sl, window.sl + window.nl)
    for line in numbers if mode == "HORIZ" else reversed(numbers):
        dn = read_line(source, line, window.ss, window.ns, band)
        result.write(dn if mode == "VERT" else np.ascontiguousarray(dn[::-1]))
