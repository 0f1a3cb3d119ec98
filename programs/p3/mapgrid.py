"""MAPGRID of the p3 library: p2's with another date. Source: ``vos/p3/prog/mapgrid`` (Fortran, 18-Nov-93).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

from programs.graphics import _mapgrid

FORTRAN = True


def main(task):
    _mapgrid.run(task, "MAPGRID version 18-Nov-93")
