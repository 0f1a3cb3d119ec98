"""MOORE: grows what is not zero, noting the distance. Source: ``vos/p2/prog/moore`` (C, 2015-12-09).

Zeros that are at most DMAX steps (along lines and samples) away from a pixel that is not zero become that distance. With EDGEVAL
distances begin at the value of the pixel; they then spread as the original's algorithm spreads them (``_city.grow``).
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.filters import _city


def main(task):
    task.if_message("moore version 2015-12-09")
    reach = task.integer("DMAX")
    source = task.open("INP", u_format="HALF")
    if source.format not in ("BYTE", "HALF"):
        task.abend("Invalid input data format.  Use BYTE or HALF.")
    with source, task.create("OUT", nl=source.nl, ns=source.ns, u_format="HALF") as result:
        values = np.stack([source.read(line) for line in range(1, source.nl + 1)])
        grown = _city.grow(values, reach) if task.keyword("EDGEVAL") else _city.distance(values != 0)
        inside = np.where(grown <= reach, 1 if task.keyword("GROWONE") else grown, 0)
        outside = np.where(task.keyword("OUTONE"), 1, values)
        result.write_window(np.where(values == 0, inside, outside).astype(np.int16))
