"""VQUIC of the P3 library: a table from a text file, without double precision. Source: ``vos/p3/prog/vquic`` (Fortran, 2-JAN-95).

known and accepted: as ``programs.ibis.vquic``.
"""

from __future__ import annotations

from programs.ibis.vquic import run

FORTRAN = True


def main(task):
    task.if_message("VQUIC version 2-JAN-95")
    run(task, False)
