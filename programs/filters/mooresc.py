"""MOORESC: how many of several values lie near each pixel. Source: ``vos/p2/prog/mooresc`` (C, 2021-11-12).

A value counts for the pixels that have it and for all less than DMAX steps (along lines and samples) away from one that has.
The second output has a bit for each value.
known: nothing. accepted: bits of values after the 32nd are those of ``n - 32``, as the processor of the original has it.
"""

from __future__ import annotations

import numpy as np

from programs.filters import _city


def main(task):
    task.if_message("MOORESC version 2021-11-12")
    reach, count = task.integer("DMAX"), task.integer("NUMPIX")
    values = task.integers("PIXVAL")
    if len(values) != count:
        task.abend("you must explicitly state numpix and pixval")
    source = task.open("INP", u_format="HALF")
    if source.format not in ("BYTE", "HALF"):
        task.abend("Invalid input data format.  Use BYTE or HALF.")
    nl, ns = source.nl, source.ns
    result = task.create("OUT", 1, nl=nl, ns=ns, u_format="HALF")
    bits = None
    if task.count("OUT") == 2:
        kind = "BYTE" if count <= 8 else "HALF" if count <= 16 else "FULL"
        bits = task.create("OUT", 2, nl=nl, ns=ns, format=kind, u_format="FULL")
    dn = np.array([source.read(line) for line in range(1, nl + 1)], np.int16).reshape(nl, ns)
    number = np.zeros((nl, ns), np.int16)
    mask = np.zeros((nl, ns), np.int32)
    for index, value in enumerate(values):
        if value not in values[index + 1 :]:  # the last of equal ones counts
            near = _city.distance(dn == value, reach) < reach
            number += near
            mask += np.where(near, np.int32(np.uint32(1 << index % 32).view(np.int32)), 0)
    result.write_window(number)
    result.close()
    if bits:
        bits.write_window(mask)
        bits.close()
