"""FFTADD: sum of two complex images. Source: ``vos/p2/prog/fftadd`` (Fortran).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

FORTRAN = True
LONGEST = 20000


def main(task):
    first = task.open("INP", 1, u_format="COMP")
    if first.ns > LONGEST:
        task.abend("Picture records too long")
    second = task.open("INP", 2, u_format="COMP")
    if (first.nl, first.ns) != (second.nl, second.ns):
        task.abend("Pictures of unequal size")
    with first, second, task.create("OUT", u_format="COMP") as result:
        for _ in range(first.nl):
            result.write((first.read() + second.read())[: result.ns])
