"""MAPGRID: a scaled grid drawn into an image. Source: ``vos/p2/prog/mapgrid`` (Fortran, 10-Jan-13).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

from programs.graphics import _mapgrid

FORTRAN = True


def main(task):
    _mapgrid.run(task, "MAPGRID version 10-Jan-13")
