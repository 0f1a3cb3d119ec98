"""MOORE: grows what is not zero, noting the distance. Source: ``vos/p2/prog/moore`` (C, 2015-12-09).

Zeros that are at most DMAX steps (along lines and samples) away from a pixel that is not zero become that distance. With EDGEVAL
distances begin at the value of the pixel; they then spread as the original's algorithm spreads them (``_city.grow``).
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.filters import _city
from vicar.image.sweep import line_blocks

LINES_AT_ONCE = 256


def main(task):
    task.if_message("moore version 2015-12-09")
    reach = task.integer("DMAX")
    source = task.open("INP", u_format="HALF")
    if source.format not in ("BYTE", "HALF"):
        task.abend("Invalid input data format.  Use BYTE or HALF.")
    with source, task.create("OUT", nl=source.nl, ns=source.ns, u_format="HALF") as result:
        lines = [block for _, block in line_blocks(source, 1, 1, source.nl, source.ns, band=None)]
        values = np.concatenate([np.empty((0, source.ns), np.int16), *lines])
        grown = _city.grow(values, reach) if task.keyword("EDGEVAL") else _city.distance(values != 0, reach + 1)
        grow_one, out_one = task.keyword("GROWONE"), task.keyword("OUTONE")
        for start in range(0, source.nl, LINES_AT_ONCE):
            part, steps = (pixels[start : start + LINES_AT_ONCE] for pixels in (values, grown))
            inside = np.where(steps <= reach, np.int16(1) if grow_one else steps, np.int16(0))
            result.write_window(np.where(part == 0, inside, np.int16(1) if out_one else part).astype(np.int16), start + 1)
