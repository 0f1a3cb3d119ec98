"""INSERT3D: inserts a band into a cube, or replaces one. Source: ``vos/p2/prog/insert3d`` (C, 2-May-1994).

known: nothing. accepted: a band of another format is not converted, as in the original; bytes it lacks are zero.
Without OUT and UPDATE the original writes over its first input; here that is an error.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError


def main(task):
    task.if_message("INSERT3D version 2-May-1994")
    band = task.integer("BAND")
    over, update = task.keyword("OVER"), task.keyword("UPDATE")
    cube = task.open("INP", 1, op="UPDATE" if update else "READ", u_org="BSQ")
    plane = task.open("INP", 2, u_org="BSQ")
    if (cube.nl, cube.ns) != (plane.nl, plane.ns):
        task.abend("The second input must be the same size as the output.")
    if plane.nb != 1:
        task.abend("The second input must have depth equal to 1")
    if update:
        try:
            copy_bands(plane, cube, 1, 1, band)
        except VicarError as error:
            task.error(error)
            task.abend("")
    else:
        count = cube.nb if over else cube.nb + 1
        with task.create("OUT", 1, nb=count, org="BSQ") as result:
            before = min(band - 1 if over else band, cube.nb)
            copy_bands(cube, result, 1, before, 1)
            copy_bands(plane, result, 1, 1, before + 1)
            copy_bands(cube, result, band + 1, cube.nb, before + 2)
    cube.close()
    plane.close()


def copy_bands(source, result, first: int, last: int, to: int) -> None:
    """Copy bands ``first`` to ``last`` line by line, the first of them to band ``to``."""
    for band in range(first, last + 1):
        for line in range(1, source.nl + 1):
            values = source.read(line=line, band=band)
            if values.dtype != result.dtype:
                room = values.tobytes().ljust(values.size * result.dtype.itemsize, b"\0")
                values = np.frombuffer(room, result.dtype, values.size)
            result.write(values, line=line, band=band - first + to)
