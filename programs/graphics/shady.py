"""SHADY: shaded relief with contour lines. Source: ``vos/p2/prog/shady`` (Fortran, 16-JUL-1993).

Kept: the input is read from its first line, whatever SL says. The table of shades lies behind that of contours, so values of
256 to 767 find shades for regions and slopes of -256 to -511 regions for shades.
known: nothing. accepted: negative values and those above 767 are taken as the nearest; the original looks beside its tables.
"""

from __future__ import annotations

import numpy as np

from programs.graphics import _shading
from vicar.numerics.prnt import prnt

FORTRAN = True


def main(task):
    task.message("SHADY version  16-JUL-1993")
    with task.open("INP", u_format="HALF") as source:
        window = task.size_field()
        result = task.create("OUT", format="BYTE", u_format="HALF")
        regions = None if task.keyword("NOCONTOU") else _shading.contour_table(*task.integers("CONTOUR"))
        shades = None if task.keyword("NOSHADE") else _shading.shade_table(*task.integers("SCALE"))
        if regions is None and shades is None:
            task.abend(" ", "**BOTH SHADING AND CONTOURS SUPPRESSED", " ", "**TASK CANCELLED")
        if task.keyword("DBUG"):
            for name, table in (("CTBL=.", regions), ("STBL=.", shades)):
                task.message(" ")
                task.messages(*prnt("HALF", [0] * 256 if table is None else table[:256], name))
        with result:
            none = [np.zeros(size, np.int16) for size in (256, 512)]
            both = np.concatenate([none[0] if regions is None else regions, none[1] if shades is None else shades])
            shades, regions = (None if table is None else both for table in (shades, regions))
            _shading.draw(source, result, window, task.integer("SHADE"), shades, regions)
