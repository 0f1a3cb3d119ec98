"""GRID of the p3 library: p2's with another date. Source: ``vos/p3/prog/grid`` (Fortran, 26-FEB-01).

known: nothing. accepted: nothing beyond what p2's has.
"""

from __future__ import annotations

from programs.graphics import grid

FORTRAN = True


def main(task):
    grid.run(task, "GRID version 26-FEB-01")
