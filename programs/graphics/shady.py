"""SHADY: shaded relief with contour lines. Source: ``vos/p2/prog/shady`` (Fortran, 16-JUL-1993).

Kept: the input is read from its first line, whatever SL says. The table of shades lies behind that of contours, so values of
256 to 767 find shades for regions and slopes of -256 to -511 regions for shades.
known: nothing. accepted: negative values and those above 767 are taken as the nearest; the original looks beside its tables.
"""

from __future__ import annotations

from programs.graphics import _shading
from vicar.numerics.prnt import prnt

FORTRAN = True


def main(task):
    def show_tables(tables) -> None:
        for name, table in zip(("CTBL=.", "STBL=."), tables, strict=True):
            task.message(" ")
            task.messages(*prnt("HALF", table, name))

    _shading.relief(task, (" ", "**BOTH SHADING AND CONTOURS SUPPRESSED", " ", "**TASK CANCELLED"), show_tables)
